// Receipts judged by what a light client followed: the part that refuses, and what steps are for.
import JSON
import Primitives
import Records
import TestSupport
import Testing

@Suite struct LightReceiptTests {
    private let chain: ChainFixture

    init() throws { chain = try #require(ChainFixture()) }

    /// A receipt whose checkpoint is changed before its validators sign it.
    private func receipt(
        _ change: (inout CheckpointHeader) -> Void = { _ in }
    ) throws -> Receipt {
        var generator = SeededGenerator(seed: 3)
        let columns = RandomColumns(rows: 3, using: &generator).columns
        var receipt = try #require(chain.receipt(of: 1, in: chain.seal(columns)))
        change(&receipt.checkpoint.header)
        receipt.checkpoint.certificate = chain.sign(receipt.checkpoint.header, by: [0, 1, 2])
        return receipt
    }

    private func part(_ receipt: Receipt, _ client: LightClient) -> ReceiptPart? {
        do throws(ReceiptRefusal) {
            try Receipt(json: receipt.json()).verify(by: client)
            return nil
        } catch { return error.part }
    }

    private var client: LightClient { LightClient(CommitteeTrail(chain.genesis)) }

    @Test func whatIsFollowedDecides() throws {
        #expect(part(try receipt(), client) == nil)
        #expect(part(try receipt { $0.epoch = 1 }, client) == .committee, "not followed yet")
        #expect(part(try receipt { $0.committee = Digest() }, client) == .certificate)
        var unsigned = try receipt()
        unsigned.checkpoint.certificate.removeLast()
        #expect(part(unsigned, client) == .certificate)
        let committee = chain.genesis.committee
        let elsewhere = LightClient(
            CommitteeTrail(chain: Digest(), epoch: 0, committee: committee))
        #expect(part(try receipt(), elsewhere) == .genesis)
        let later = LightClient(
            CommitteeTrail(chain: chain.genesis.digest, epoch: 1, committee: committee))
        #expect(part(try receipt(), later) == .committee, "before the trust")
        #expect(part(try receipt { $0.epoch = 1 }, later) == nil)
    }

    @Test func aReceiptAgainstAKnownCheckpointIsRefused() throws {
        var client = client
        var other = try receipt().checkpoint.header
        other.stateRoot = Digest(repeating: 9)
        try client.accept(
            Checkpoint(header: other, certificate: chain.sign(other, by: [1, 2, 3])))
        let good = try receipt()
        #expect(part(good, client) == .certificate)
        let checkpoint = Checkpoint(
            header: good.checkpoint.header, certificate: good.checkpoint.certificate)
        #expect(throws: LightFault.self) { try client.accept(checkpoint) }
        #expect(part(good, client) == .committee, "the chain has forked")
    }

    /// The genesis hands over to another committee; the receipt is of the epoch after that.
    @Test func stepsLeadWhereAClientWent() throws {
        let epochs = EpochFixture([4, 4])
        let next = try #require(epochs.committee(1))
        var last = try receipt().checkpoint.header
        last.next = next.digest
        let step = EpochStep(
            checkpoint: Checkpoint(header: last, certificate: chain.sign(last, by: [0, 1, 2])),
            committee: next)
        var moved = try receipt {
            $0.epoch = 1
            $0.height = last.height + 1
            $0.previous = last.digest
            $0.time = last.time.advanced(byNanoseconds: 1)
            $0.committee = next.digest
        }
        moved.checkpoint.certificate =
            epochs.certify(moved.checkpoint.header, by: 1).certificate
        #expect(throws: ReceiptRefusal.self, "no steps") { try moved.verify() }
        var client = client
        try client.follow(step)
        #expect(part(moved, client) == nil)
        moved.steps = [step]
        #expect(part(moved, client) == nil)
        for layout in [JSONLayout.compact, .pretty] {
            let again = try Receipt(json: moved.json(layout))
            #expect(again == moved)
            try again.verify(trusted: chain.genesis.digest)
        }
        moved.steps = [step, step]
        let refusal = #expect(throws: ReceiptRefusal.self) { try moved.verify() }
        #expect(refusal?.part == .committee)
    }
}
