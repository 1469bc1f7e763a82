// Epochs close and begin without losing what is final, and committees change.
import Ledger
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct EpochTests {
    private static var short: ReplicaSettings {
        var settings = Cluster.quick
        settings.epochNanoseconds = 400 * Nanoseconds.perMillisecond
        return settings
    }

    @Test(arguments: [1, 4]) func epochsFollowEachOther(seats: Int) throws {
        var cluster = Cluster(seats, settings: Self.short)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 100)
        for _ in 0..<60 {
            cluster.submit(client.batch(at: cluster.now), to: 0)
            try cluster.run(milliseconds: 25)
        }
        try cluster.run(milliseconds: 1_000)
        let first = cluster.nodes[0]
        #expect(first.refused.isEmpty)
        #expect(first.replica.epoch >= 2)
        #expect(Set(first.final).count == 63)
        #expect(first.certified.flatMap(\.items).count == 63)
        var client2 = LightClient(CommitteeTrail(cluster.genesis))
        for step in first.steps { try client2.follow(step) }
        for sealed in first.certified { try client2.accept(sealed.checkpoint) }
        for node in cluster.nodes {
            #expect(node.halted == nil)
            #expect(node.executed.map(\.body.digest) == first.executed.map(\.body.digest))
            #expect(
                node.steps.prefix(2).map(\.checkpoint.header)
                    == first.steps.prefix(2).map(\.checkpoint.header))
        }
    }

    @Test func aSeatThatSleptThroughAnEpochTakesASnapshot() throws {
        var cluster = Cluster(4, settings: Self.short)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 100)
        cluster.stop(3)
        for _ in 0..<60 {
            cluster.submit(client.batch(at: cluster.now), to: 0)
            try cluster.run(milliseconds: 25)
        }
        #expect(cluster.nodes[0].replica.epoch >= 2)
        try cluster.restart(3)
        try cluster.run(milliseconds: 4_000)
        #expect(cluster.nodes[3].adopted == 1)
        #expect(cluster.nodes[3].replica.epoch == cluster.nodes[0].replica.epoch)
        #expect(cluster.nodes[3].replica.tree.root == cluster.nodes[0].replica.tree.root)
        cluster.stop(1)
        cluster.submit(client.batch(at: cluster.now), to: 0)
        try cluster.run(milliseconds: 1_000)
        #expect(cluster.nodes[0].final.count == 64)
    }
}
