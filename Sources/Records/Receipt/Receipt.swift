// A receipt: everything that ties one record to a certified checkpoint and to the genesis
// (docs/spec/receipt.md).
import Cryptography
import Merkle
import Primitives

/// One record's way to the validators' signatures.
public struct Receipt: CertifiedReceipt {
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

    /// The parts in the order in which they are checked.
    public static let parts: [ReceiptPart] = [
        .format, .genesis, .record, .batchInclusion, .batchSignature, .checkpointInclusion,
        .committee, .certificate, .payload,
    ]

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

/// The parts of receipts, of all kinds, in the order in which they are checked.
public enum ReceiptPart: String, CaseIterable, Sendable {
    case format, genesis, record, batchInclusion, batchSignature, operation, operationSignature
    case checkpointInclusion, state, task, mandate, law, division, records, operations
    case licence, holder
    case committee, certificate, payload
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
        try verifyChain(trusted: trusted)
        if let payload { try verifyPayload(payload) }
    }

    /// Checks a receipt by the committees that a light client followed, in place of its steps
    /// (docs/spec/receipt.md §4).
    ///
    /// - Parameter payload: the payload's bytes where they are to be checked too.
    public func verify(by client: LightClient, payload: [UInt8]? = nil) throws(ReceiptRefusal) {
        try verifyChain(by: client)
        if let payload { try verifyPayload(payload) }
    }

    public func verifyContents() throws(ReceiptRefusal) {
        guard record.digest == recordDigest else {
            throw ReceiptRefusal(.record, "the record's fields do not hash to its digest")
        }
        try verifyBatch()
    }

    public var item: CheckpointItem? { .batch(batch.header.digest) }

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

    private func verifyPayload(_ payload: [UInt8]) throws(ReceiptRefusal) {
        guard UInt64(payload.count) == record.payloadSize,
            BLAKE3.hash(payload) == record.payloadDigest
        else { throw ReceiptRefusal(.payload, "the payload is not the one the record names") }
    }
}
