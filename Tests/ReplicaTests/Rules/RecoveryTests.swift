// Seats that stop, come back, lag, or join: what they know again and what they may sign.
import Consensus
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct RecoveryTests {
    /// Four seats with some history.
    private func world(
        _ seats: Int = 4, observers: Int = 0
    ) throws -> (cluster: Cluster, client: Client) {
        var cluster = Cluster(seats, observers: observers)
        try cluster.run(milliseconds: 50)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 100)
        for _ in 0..<5 { cluster.submit(client.batch(at: cluster.now), to: seats - 1) }
        try cluster.run(milliseconds: 400)
        return (cluster, client)
    }

    @Test(arguments: [1, 4]) func aJournalGivesTheSameAgain(seats: Int) throws {
        var (cluster, client) = try world(seats)
        _ = client
        let before = cluster.nodes[0]
        #expect(before.certified.count > 0)
        try cluster.restart(0)
        let after = cluster.nodes[0]
        #expect(after.executed.map(\.body.digest) == before.executed.map(\.body.digest))
        #expect(after.certified.map(\.checkpoint) == before.certified.map(\.checkpoint))
        #expect(after.replica.tree.root == before.replica.tree.root)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 400)
        #expect(cluster.nodes[0].final.count == 1)
        #expect(cluster.nodes.allSatisfy { $0.executed.count == 9 && $0.halted == nil })
    }

    @Test func threeSeatsGoOnAndTheFourthFollows() throws {
        var (cluster, client) = try world()
        cluster.stop(3)
        for _ in 0..<5 {
            cluster.submit(client.batch(at: cluster.now), to: 0)
            try cluster.run(milliseconds: 100)
        }
        #expect(cluster.nodes[0].final.count == 3 + 5)
        try cluster.restart(3)
        try cluster.run(milliseconds: 3_000)
        #expect(
            cluster.nodes[3].executed.map(\.body.digest)
                == cluster.nodes[0].executed.map(\.body.digest))
        cluster.stop(2)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 1_000)
        #expect(cluster.nodes[0].final.count == 3 + 6)
        #expect(cluster.nodes[3].executed.count == 14)
    }

    @Test func aDiskThatCameBackOlderSignsNothing() throws {
        var (cluster, client) = try world()
        cluster.stop(3)
        let count = cluster.nodes[3].journal.count
        try cluster.restart(3, journal: count / 3)
        try cluster.run(milliseconds: 500)
        #expect(cluster.nodes[3].halted == .amnesia)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 500)
        #expect(cluster.nodes[0].final.count == 4)
        #expect(cluster.nodes[0].replica.order.store.evidence.isEmpty)
        #expect(cluster.nodes[3].executed.count == cluster.nodes[0].executed.count)
    }

    @Test func aKeyThatWasGivenUpStaysSoAfterTheNextStart() throws {
        var (cluster, client) = try world()
        cluster.stop(3)
        try cluster.restart(3, journal: cluster.nodes[3].journal.count / 3)
        try cluster.run(milliseconds: 500)
        // By now the own blocks that were forgotten are in the journal as those of others.
        cluster.stop(3)
        try cluster.restart(3)
        #expect(cluster.nodes[3].halted == .amnesia)
        #expect(cluster.nodes[3].replica.seat == nil)
        let round = cluster.nodes[0].replica.order.store.newestBlock(of: Seat(3))?.round
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 500)
        #expect(cluster.nodes[0].final.count == 4)
        #expect(cluster.nodes[0].replica.order.store.newestBlock(of: Seat(3))?.round == round)
        #expect(cluster.nodes[3].executed.count == cluster.nodes[0].executed.count)
    }

    @Test func anotherKeyTakesTheJournalOver() throws {
        var (cluster, _) = try world()
        cluster.stop(3)
        try cluster.restart(3, journal: cluster.nodes[3].journal.count / 3)
        try cluster.run(milliseconds: 500)
        var replica = Replica(
            genesis: cluster.genesis, key: Cluster.key(7), settings: cluster.settings)
        var actions: [Replica.Action] = []
        for entry in cluster.nodes[3].journal { try replica.replay(entry, into: &actions) }
        #expect(replica.halted == nil)
    }

    /// Until others have told where they stand, a disk may have come back older than it was.
    @Test func aSeatThatCameBackSignsNothingBeforeItHasHeard() throws {
        var (cluster, client) = try world()
        cluster.stop(3)
        let last = cluster.nodes[0].replica.order.store.newestBlock(of: Seat(3))
        let sent = SentKinds(after: last?.round ?? .genesis)
        cluster.isLost = { from, to, message in
            if from == 3 { sent.note(message) }
            if case .status = message { return to == 3 }
            return false
        }
        try cluster.restart(3)
        for _ in 0..<5 {
            cluster.submit(client.batch(at: cluster.now), to: 0)
            try cluster.run(milliseconds: 200)
        }
        #expect(cluster.nodes[0].final.count == 3 + 5)
        #expect(sent.signed == 0)
        cluster.isLost = { from, _, message in
            if from == 3 { sent.note(message) }
            return false
        }
        try cluster.run(milliseconds: 2_000)
        cluster.stop(2)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 1_000)
        #expect(sent.signed > 0)
        #expect(cluster.nodes[0].final.count == 3 + 6)
    }

    /// Messages that hold a signature of their sender as a seat.
    private final class SentKinds {
        var signed = 0
        /// Of the last block from before: that one is sent again.
        let last: Round

        init(after last: Round) { self.last = last }

        func note(_ message: PeerMessage) {
            switch message {
            case .block(let block):
                if block.header.author == Seat(3), block.header.round > last { signed += 1 }
            case .vote, .confirm, .checkpointVote, .proposal: signed += 1
            default: break
            }
        }
    }

    @Test func anObserverFollows() throws {
        let (cluster, _) = try world(4, observers: 1)
        #expect(cluster.nodes[4].replica.seat == nil)
        #expect(
            cluster.nodes[4].executed.map(\.body.digest)
                == cluster.nodes[0].executed.map(\.body.digest))
        #expect(cluster.nodes[4].certified.count == cluster.nodes[0].certified.count)
    }
}
