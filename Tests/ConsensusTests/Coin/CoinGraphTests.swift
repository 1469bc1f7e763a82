// The coin inside the graph: shares travel in blocks, coins elect leaders, and commits go on
// although a seat opens wrong shares.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// One seat's view: its graph, its commits, its coins.
private struct View {
    var store: BlockStore
    var committer: Committer
    var coins = OpenedCoins()
    var opener: CoinOpener
    var commits: [Digest] = []
    var accused: [Seat] = []

    init(_ seat: Int, of seats: CoinCommittee, _ settings: CommitSettings) {
        store = seats.committee.store()
        committer = seats.committee.committer(settings)
        opener = CoinOpener(
            coin: seats.coin, secret: seats.secrets[seat], key: seats.committee.keys[seat],
            settings: settings, head: .genesis)
    }

    mutating func take(_ block: CheckedBlock, in view: CommitteeView) throws {
        _ = store.insert(block)
        var actions: [CoinOpener.Action] = []
        for item in block.block.payload {
            let share = try CoinShare(decoding: Array(item))
            opener.step(.share(share, from: block.author, in: block.round), into: &actions)
        }
        obey(actions, in: view)
    }

    mutating func obey(_ actions: [CoinOpener.Action], in view: CommitteeView) {
        for action in actions {
            switch action {
            case .open(let round, let value): coins.open(round, value, in: view)
            case .accuse(let evidence): accused.append(evidence.seat)
            case .refuse(let seat, let fault):
                Issue.record("\(fault) of \(String(describing: seat))")
            }
        }
    }

    mutating func commit() throws {
        while let commit = try committer.nextCommit(in: store, coins: coins) {
            commits.append(commit.head.digest)
            var actions: [CoinOpener.Action] = []
            opener.step(.committed(committer.head.round), into: &actions)
        }
    }
}

@Suite struct CoinGraphTests {
    /// D, and what a seat may lag: with D = 0 all leaders are elected.
    @Test(arguments: [UInt64(0), 2], Array(1...6)) func commitsGoOn(
        knownRounds: UInt64, seed: Int
    ) throws {
        var chance = SeededGenerator(seed: UInt64(seed))
        let seats = try CoinCommittee(4, seed: UInt64(seed))
        let settings = CommitSettings(leadersPerRound: 1, knownRounds: knownRounds, depth: 64)
        var views = (0..<4).map { View($0, of: seats, settings) }
        var last = seats.committee.view.genesis
        for round in 1...UInt64(40) {
            var made: [CheckedBlock] = []
            for seat in 0..<4 {
                var actions: [CoinOpener.Action] = []
                var shares = views[seat].opener.shares(inBlockOf: Round(round), into: &actions)
                views[seat].obey(actions, in: seats.committee.view)
                if seat == 3 { shares = shares.map { seats.wrongShare(3, $0.round.number) } }
                // Any quorum of the round before that holds the own block.
                let others = (0..<4).filter { $0 != seat }.shuffled(using: &chance)
                let parents = ([seat] + others.prefix(2)).map { last[$0] }
                made.append(try seats.committee.block(
                    seat, round, parents, payload: BlockPayload(shares.map(\.encoded))))
            }
            last = made.map(\.reference)
            for seat in 0..<4 {
                for block in made.shuffled(using: &chance) {
                    try views[seat].take(block, in: seats.committee.view)
                }
                try views[seat].commit()
            }
        }
        for view in views {
            #expect(view.commits == views[0].commits, "D \(knownRounds), seed \(seed)")
            #expect(view.committer.head.round > Round(24), "D \(knownRounds), seed \(seed)")
            #expect(view.accused.allSatisfy { $0 == Seat(3) }, "D \(knownRounds), seed \(seed)")
            #expect(view.accused.count <= 1, "D \(knownRounds), seed \(seed)")
        }
        if knownRounds == 0 {
            let accused = views.contains { $0.accused == [Seat(3)] }
            #expect(accused, "seed \(seed)")
        }
    }
}
