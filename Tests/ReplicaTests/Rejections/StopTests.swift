// What a stop forbids is refused at once, also while much is under way.
import Ledger
import Primitives
import Testing

@testable import Replica

@Suite struct StopTests {
    @Test func recordsOfAStoppedAgentAreNotHeldBack() throws {
        var cluster = Cluster(4)
        try cluster.run(milliseconds: 50)
        var (client, other) = (Client(cluster.genesis), Client(cluster.genesis, number: 2))
        for body in client.entry() + other.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 300)
        cluster.submit(client.batch(at: cluster.now), to: 1)
        cluster.submit(client.operation(.law(.stop(.agent(client.agent)))), to: 0)
        try cluster.run(milliseconds: 300)
        #expect(cluster.nodes[1].final.count == 1 && cluster.nodes[1].refused.isEmpty)
        // Something is under way at this seat, which might let others pass.
        cluster.submit(other.batch(at: cluster.now), to: 1)
        let late = client.batch(at: cluster.now)
        cluster.submit(late, to: 1)
        let refusal = try #require(cluster.nodes[1].refused.last)
        #expect(refusal.0 == late.digest)
        guard case .ledger(.law(.recordForbidden(client.agent, .agentStopped))) = refusal.1 else {
            Issue.record("refused for \(refusal.1)")
            return
        }
    }
}
