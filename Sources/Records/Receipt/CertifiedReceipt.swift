// What all receipts share: an item of a checkpoint, its certificate, and the committees before it
// (docs/spec/receipt.md §3).
import JSON
import Merkle
import Primitives

/// The place of an item in its checkpoint, the proof of it, and the validators' signatures.
public struct CheckpointPart: Hashable, Sendable {
    public var header: CheckpointHeader
    /// Place among the items.
    public var index: Int
    /// Siblings from the leaf upwards.
    public var path: [Digest]
    public var certificate: [CheckpointSignature]

    public init(
        header: CheckpointHeader, index: Int, path: [Digest], certificate: [CheckpointSignature]
    ) {
        self.header = header
        self.index = index
        self.path = path
        self.certificate = certificate
    }
}

/// One thing's way to the validators' signatures.
public protocol CertifiedReceipt: Hashable, Sendable {
    /// The parts in the order in which they are checked.
    static var parts: [ReceiptPart] { get }
    /// Digest of the genesis.
    var chain: Digest { get }
    var genesis: Genesis { get }
    /// From the committee of the genesis to the one that certified the checkpoint, at most
    /// `ReceiptLimits.steps`; none where that is the committee of the genesis.
    var steps: [EpochStep] { get set }
    var checkpoint: CheckpointPart { get }
    /// What the checkpoint holds of it; nil where it is an entry of the checkpoint's state.
    var item: CheckpointItem? { get }

    /// Checks what stands below the checkpoint.
    func verifyContents() throws(ReceiptRefusal)
    /// The receipt as JSON text.
    func json(_ layout: JSONLayout) -> [UInt8]
}

/// Limits of all receipts.
public enum ReceiptLimits {
    /// Steps of one receipt.
    public static let steps = 128
}

extension CertifiedReceipt {
    /// Checks all but a payload by the steps of the receipt.
    ///
    /// - Parameter trusted: the digest of the genesis the caller trusts; nil accepts any chain.
    public func verifyChain(trusted: Digest?) throws(ReceiptRefusal) {
        try verifyGenesis(trusted)
        try verifyContents()
        try verifyInclusion()
        try verifyCertificate(by: try committeeAfterSteps())
    }

    /// Checks all but a payload by the committees that a light client followed.
    public func verifyChain(by client: LightClient) throws(ReceiptRefusal) {
        let header = checkpoint.header
        try verifyGenesis(client.trail.chain)
        try verifyContents()
        try verifyInclusion()
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

    private func verifyInclusion() throws(ReceiptRefusal) {
        guard let item else { return }
        let root = InclusionPath(siblings: checkpoint.path)
            .root(leaf: item.leaf, index: checkpoint.index, count: Int(checkpoint.header.items))
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
}
