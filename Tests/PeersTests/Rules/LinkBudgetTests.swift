// Time and budgets: who is slow, silent or greedy, and what happens then.
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct LinkBudgetTests {
    private static let second = Nanoseconds.perSecond

    @Test func anEndlessHandshake() throws {
        var listener = try WireEnd(.listener, 2)
        let preamble = LinkPreamble.encode(chain: TestPeer.chain)
        for (index, byte) in preamble.dropLast().enumerated() {
            listener.receive([byte], at: UInt64(index) * Self.second / 10)
            listener.tick(UInt64(index) * Self.second / 10)
        }
        #expect(listener.link.fault == nil)
        listener.tick(5 * Self.second)
        #expect(listener.events == [.closed(.slowHandshake)])
    }

    @Test func aSilentPeer() throws {
        var wire = try Wire.established()
        wire.listener.tick(5 * Self.second - 1)
        #expect(wire.listener.link.fault == nil)
        wire.listener.tick(5 * Self.second)
        #expect(wire.listener.link.fault == .silent)
    }

    @Test func pingsKeepALinkAliveAndMeasureIt() throws {
        var wire = try Wire.established()
        for tenth in 1...200 as ClosedRange<UInt64> {
            let now = tenth * Self.second / 10
            wire.dialer.tick(now)
            wire.listener.tick(now)
            wire.listener.receive(wire.dialer.takeOutput(at: now), at: now + 300)
            wire.dialer.receive(wire.listener.takeOutput(at: now + 300), at: now + 700)
        }
        #expect(wire.dialer.link.fault == nil && wire.listener.link.fault == nil)
        #expect(wire.dialer.link.roundTripNanoseconds == 700)
    }

    @Test func aFloodOfPingsHasOneAnswer() throws {
        var wire = try Wire.established()
        var cipher = try #require(wire.dialer.link.sending)
        for number in 0..<100 as Range<UInt64> {
            let sealed = try cipher.sealed(Record.ping(number).head, context: [])
            wire.listener.receive([UInt8(sealed.count), 0] + sealed)
        }
        #expect(wire.listener.takeOutput().count == 2 + 9 + 16)
    }

    @Test func aPeerThatTakesNothing() throws {
        var wire = try Wire.established()
        wire.dialer.link.send(Parcel([1]), .bulk, at: 2 * Self.second)
        for now in [6, 9, 11].map({ $0 * Self.second }) {
            var cipher = try #require(wire.listener.link.sending)
            let sealed = try cipher.sealed(Record.ping(now).head, context: [])
            wire.listener.link.sending = cipher
            wire.dialer.receive([UInt8(sealed.count), 0] + sealed, at: now)
            wire.dialer.tick(now)
        }
        #expect(wire.dialer.link.fault == nil)
        wire.dialer.tick(12 * Self.second)
        #expect(wire.dialer.link.fault == .stalled)
    }

    /// Within the burst nothing waits; past it, reading rests as long as the average asks.
    @Test func aGreedyPeerIsReadMoreSlowly() throws {
        var limits = LinkLimits()
        limits.receiveBytesPerSecond = 1_000_000
        limits.receiveBurstBytes = 500_000
        var wire = try Wire.established(limits: limits)
        let now = 10 * Self.second
        var received = 0
        while wire.listener.link.mayRead(at: now), received < 2_000_000 {
            wire.dialer.link.send(Parcel([UInt8](repeating: 1, count: 10_000)), .bulk, at: now)
            let bytes = wire.dialer.takeOutput(at: now)
            wire.listener.receive(bytes, at: now)
            received += bytes.count + Link.recordCharge
        }
        #expect((500_000...511_000).contains(received))
        #expect(!wire.listener.link.mayRead(at: now + 1))
        #expect(wire.listener.link.mayRead(at: now + Self.second / 50))
        // Who is not read is not silent.
        wire.listener.tick(now + 1)
        #expect(wire.listener.link.fault == nil)
    }

    @Test func whatGrowsIsChargedAsItGrows() throws {
        var limits = LinkLimits()
        limits.receiveBytesPerSecond = 1_000_000
        limits.receiveBurstBytes = 0
        var wire = try Wire.established(limits: limits)
        let start = 10 * Self.second
        let parcel = wire.dialer.link.codec.pack([UInt8](repeating: 0, count: 3_000_000))
        wire.dialer.link.send(parcel, .bulk, at: start)
        wire.listener.receive(wire.dialer.takeOutput(at: start), at: start)
        #expect(!wire.listener.link.mayRead(at: start + 2_999_000_000))
        #expect(wire.listener.link.mayRead(at: start + 3_100_000_000))
    }

    @Test func heldMessagesHoldThePeerBack() throws {
        var limits = LinkLimits()
        limits.heldMessages = 2
        var wire = try Wire.established(limits: limits)
        let now = Self.second
        wire.listener.link.hold()
        #expect(wire.listener.link.mayRead(at: now))
        wire.listener.link.hold()
        #expect(!wire.listener.link.mayRead(at: now))
        wire.listener.link.release()
        #expect(wire.listener.link.mayRead(at: now))
        for _ in 0..<5 { wire.listener.link.release() }
        #expect(wire.listener.link.held == 0)
    }

    @Test func timeAtItsEndTrapsNowhere() throws {
        var wire = try Wire.established()
        wire.dialer.link.send(Parcel([1]), .bulk, at: .max)
        wire.run(at: .max)
        #expect(wire.listener.messages == [[1]])
        wire.dialer.tick(.max)
        wire.dialer.tick(0)
        #expect(wire.dialer.link.fault == .silent)
    }
}
