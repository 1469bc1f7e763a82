// A receipt: everything that ties one record to a certified checkpoint and to the genesis
// (docs/spec/receipt.md).
import Cryptography
import Merkle
import Primitives

/// One record's way to the validators' signatures.
public struct Receipt: Hashable, Sendable {
    /// The place of the record in its batch, and the proof of it.
    public struct BatchPart: Hashable, Sendable {
        public var header: BatchHeader
        public var signature: Signature
        /// Row of the record.
        public var index: Int
        /// Siblings from the leaf upwards.
        public var path: [Digest]

        public init(header: BatchHeader, signature: Signature, index: Int, path: [Digest]) {
            self.header = header
            self.signature = signature
            self.index = index
            self.path = path
        }
    }

    /// The place of the batch in its checkpoint, the proof of it, and the validators' signatures.
    public struct CheckpointPart: Hashable, Sendable {
        public var header: CheckpointHeader
        /// Place of the batch among the items.
        public var index: Int
        /// Siblings from the leaf upwards.
        public var path: [Digest]
        public var certificate: [CheckpointSignature]

        public init(
            header: CheckpointHeader, index: Int, path: [Digest],
            certificate: [CheckpointSignature]
        ) {
            self.header = header
            self.index = index
            self.path = path
            self.certificate = certificate
        }
    }

    /// Digest of the genesis.
    public var chain: Digest
    public var genesis: Genesis
    public var record: Record
    /// What the file says the record's digest is.
    public var recordDigest: Digest
    public var batch: BatchPart
    /// From the committee of the genesis to the one that certified the checkpoint, at most
    /// `mostSteps`; none where that is the committee of the genesis.
    public var steps: [EpochStep] = []
    public var checkpoint: CheckpointPart

    /// Steps of one receipt, at most.
    public static let mostSteps = 128

    public init(
        genesis: Genesis, record: Record, batch: BatchPart, checkpoint: CheckpointPart
    ) {
        chain = genesis.digest
        self.genesis = genesis
        self.record = record
        recordDigest = record.digest
        self.batch = batch
        self.checkpoint = checkpoint
    }
}

/// The parts of a receipt in the order in which they are checked.
public enum ReceiptPart: String, CaseIterable, Sendable {
    case format, genesis, record, batchInclusion, batchSignature, checkpointInclusion, committee
    case certificate, payload
}

/// Why a receipt is refused: the first part that fails, and a sentence for a person.
public struct ReceiptRefusal: Error, Hashable, Sendable {
    public var part: ReceiptPart
    public var detail: String

    public init(_ part: ReceiptPart, _ detail: String) {
        self.part = part
        self.detail = detail
    }
}

extension Receipt {
    /// Checks a receipt by the rules of docs/spec/receipt.md §3.
    ///
    /// - Parameters:
    ///   - trusted: the digest of the genesis the caller trusts; nil accepts any chain.
    ///   - payload: the payload's bytes where they are to be checked too.
    public func verify(trusted: Digest? = nil, payload: [UInt8]? = nil) throws(ReceiptRefusal) {
        try verifyContents(trusted)
        try verifyCertificate(by: try committeeAfterSteps())
        if let payload { try verifyPayload(payload) }
    }

    /// Checks a receipt by the committees that a light client followed, in place of its steps
    /// (docs/spec/receipt.md §4).
    ///
    /// - Parameter payload: the payload's bytes where they are to be checked too.
    public func verify(by client: LightClient, payload: [UInt8]? = nil) throws(ReceiptRefusal) {
        let header = checkpoint.header
        try verifyContents(client.trail.chain)
        guard client.fork == nil else {
            throw ReceiptRefusal(.committee, "the chain has forked")
        }
        guard let committee = client.trail.committee(of: header.epoch) else {
            throw ReceiptRefusal(
                .committee, "epoch \(header.epoch) is not one that was followed")
        }
        try verifyCertificate(by: committee)
        guard !client.isContradicted(by: header) else {
            throw ReceiptRefusal(.certificate, "the checkpoint contradicts one that was followed")
        }
        if let payload { try verifyPayload(payload) }
    }

    /// All that stands below the checkpoint.
    private func verifyContents(_ trusted: Digest?) throws(ReceiptRefusal) {
        try verifyGenesis(trusted)
        try verifyRecord()
        try verifyBatch()
        try verifyCheckpoint()
    }

    private func verifyGenesis(_ trusted: Digest?) throws(ReceiptRefusal) {
        guard genesis.digest == chain else {
            throw ReceiptRefusal(
                .genesis, "the genesis does not have the digest that names the chain")
        }
        if let trusted, trusted != chain {
            throw ReceiptRefusal(.genesis, "the chain is \(chain), not the trusted \(trusted)")
        }
    }

    private func verifyRecord() throws(ReceiptRefusal) {
        guard record.digest == recordDigest else {
            throw ReceiptRefusal(.record, "the record's fields do not hash to its digest")
        }
    }

    private func verifyBatch() throws(ReceiptRefusal) {
        let root = InclusionPath(siblings: batch.path)
            .root(leaf: recordDigest, index: batch.index, count: Int(batch.header.count))
        guard root == batch.header.root else {
            throw ReceiptRefusal(.batchInclusion, "the path does not lead to the batch's root")
        }
        let message = batch.header.signedBytes
        guard Ed25519.isValid(batch.signature, of: message, by: batch.header.key) else {
            throw ReceiptRefusal(.batchSignature, "the submitter's signature is not valid")
        }
    }

    private func verifyCheckpoint() throws(ReceiptRefusal) {
        let leaf = CheckpointItem.batch(batch.header.digest).leaf
        let root = InclusionPath(siblings: checkpoint.path)
            .root(leaf: leaf, index: checkpoint.index, count: Int(checkpoint.header.items))
        guard root == checkpoint.header.itemsRoot else {
            throw ReceiptRefusal(
                .checkpointInclusion, "the path does not lead to the checkpoint's root")
        }
    }

    /// The committee that the steps lead to, which must lie before the checkpoint.
    private func committeeAfterSteps() throws(ReceiptRefusal) -> Committee {
        var trail = CommitteeTrail(genesis)
        for (place, step) in steps.enumerated() {
            do {
                try trail.extend(by: step)
            } catch { throw ReceiptRefusal(.committee, "step \(place + 1): \(error)") }
        }
        if let last = trail.last, !checkpoint.header.isLater(than: last.header) {
            throw ReceiptRefusal(.committee, "the checkpoint does not come after the last step")
        }
        return trail.committee
    }

    private func verifyCertificate(by committee: Committee) throws(ReceiptRefusal) {
        guard committee.certifies(checkpoint.header, by: checkpoint.certificate) else {
            throw ReceiptRefusal(.certificate, "no quorum of the committee signed the checkpoint")
        }
    }

    private func verifyPayload(_ payload: [UInt8]) throws(ReceiptRefusal) {
        guard UInt64(payload.count) == record.payloadSize,
            BLAKE3.hash(payload) == record.payloadDigest
        else { throw ReceiptRefusal(.payload, "the payload is not the one the record names") }
    }
}
