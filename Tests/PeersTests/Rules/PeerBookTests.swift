// Whom a peer book dials, admits and keeps, step by step.
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct PeerBookTests {
    /// Keys in order: key(1) < key(2) < ...
    static func key(_ number: UInt8) -> PublicKey { PublicKey(repeating: number) }

    static func entry(_ number: UInt8) -> PeerEntry {
        PeerEntry(key: key(number), host: "10.0.0.\(number)", port: 7_000)
    }

    /// The book of key(own) in a committee, and a clock.
    struct Play {
        var book: PeerBook
        var now: UInt64 = 0

        init(own: UInt8, committee: [UInt8], limits: PeerBookLimits = PeerBookLimits()) {
            book = PeerBook(own: key(own), limits: limits, seed: 1)
            _ = step(.committee(committee.map(entry)))
        }

        mutating func step(_ input: PeerInput) -> [PeerAction] {
            var actions: [PeerAction] = []
            book.step(input, at: now, into: &actions)
            return actions
        }
    }

    @Test func theLowerKeyDials() {
        var play = Play(own: 2, committee: [1, 2, 3, 4])
        #expect(play.step(.tick) == [.dial(Self.entry(3)), .dial(Self.entry(4))])
        #expect(play.step(.tick) == [])
    }

    @Test func whoIsInNoCommitteeDialsAll() {
        var play = Play(own: 9, committee: [1, 2])
        #expect(play.step(.tick) == [.dial(Self.entry(1)), .dial(Self.entry(2))])
    }

    @Test func aLinkFromDialToEnd() {
        var play = Play(own: 1, committee: [1, 2])
        #expect(play.step(.tick) == [.dial(Self.entry(2))])
        #expect(play.step(.dialed(LinkID(1), Self.key(2))) == [])
        #expect(play.step(.tick) == [])
        #expect(
            play.step(.authenticated(LinkID(1), Self.key(2)))
                == [.connected(Self.key(2), .validator, LinkID(1))])
        #expect(play.book.link(of: Self.key(2)) == LinkID(1))
        #expect(play.step(.closed(LinkID(1))) == [.disconnected(Self.key(2))])
        #expect(play.step(.closed(LinkID(1))) == [])
        #expect(play.book.link(of: Self.key(2)) == nil)
        play.now = 50_000_000
        #expect(play.step(.tick) == [.dial(Self.entry(2))])
    }

    /// Attempts, and the shortest and longest delay before each in milliseconds.
    @Test func delaysDoubleToTheirBound() {
        var play = Play(own: 1, committee: [1, 2])
        let longest: [UInt64] = [50, 100, 200, 400, 800, 1_000, 1_000, 1_000]
        for (attempt, most) in longest.enumerated() {
            #expect(play.step(.tick) == [.dial(Self.entry(2))], "attempt \(attempt)")
            _ = play.step(.dialFailed(Self.key(2)))
            let failed = play.now
            play.now = failed + most * 500_000 - 1
            #expect(play.step(.tick) == [], "attempt \(attempt)")
            play.now = failed + most * 1_000_000
        }
    }

    /// With seed 1, in microseconds: a change here changes when validators meet again.
    @Test func theSchedule() {
        var chance = SeededGenerator(seed: 1)
        let delays = (1...8).map {
            Backoff.delay(failures: $0, PeerBookLimits(), using: &chance) / 1_000
        }
        #expect(delays == Self.schedule)
    }

    private static let schedule: [UInt64] = [
        39_164, 87_289, 197_100, 288_871, 577_705, 881_447, 938_674, 761_533,
    ]

    @Test func delaysThatOverflow() {
        var limits = PeerBookLimits()
        limits.firstDelayNanoseconds = .max
        limits.mostDelayNanoseconds = .max
        var chance = SeededGenerator(seed: 1)
        for failures in [0, 1, 2, 63, 64, Int.max] {
            #expect(Backoff.delay(failures: failures, limits, using: &chance) >= .max / 2)
        }
    }

    /// A link that lived clears the count of failures; one that died at once does not.
    @Test func onlyAStableLinkClearsTheFailures() {
        for (lived, isSoon) in [(5_000 as UInt64, true), (4_999, false)] {
            var play = Play(own: 1, committee: [1, 2])
            for _ in 0..<6 {
                _ = play.step(.tick)
                _ = play.step(.dialFailed(Self.key(2)))
                play.now += Nanoseconds.perSecond
            }
            _ = play.step(.tick)
            _ = play.step(.dialed(LinkID(1), Self.key(2)))
            _ = play.step(.authenticated(LinkID(1), Self.key(2)))
            play.now += lived * Nanoseconds.perMillisecond
            _ = play.step(.closed(LinkID(1)))
            play.now += 50 * Nanoseconds.perMillisecond
            #expect(play.step(.tick).isEmpty != isSoon)
        }
    }

    /// Who dialled the old link and the new one, and what is closed; we are key(2), the peer
    /// key(3).
    @Test func oneLinkToAPeer() {
        let rows: [(old: UInt8, new: UInt8, actions: [PeerAction])] = [
            (3, 3, [.close(LinkID(1), .replaced), .disconnected(Self.key(3)),
                .connected(Self.key(3), .validator, LinkID(2))]),
            (2, 3, [.close(LinkID(2), .duplicate)]),
            (3, 2, [.close(LinkID(1), .replaced), .disconnected(Self.key(3)),
                .connected(Self.key(3), .validator, LinkID(2))]),
        ]
        for row in rows {
            var play = Play(own: 2, committee: [2, 3])
            for (id, dialer) in [(LinkID(1), row.old), (LinkID(2), row.new)] {
                _ = play.step(
                    dialer == 2
                        ? .dialed(id, Self.key(3)) : .accepted(id, address: "10.0.0.3"))
            }
            _ = play.step(.authenticated(LinkID(1), Self.key(3)))
            #expect(play.step(.authenticated(LinkID(2), Self.key(3))) == row.actions)
        }
    }

    @Test func ourOwnKey() {
        var play = Play(own: 1, committee: [1, 2])
        _ = play.step(.accepted(LinkID(1), address: "a"))
        #expect(
            play.step(.authenticated(LinkID(1), Self.key(1))) == [.close(LinkID(1), .ownKey)])
    }

    @Test func observersUpToTheirNumber() {
        var limits = PeerBookLimits()
        limits.observers = 2
        var play = Play(own: 1, committee: [1, 2], limits: limits)
        for number in 1...3 as ClosedRange<UInt8> {
            _ = play.step(.accepted(LinkID(UInt64(number)), address: "\(number)"))
            let actions = play.step(
                .authenticated(LinkID(UInt64(number)), Self.key(100 + number)))
            #expect(
                actions == (number < 3
                    ? [.connected(Self.key(100 + number), .observer, LinkID(UInt64(number)))]
                    : [.close(LinkID(3), .observersFull)]))
        }
        // A validator is admitted all the same.
        _ = play.step(.accepted(LinkID(4), address: "4"))
        #expect(
            play.step(.authenticated(LinkID(4), Self.key(2)))
                == [.connected(Self.key(2), .validator, LinkID(4))])
        #expect(play.book.links(.observer).map(\.link.number) == [1, 2])
        #expect(play.step(.closed(LinkID(1))) == [.disconnected(Self.key(101))])
        #expect(play.book.links(.observer).map(\.link.number) == [2])
    }

    @Test func crowds() {
        var limits = PeerBookLimits()
        limits.perAddress = 2
        limits.strangers = 3
        var play = Play(own: 1, committee: [1, 2], limits: limits)
        #expect(play.step(.accepted(LinkID(1), address: "a")) == [])
        #expect(play.step(.accepted(LinkID(2), address: "a")) == [])
        #expect(play.step(.accepted(LinkID(3), address: "a")) == [.close(LinkID(3), .crowded)])
        #expect(play.step(.accepted(LinkID(4), address: "b")) == [])
        #expect(play.step(.accepted(LinkID(5), address: "c")) == [.close(LinkID(5), .crowded)])
        _ = play.step(.authenticated(LinkID(1), Self.key(2)))
        #expect(play.step(.accepted(LinkID(6), address: "a")) == [], "validators do not count")
        _ = play.step(.authenticated(LinkID(2), Self.key(50)))
        #expect(play.step(.accepted(LinkID(7), address: "a")) == [.close(LinkID(7), .crowded)])
    }

    /// Failed handshakes count for a second; a crowd does not keep the homes of validators out.
    @Test func failedHandshakesCountOn() {
        var limits = PeerBookLimits()
        limits.strangers = 1
        limits.perAddress = 1
        var play = Play(own: 1, committee: [1, 2], limits: limits)
        #expect(play.step(.accepted(LinkID(1), address: "a")) == [])
        #expect(play.step(.closed(LinkID(1))) == [])
        #expect(play.step(.authenticated(LinkID(1), Self.key(7))) == [])
        play.now = Nanoseconds.perSecond - 1
        #expect(play.step(.accepted(LinkID(2), address: "a")) == [.close(LinkID(2), .crowded)])
        #expect(play.step(.accepted(LinkID(3), address: "b")) == [.close(LinkID(3), .crowded)])
        #expect(play.step(.accepted(LinkID(4), address: "10.0.0.2")) == [])
        #expect(
            play.step(.accepted(LinkID(5), address: "10.0.0.2"))
                == [.close(LinkID(5), .crowded)])
        #expect(play.step(.closed(LinkID(1))) == [])
        play.now = Nanoseconds.perSecond
        #expect(play.step(.accepted(LinkID(6), address: "a")) == [])
    }

    @Test func theCommitteeChanges() {
        var limits = PeerBookLimits()
        limits.observers = 1
        var play = Play(own: 1, committee: [1, 2, 3], limits: limits)
        for number in [2, 3, 50] as [UInt8] {
            _ = play.step(.accepted(LinkID(UInt64(number)), address: "a"))
            _ = play.step(.authenticated(LinkID(UInt64(number)), Self.key(number)))
        }
        // 50 comes in, 2 and 3 go out: one of them may stay and watch.
        #expect(
            play.step(.committee([1, 4, 50].map(Self.entry)))
                == [
                    .changed(Self.key(2), .observer), .changed(Self.key(3), .observer),
                    .changed(Self.key(50), .validator),
                    .close(LinkID(3), .observersFull), .disconnected(Self.key(3)),
                ])
        #expect(play.book.links(.validator).map(\.link.number) == [50])
        #expect(play.book.links(.observer).map(\.link.number) == [2])
        #expect(play.step(.tick) == [.dial(Self.entry(4))])
        #expect(play.step(.closed(LinkID(3))) == [])
        #expect(play.step(.dialFailed(Self.key(9))) == [])
    }
}
