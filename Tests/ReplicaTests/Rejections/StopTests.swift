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

    /// The others see a stop before the gateway does, and do not certify what it offered: its client
    /// is told of the stop, not of a committee that would not.
    @Test func whatTheOthersRefuseForAStopIsNamed() throws {
        var refusals = 0
        var start = Cluster(4)
        try start.run(milliseconds: 50)
        var client = Client(start.genesis)
        for body in client.entry() { start.submit(body, to: 0) }
        try start.run(milliseconds: 300)
        let batch = client.batch(at: start.now, records: 1)
        let stop = client.operation(.law(.stop(.agent(client.agent))))
        for moment in 0..<30 {
            var cluster = start
            // The stop at once, the batch some time after it.
            cluster.submit(stop, to: 3)
            try cluster.run(milliseconds: UInt64(moment))
            cluster.submit(batch, to: 1)
            try cluster.run(milliseconds: 600)
            for (digest, refusal) in cluster.nodes[1].refused {
                refusals += 1
                #expect(digest == batch.digest)
                guard case .ledger(let failure) = refusal else {
                    Issue.record("after \(moment) ms refused for \(refusal)")
                    continue
                }
                let forbidden = LawFailure.recordForbidden(client.agent, .agentStopped)
                #expect(failure == .law(forbidden), "after \(moment) ms")
            }
        }
        #expect(refusals > 0)
    }
}
