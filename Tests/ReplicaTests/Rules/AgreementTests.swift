// Replicas of one chain carry out the same, in the same order, and certify it.
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct AgreementTests {
    @Test func aSeatThatIsAloneAnswersWithinOneStep() throws {
        var cluster = Cluster(1)
        var client = Client(cluster.genesis)
        for body in client.entry() {
            cluster.submit(body, to: 0)
            #expect(cluster.nodes[0].final.last == body.digest)
            #expect(cluster.nodes[0].executed.last?.body.digest == body.digest)
        }
        let batch = client.batch(at: cluster.now)
        cluster.submit(batch, to: 0)
        #expect(cluster.nodes[0].final.last == batch.digest)
        #expect(cluster.nodes[0].executed.last?.body.digest == batch.digest)
        #expect(cluster.nodes[0].refused.isEmpty)
        try cluster.run(milliseconds: 300)
        #expect(cluster.nodes[0].certified.last?.items.count == 4)
    }

    @Test(arguments: [4, 7]) func allCarryOutTheSame(seats: Int) throws {
        var cluster = Cluster(seats)
        try cluster.run(milliseconds: 50)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 100)
        for _ in 0..<20 {
            cluster.submit(client.batch(at: cluster.now), to: 1)
            try cluster.run(milliseconds: 3)
        }
        try cluster.run(milliseconds: 500)
        #expect(cluster.nodes[0].final.count == 3)
        #expect(cluster.nodes[1].final.count == 20)
        let order = cluster.nodes[0].executed.map(\.body.digest)
        #expect(order.count == 23)
        for node in cluster.nodes {
            #expect(node.halted == nil)
            #expect(node.refused.isEmpty)
            #expect(node.executed.map(\.body.digest) == order)
            #expect(node.certified.flatMap(\.items).count == 23)
            let shared = min(node.certified.count, cluster.nodes[0].certified.count)
            #expect(shared > 0)
            for height in 0..<shared {
                let header = node.certified[height].checkpoint.header
                #expect(header == cluster.nodes[0].certified[height].checkpoint.header)
                #expect(
                    cluster.genesis.committee.certifies(
                        header, by: node.certified[height].checkpoint.certificate))
            }
        }
    }
}
