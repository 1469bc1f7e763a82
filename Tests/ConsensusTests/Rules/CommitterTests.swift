// The decision rules on graphs drawn by hand: four seats; the leaders of round 1 are seats 2 and 3,
// of round 2 seats 0 and 1, and so on in turns.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CommitterTests {
    static func settings(_ knownRounds: UInt64? = nil) -> CommitSettings {
        CommitSettings(leadersPerRound: 2, knownRounds: knownRounds, depth: 64)
    }

    private func verdicts(
        _ graph: Graph, _ settings: CommitSettings = settings(), coins: OpenedCoins = OpenedCoins()
    ) throws -> [Verdict] {
        var committer = graph.committee.committer(settings)
        return try committer.verdicts(in: graph.store, coins: coins).map(\.verdict)
    }

    @Test func aFullGraphCommitsEachLeaderAfterThreeRounds() throws {
        var graph = Graph(4)
        var committer = graph.committee.committer(Self.settings())
        for round in 1...8 as ClosedRange<UInt64> {
            try graph.addFull(1)
            let commit = try committer.nextCommit(in: graph.store, coins: OpenedCoins())
            #expect(try committer.nextCommit(in: graph.store, coins: OpenedCoins()) == nil)
            guard round >= 3 else {
                #expect(commit == nil)
                continue
            }
            let leaders = try #require(commit).leaders
            let first = Int(round - 2) * 2 % 4
            #expect(leaders == [graph[round - 2, first], graph[round - 2, first + 1]])
            #expect(commit?.head.round == Round(round - 2))
            #expect(commit?.blocks.count == (round == 3 ? 2 : 4))
            #expect(commit?.decisions.count == 2)
        }
        #expect(committer.head.index == 6)
    }

    @Test func aSilentLeaderIsSkippedAfterTwoRounds() throws {
        var graph = Graph(4)
        try graph.addFull(1, [0, 1, 2])
        try graph.add([[0, 1, 2], [0, 1, 2], [0, 1, 2], nil])
        #expect(try verdicts(graph).prefix(2) == [.undecided, .skipped(.direct)])
        try graph.addFull(1, [0, 1, 2])
        #expect(
            try verdicts(graph).prefix(2)
                == [.committed(graph[1, 2], .direct), .skipped(.direct)])
    }

    /// Seat 3 blames seat 2 in round 2, so that only one block of round 3 certifies it: too few to
    /// commit and to skip.
    private func split(anchorSees certificate: Bool) throws -> Graph {
        var graph = Graph(4)
        try graph.addFull(1)
        try graph.add([[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 3]])
        try graph.add([[0, 1, 3], [0, 1, 3], [0, 1, 2], [0, 1, 3]])
        let seen = certificate ? [0, 1, 2] : [0, 1, 3]
        try graph.add([seen, seen, [0, 1, 2, 3], [0, 1, 2, 3]])
        return graph
    }

    @Test(arguments: [true, false]) func anAnchorDecidesASplitVote(seen: Bool) throws {
        var graph = try split(anchorSees: seen)
        #expect(try verdicts(graph).prefix(2) == [.undecided, .committed(graph[1, 3], .direct)])
        try graph.addFull(1)
        #expect(try verdicts(graph)[0] == .undecided)
        try graph.addFull(1)
        let expected: Verdict = seen
            ? .committed(graph[1, 2], .indirect) : .skipped(.indirect)
        #expect(try verdicts(graph)[0] == expected)
        var committer = graph.committee.committer(Self.settings())
        let commit = try committer.nextCommit(in: graph.store, coins: OpenedCoins())
        #expect(
            commit?.leaders == (seen ? [graph[1, 2], graph[1, 3]] : [graph[1, 3]]))
    }

    @Test func anUndecidedAnchorLeavesItsSlotsUndecided() throws {
        var graph = try split(anchorSees: true)
        // Round 5 splits the vote on the anchor of round 4 in the same way.
        try graph.add([[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3]])
        try graph.add([[0, 1, 2], [0, 1, 3], [1, 2, 3], [1, 2, 3]])
        #expect(try verdicts(graph)[0] == .undecided)
    }

    @Test func coinSlotsWaitForTheirCoin() throws {
        var graph = Graph(4)
        try graph.addFull(6)
        #expect(try verdicts(graph, Self.settings(0)) == [Verdict](repeating: .undecided, count: 6))
        var coins = OpenedCoins()
        coins.open(Round(2), Digest(), in: graph.committee.view)
        #expect(
            try verdicts(graph, Self.settings(0), coins: coins).prefix(3)
                == [.undecided, .committed(graph[2, 0], .direct), .undecided])
        coins.open(Round(1), Digest(), in: graph.committee.view)
        var committer = graph.committee.committer(Self.settings(0))
        let first = try committer.nextCommit(in: graph.store, coins: coins)
        let second = try committer.nextCommit(in: graph.store, coins: coins)
        #expect(first?.leaders == [graph[1, 0]])
        #expect(second?.leaders == [graph[2, 0]])
        #expect(second?.blocks.count == 4)
    }

    @Test func aCoinSlotIsDecidedAfterFiveRoundsAndNotBefore() throws {
        var graph = Graph(4)
        var coins = OpenedCoins()
        coins.open(Round(1), Digest(), in: graph.committee.view)
        try graph.addFull(4)
        #expect(try verdicts(graph, Self.settings(0), coins: coins)[0] == .undecided)
        try graph.addFull(1)
        #expect(
            try verdicts(graph, Self.settings(0), coins: coins)[0]
                == .committed(graph[1, 0], .direct))
    }

    @Test func verdictsAreAFunctionOfTheGraph() throws {
        let graph = try split(anchorSees: true)
        var committer = graph.committee.committer(Self.settings())
        let once = try committer.verdicts(in: graph.store, coins: OpenedCoins())
        #expect(try committer.verdicts(in: graph.store, coins: OpenedCoins()) == once)
    }

    @Test func aSeatThatComesBackGoesOnWithTheSameDigests() throws {
        var graph = Graph(4)
        try graph.addFull(9)
        var whole = graph.committee.committer(Self.settings())
        for _ in 0..<3 { _ = try whole.nextCommit(in: graph.store, coins: OpenedCoins()) }
        var again = Committer(
            committee: graph.committee.view, settings: Self.settings(), head: whole.head,
            sequenced: whole.sequencedReferences)
        for _ in 0..<4 {
            let left = try whole.nextCommit(in: graph.store, coins: OpenedCoins())
            let right = try again.nextCommit(in: graph.store, coins: OpenedCoins())
            #expect(left == right && left != nil)
        }
    }

    /// Three clocks of the round before are 1 ms; the time never falls.
    @Test func theTimeIsTheMedianOfTheLeadersParents() throws {
        var graph = Graph(4)
        try graph.addFull(4)
        var committer = graph.committee.committer(Self.settings())
        let first = try committer.nextCommit(in: graph.store, coins: OpenedCoins())
        let second = try committer.nextCommit(in: graph.store, coins: OpenedCoins())
        #expect(first?.head.time == Instant(nanoseconds: 0))
        #expect(second?.head.time == Instant(nanoseconds: 1_000_000))
        let late = CommitHead(
            index: 0, round: .genesis, digest: Digest(), time: Instant(nanoseconds: 99))
        var other = Committer(
            committee: graph.committee.view, settings: Self.settings(), head: late, sequenced: [])
        let commit = try other.nextCommit(in: graph.store, coins: OpenedCoins())
        #expect(commit?.head.time == Instant(nanoseconds: 99))
    }

    @Test func oneSeatAloneCommits() throws {
        var graph = Graph(1)
        try graph.addFull(3)
        var committer = graph.committee.committer(Self.settings())
        let commit = try committer.nextCommit(in: graph.store, coins: OpenedCoins())
        #expect(commit?.leaders == [graph[1, 0]])
    }

    /// Two faulty of four: both twins of seat 3 get a certificate. The committer stops.
    @Test func twoCertificatesInOneSlotStopTheCommitter() throws {
        let committee = TestCommittee(4)
        let genesis = committee.view.genesis
        let first = try (0..<4).map { try committee.block($0, 1, genesis) }
        let twin = try committee.block(3, 1, genesis, payload: [[1]])
        var store = committee.store()
        var certificates: [CheckedBlock] = []
        var below = [first, [twin]].joined().map { $0 }
        for (index, leader) in [first[3], twin].enumerated() {
            let parents = first.dropLast().map(\.reference) + [leader.reference]
            let votes = try (0..<3).map {
                try committee.block($0, 2, parents, payload: [[UInt8(index)]])
            }
            below += votes
            certificates.append(try committee.block(index, 3, votes.map(\.reference)))
        }
        for block in certificates + below { _ = store.insert(block) }
        for block in below where !store.contains(block.reference) { _ = store.insert(block) }
        var committer = committee.committer(Self.settings())
        #expect(throws: CommitFault.self) {
            try committer.verdicts(in: store, coins: OpenedCoins())
        }
    }
}
