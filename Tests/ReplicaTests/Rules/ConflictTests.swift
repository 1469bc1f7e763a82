// Two signed updates for one place: one goes on, or a new attempt decides; nobody is stuck.
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct ConflictTests {
    @Test func splitVotesAreSettledInTheOrder() throws {
        var cluster = Cluster(4)
        try cluster.run(milliseconds: 50)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 200)
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
}
