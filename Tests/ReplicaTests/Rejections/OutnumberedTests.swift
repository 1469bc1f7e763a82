// More than f seats are proven faulty, or a second history is certified: a validator stops for good.
import Consensus
import Cryptography
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct OutnumberedTests {
    private func cluster() throws -> Cluster {
        var cluster = Cluster(4)
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 600)
        return cluster
    }

    /// Another block in the place of the newest of a seat.
    private func twin(of seat: Int, in cluster: Cluster) throws -> Block {
        let store = cluster.nodes[0].replica.order.store
        let block = try #require(store.newestBlock(of: Seat(UInt8(seat)))).block
        return Block(
            signing: block.header, payload: [[UInt8(seat)]], chain: cluster.genesis.digest,
            with: cluster.keys[seat])
    }

    /// A checkpoint of the height of the newest that nobody can have made honestly.
    private func second(in cluster: Cluster, chain: Digest? = nil) throws -> Checkpoint {
        var header = try #require(cluster.nodes[0].certified.last).checkpoint.header
        header.stateRoot = BLAKE3.hash([1])
        if let chain { header.chain = chain }
        let certificate = (1...3).map { seat in
            CheckpointSignature(
                validator: UInt16(seat), signature: cluster.keys[seat].sign(header.signedBytes))
        }
        return Checkpoint(header: header, certificate: certificate)
    }

    @Test func oneTwinIsBorneAndTwoAreNot() throws {
        var cluster = try cluster()
        let twins = [try twin(of: 2, in: cluster), try twin(of: 3, in: cluster)]
        cluster.step(0, .message(.block(twins[0]), from: cluster.keys[2].publicKey))
        #expect(cluster.nodes[0].halted == nil)
        cluster.step(0, .message(.block(twins[1]), from: cluster.keys[3].publicKey))
        let reason = HaltReason.outnumbered([Seat(2), Seat(3)])
        #expect(cluster.nodes[0].halted == reason)
        let kept = cluster.nodes[0].journal.compactMap { entry in
            if case .block(let block) = entry { block } else { nil }
        }
        #expect(twins.allSatisfy(kept.contains))
        try expectSilence(&cluster)
        try cluster.restart(0)
        #expect(cluster.nodes[0].halted == reason)
        try expectSilence(&cluster)
    }

    @Test func aSecondHistoryIsNoticed() throws {
        var cluster = try cluster()
        let other = try second(in: cluster)
        cluster.step(0, .message(.checkpoints([other]), from: cluster.keys[2].publicKey))
        let reason = HaltReason.diverged(height: other.header.height)
        #expect(cluster.nodes[0].halted == reason)
        try expectSilence(&cluster)
        // It has told the others, who stop too.
        #expect(cluster.nodes[1].halted == reason)
        try cluster.restart(0)
        #expect(cluster.nodes[0].halted == reason)
    }

    /// A committee may serve two chains; what it certifies there is no second history here.
    @Test func whatIsNoSecondHistoryStopsNobody() throws {
        var cluster = try cluster()
        let foreign = try second(in: cluster, chain: BLAKE3.hash([2]))
        var few = try second(in: cluster)
        few.certificate.removeLast()
        var spoiled = try second(in: cluster)
        spoiled.header.records += 1
        let same = try #require(cluster.nodes[0].certified.last).checkpoint
        cluster.step(
            0,
            .message(.checkpoints([foreign, few, spoiled, same]), from: cluster.keys[2].publicKey))
        #expect(cluster.nodes[0].halted == nil)
    }

    /// Nothing that it has not signed before leaves a validator that stopped.
    private func expectSilence(_ cluster: inout Cluster) throws {
        let before = cluster.nodes[0].journal.count
        let round = cluster.nodes[0].replica.order.lastOwnRound
        var client = Client(cluster.genesis, number: 2)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 500)
        #expect(cluster.nodes[0].replica.order.lastOwnRound == round)
        let signed = cluster.nodes[0].journal[before...].filter { entry in
            if case .locks = entry { true } else { false }
        }
        #expect(signed.isEmpty)
        #expect(cluster.nodes[0].refused.count >= 3)
    }
}
