// A small chain for tests: genesis, sealed batches, certified checkpoints and real receipts.
import Cryptography
import Merkle
import Primitives
import Records
import TestSupport

/// A chain of `validators` validators whose keys follow from fixed seeds.
struct ChainFixture {
    let validators: [SigningKey]
    let submitter: SigningKey
    let genesis: Genesis

    init?(validators count: Int = 4) {
        let keys = (0..<count).compactMap { index in
            SigningKey(seed: [UInt8](repeating: UInt8(100 + index), count: 32))
        }
        guard let committee = Committee(keys.map(\.publicKey)),
            let genesis = Genesis(
                name: "þing", created: Instant(nanoseconds: 1_690_000_000_000_000_000),
                committee: committee),
            let submitter = SigningKey(seed: [UInt8](repeating: 1, count: 32))
        else { return nil }
        validators = keys
        self.submitter = submitter
        self.genesis = genesis
    }

    /// `columns` sealed as the submitter's seventh batch.
    func seal(_ columns: RecordColumns) -> CheckedBatch {
        var header = BatchHeader()
        header.chain = genesis.digest
        header.submitter = SubmitterID(repeating: 0x5B)
        header.sequence = 7
        header.previous = Digest(repeating: 0xB0)
        header.closed = Instant(nanoseconds: 1_700_000_001_000_000_000)
        return CheckedBatch(sealing: columns, header: header, key: submitter)
    }

    /// A checkpoint over `leaves`, signed by the validators at `signers`.
    func certify(_ leaves: [Digest], signers: [Int]) -> Checkpoint {
        var header = CheckpointHeader()
        header.chain = genesis.digest
        header.height = 3
        header.previous = Digest(repeating: 0x31)
        header.time = Instant(nanoseconds: 1_700_000_002_000_000_000)
        header.items = UInt32(leaves.count)
        header.itemsRoot = BatchTree.root(of: leaves)
        header.records = 1 << 33
        header.stateRoot = Digest(repeating: 0x33)
        header.committee = genesis.committee.digest
        return Checkpoint(header: header, certificate: sign(header, by: signers))
    }

    func sign(_ header: CheckpointHeader, by signers: [Int]) -> [CheckpointSignature] {
        signers.map { index in
            CheckpointSignature(
                validator: UInt16(index),
                signature: validators[index].sign(header.signedBytes))
        }
    }

    /// The receipt of row `row` of `batch`, which is item `item` of `items` of a checkpoint.
    func receipt(
        of row: Int, in batch: CheckedBatch, item: Int = 2, of items: Int = 5
    ) -> Receipt? {
        let leaves = (0..<items).map { index in
            index == item
                ? CheckpointItem.batch(batch.digest).leaf
                : CheckpointItem.operation(Digest(repeating: UInt8(index))).leaf
        }
        let quorum = genesis.committee.quorum
        let checkpoint = certify(leaves, signers: Array(0..<quorum))
        guard let path = BatchTree.path(leaves: batch.recordDigests, index: row),
            let itemPath = BatchTree.path(leaves: leaves, index: item)
        else { return nil }
        return Receipt(
            genesis: genesis,
            record: batch.columns.record(at: row, digests: batch.recordDigests),
            batch: Receipt.BatchPart(
                header: batch.batch.header, signature: batch.batch.signature, index: row,
                path: path.siblings),
            checkpoint: CheckpointPart(
                header: checkpoint.header, index: item, path: itemPath.siblings,
                certificate: checkpoint.certificate))
    }
}
