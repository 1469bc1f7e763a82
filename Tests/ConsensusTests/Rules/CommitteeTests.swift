// Quorums, elections, waves and schedules: arithmetic that everything else rests on.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CommitteeTests {
    static func view(_ count: Int) -> CommitteeView? {
        CommitteeView(
            chain: Digest(repeating: 1), epoch: 1,
            keys: (0..<count).map { PublicKey(repeating: UInt8($0)) })
    }

    @Test(arguments: [
        (1, 0, 1), (2, 0, 2), (3, 0, 3), (4, 1, 3), (5, 1, 4), (6, 1, 5), (7, 2, 5), (10, 3, 7),
        (100, 33, 67), (128, 42, 86),
    ])
    func quorums(count: Int, faults: Int, quorum: Int) throws {
        let view = try #require(Self.view(count))
        #expect(view.faults == faults)
        #expect(view.quorum == quorum)
        #expect(view.someHonest == faults + 1)
    }

    @Test func anyTwoQuorumsShareAnHonestSeatAndTheHonestMakeOne() throws {
        for count in 1...128 {
            let view = try #require(Self.view(count))
            #expect(2 * view.quorum - count > view.faults)
            #expect(count - view.faults >= view.quorum)
        }
    }

    @Test func committeesAreOfOneTo128DifferentKeys() {
        #expect(Self.view(0) == nil)
        #expect(Self.view(129) == nil)
        let twice = [PublicKey](repeating: PublicKey(repeating: 1), count: 2)
        #expect(CommitteeView(chain: Digest(), epoch: 1, keys: twice) == nil)
    }

    @Test func genesisBlocksDifferByChainEpochAndSeat() throws {
        let keys = try #require(Self.view(2)).keys
        let views = [(1, 1), (2, 1), (1, 2)].compactMap { chain, epoch in
            CommitteeView(
                chain: Digest(repeating: UInt8(chain)), epoch: UInt64(epoch), keys: keys)
        }
        #expect(Set(views.flatMap(\.genesis).map(\.digest)).count == 6)
    }

    @Test func electionsAreEven() throws {
        let view = try #require(Self.view(7))
        var generator = SeededGenerator(seed: 1)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<7_000 {
            counts[Int(view.elected(by: .random(using: &generator)).index)] += 1
        }
        #expect(counts.allSatisfy { (850...1_150).contains($0) }, "\(counts)")
    }

    @Test func wordsThatWouldBiasAnElectionAreRejected() throws {
        let view = try #require(Self.view(7))
        var bytes = [UInt8](repeating: 0xFF, count: 32)
        bytes[8...15] = [3, 0, 0, 0, 0, 0, 0, 0]
        let coin = try #require(Digest(bytes))
        #expect(view.elected(by: coin) == Seat(3))
        #expect(view.contains(view.elected(by: Digest(repeating: 0xFF))))
    }

    @Test func seatSetsCountEachSeatOnce() {
        var set = SeatSet()
        for seat in [0, 63, 64, 127, 64] as [UInt8] { set.insert(Seat(seat)) }
        #expect(set.count == 4)
        #expect(set.contains(Seat(127)) && !set.contains(Seat(1)) && !set.contains(Seat(126)))
    }

    @Test func wavesVoteAndDecide() {
        let round = Round(10)
        #expect(Wave.known.votingRound(of: round) == Round(11))
        #expect(Wave.known.decisionRound(of: round) == Round(12))
        #expect(Wave.known.firstAnchorRound(of: round) == Round(13))
        #expect(Wave.coin.votingRound(of: round) == Round(13))
        #expect(Wave.coin.decisionRound(of: round) == Round(14))
        #expect(Wave.coin.firstAnchorRound(of: round) == Round(15))
        #expect(round - 11 == .genesis)
    }

    @Test(arguments: [
        (1, 2, 5, [0]), (4, 2, 1, [2, 3]), (4, 2, 2, [0, 1]), (4, 1, 5, [1]), (4, 3, 1, [3, 0, 1]),
        (3, 9, 2, [0, 1, 2]),
    ])
    func leadersTakeTurns(seats: Int, leaders: Int, round: UInt64, expected: [UInt8]) throws {
        let view = try #require(Self.view(seats))
        let settings = CommitSettings(leadersPerRound: leaders, knownRounds: nil, depth: 64)
        let rules = CommitRules(settings, for: view)
        #expect(rules.leaders(of: Round(round)).map(\.index) == expected)
    }

    @Test func slotsFollowTheHeadAndNotTheTip() throws {
        let view = try #require(Self.view(4))
        let settings = CommitSettings(leadersPerRound: 2, knownRounds: 2, depth: 64)
        let rules = CommitRules(settings, for: view)
        var coins = OpenedCoins()
        coins.open(Round(14), Digest(), in: view)
        coins.open(Round(14), Digest(repeating: 1), in: view)
        for tip in [14, 30] as [UInt64] {
            let slots = rules.slots(after: Round(10), through: Round(tip), coins: coins)
            #expect(slots.prefix(6).map(\.round.number) == [11, 11, 12, 12, 13, 14])
            #expect(slots.prefix(6).map(\.kind) == [.known, .known, .known, .known, .coin, .coin])
            #expect(slots.prefix(6).map { $0.author?.index } == [2, 3, 0, 1, nil, 0])
        }
    }
}
