// A chain that elects leaders by coin: keys are generated inside an epoch and used in the next.
import Consensus
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct CoinTests {
    @Test(arguments: [0, 2] as [UInt64]) func theNextEpochHasACoin(knownRounds: UInt64) throws {
        var settings = Cluster.quick
        settings.epochNanoseconds = 400 * Nanoseconds.perMillisecond
        settings.commits.knownRounds = knownRounds
        var cluster = Cluster(4, settings: settings)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 100)
        for _ in 0..<60 {
            cluster.submit(client.batch(at: cluster.now), to: 0)
            try cluster.run(milliseconds: 25)
        }
        try cluster.run(milliseconds: 1_500)
        let first = cluster.nodes[0]
        #expect(first.replica.epoch >= 2)
        #expect(first.replica.coin.opener != nil)
        #expect(Set(first.final).count == 63)
        // Without known leaders every commit hangs on a coin that f + 1 seats opened.
        #expect(first.commits.contains { $0.epoch == 1 })
        for node in cluster.nodes {
            #expect(node.halted == nil)
            #expect(node.executed.map(\.body.digest) == first.executed.map(\.body.digest))
        }
        try cluster.restart(3)
        cluster.stop(2)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 2_500)
        #expect(cluster.nodes[0].final.count == 64)
        #expect(
            cluster.nodes[3].executed.map(\.body.digest)
                == cluster.nodes[0].executed.map(\.body.digest))
    }
}
