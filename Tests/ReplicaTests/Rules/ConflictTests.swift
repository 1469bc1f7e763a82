// Two signed updates for one place: one goes on, or a new attempt decides; nobody is stuck.
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct ConflictTests {
    @Test func splitVotesAreSettledInTheOrder() throws {
        var (cluster, client) = try Self.open()
        let one = client.makeBatch(at: cluster.now, records: 1)
        let other = client.makeBatch(at: cluster.now, records: 2)
        // Each pair hears of its own first.
        cluster.isLost = { from, to, message in
            guard case .proposal = message else { return false }
            return from / 2 != to / 2
        }
        cluster.submit(one, to: 0)
        cluster.submit(other, to: 2)
        try cluster.run(milliseconds: 50)
        cluster.isLost = { _, _, _ in false }
        try cluster.run(milliseconds: 4_000)
        let executed = cluster.nodes[0].executed.dropFirst(3).map(\.body.digest)
        #expect(executed.count == 1)
        let winner = executed.first
        #expect(winner == one.digest || winner == other.digest)
        let gateway = winner == one.digest ? 0 : 2
        #expect(cluster.nodes[gateway].final.last == winner)
        #expect(cluster.nodes[2 - gateway].refused.count == 1)
        for node in cluster.nodes {
            #expect(node.executed.count == 4)
            #expect(node.halted == nil)
        }
    }

    /// A seat that has its own lock on an update must not give it up because others miss the one
    /// before it: nothing else could ever take its place.
    @Test func aGapIsWaitedOut() throws {
        var (cluster, client) = try Self.open()
        let first = client.batch(at: cluster.now, records: 1)
        // Only one other hears of the first for now.
        cluster.isLost = { from, to, message in
            guard case .proposal = message else { return false }
            return from == 0 && to > 1
        }
        cluster.submit(first, to: 0)
        try cluster.run(milliseconds: 20)
        cluster.isLost = { _, _, _ in false }
        let second = client.batch(at: cluster.now, records: 2)
        cluster.submit(second, to: 0)
        try cluster.run(milliseconds: 2_000)
        #expect(cluster.nodes[0].refused.isEmpty)
        for node in cluster.nodes {
            #expect(node.executed.suffix(2).map(\.body.digest) == [first.digest, second.digest])
        }
    }

    /// A proposal of which a part is carried out cannot be sent again: the bodies of that part are
    /// gone. The rest has to be offered anew.
    @Test func theRestOfAProposalIsOfferedAnew() throws {
        var (cluster, client) = try Self.open()
        let first = client.batch(at: cluster.now, records: 1)
        // The first is carried out by the others, while its gateway hears of no blocks.
        cluster.isLost = { _, to, message in
            guard case .block = message else { return false }
            return to == 0
        }
        cluster.submit(first, to: 0)
        try cluster.run(milliseconds: 100)
        let second = client.batch(at: cluster.now, records: 2)
        // What it offers after a start reaches nobody until it has carried out the first itself.
        cluster.isLost = { from, _, message in
            guard case .proposal = message else { return false }
            return from == 0
        }
        cluster.submit(second, to: 0)
        cluster.stop(0)
        try cluster.restart(0)
        cluster.submit(first, to: 0)
        cluster.submit(second, to: 0)
        try cluster.run(milliseconds: 1_000)
        #expect(cluster.nodes[0].executed.last?.body.digest == first.digest)
        cluster.isLost = { _, _, _ in false }
        try cluster.run(milliseconds: 1_500)
        for node in cluster.nodes { #expect(node.executed.last?.body.digest == second.digest) }
        #expect(cluster.nodes[0].refused.isEmpty)
    }

    /// What nobody submits any more may still be locked by its gateway; the next update for that
    /// place contests the lock.
    @Test func aLockedUpdateGivenUpDoesNotStopItsChain() throws {
        var (cluster, client) = try Self.open()
        cluster.isLost = { from, _, message in
            guard case .proposal = message else { return false }
            return from == 0
        }
        let given = client.makeBatch(at: cluster.now, records: 1)
        cluster.submit(given, to: 0)
        try cluster.run(milliseconds: 20)
        // After a start only the lock is left: nobody waits for the answer any more.
        cluster.stop(0)
        try cluster.restart(0)
        let next = client.makeBatch(at: cluster.now, records: 2)
        cluster.submit(next, to: 0)
        try cluster.run(milliseconds: 20)
        cluster.isLost = { _, _, _ in false }
        try cluster.run(milliseconds: 4_000)
        let executed = cluster.nodes[0].executed.dropFirst(3).map(\.body.digest)
        #expect(executed == [given.digest] || executed == [next.digest])
        let refused = executed == [given.digest] ? [next.digest] : []
        #expect(cluster.nodes[0].refused.map(\.0) == refused)
        // The chain goes on behind whichever it was.
        client.batches = 1
        client.last = executed[0]
        let last = client.batch(at: cluster.now)
        cluster.submit(last, to: 0)
        try cluster.run(milliseconds: 1_000)
        for node in cluster.nodes { #expect(node.executed.last?.body.digest == last.digest) }
    }

    /// Four validators that know a client's owner, submitter and agent.
    private static func open() throws -> (Cluster, Client) {
        var cluster = Cluster(4)
        try cluster.run(milliseconds: 50)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 200)
        return (cluster, client)
    }
}
