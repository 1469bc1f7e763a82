// The receipt of a licence: what the ledger says of it, and of the keys of its holder, under a
// certified checkpoint (docs/spec/receipt.md §7).
import JSON
import Merkle
import Primitives

/// A licence that holds at the time of a checkpoint, with the entry of whoever holds it.
public struct LicenceReceipt: CertifiedReceipt {
    public static let parts: [ReceiptPart] = [
        .format, .genesis, .state, .licence, .holder, .committee, .certificate,
    ]
    /// The value of `format`.
    public static let formatName = "althing-licence-receipt-v1"
    /// Bytes of a receipt's text, at most.
    public static let textBytes = 1 << 20
    /// Bytes of a licence's value.
    static let licenceBytes = 217
    private enum Kind {
        static let owner: UInt8 = 1
        static let agent: UInt8 = 2
        static let licence: UInt8 = 47
    }

    public var chain: Digest
    public var genesis: Genesis
    public var licence: StateEntryPart
    /// Of an owner or an agent.
    public var holder: StateEntryPart
    public var steps: [EpochStep] = []
    public var checkpoint: CheckpointPart

    public init(
        genesis: Genesis, licence: StateEntryPart, holder: StateEntryPart, checkpoint: Checkpoint
    ) {
        chain = genesis.digest
        (self.genesis, self.licence, self.holder) = (genesis, licence, holder)
        self.checkpoint = CheckpointPart(
            header: checkpoint.header, index: 0, path: [], certificate: checkpoint.certificate)
    }

    public var item: CheckpointItem? { nil }

    /// Whether the holder is an agent, else an owner.
    public var isAgents: Bool { holder.key.first == Kind.agent }

    /// Checks a receipt by the rules of docs/spec/receipt.md §7.
    ///
    /// - Parameter trusted: the digest of the genesis the caller trusts; nil accepts any chain.
    public func verify(trusted: Digest? = nil) throws(ReceiptRefusal) {
        try verifyChain(trusted: trusted)
    }

    public func verifyContents() throws(ReceiptRefusal) {
        let header = checkpoint.header
        for entry in [licence, holder] where !entry.isIn(header.stateRoot) {
            throw ReceiptRefusal(.state, "an entry is not in the state of the checkpoint")
        }
        guard licence.key.first == Kind.licence, licence.value.count == Self.licenceBytes,
            licence.value.starts(with: licence.key.dropFirst()),
            let until = LittleEndian.number(licence.value, at: 208, bytes: 8)
        else { throw ReceiptRefusal(.licence, "the first entry is not that of a licence") }
        guard until == 0 || UInt128(header.time.nanoseconds) < until else {
            throw ReceiptRefusal(.licence, "the licence ended before the checkpoint")
        }
        guard let first = holder.key.first, [Kind.owner, Kind.agent].contains(first),
            holder.value.starts(with: holder.key.dropFirst()),
            licence.digest(at: 104) == Digest(holder.key.dropFirst())
        else { throw ReceiptRefusal(.holder, "the second entry is not that of the holder") }
    }

    /// The receipt as JSON text.
    public func json(_ layout: JSONLayout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout, capacity: 16_384)
        writer.object { object in
            object.writeTrunk(of: self, format: Self.formatName)
            object.key("licence")
            licence.write(to: &object)
            object.key("holder")
            holder.write(to: &object)
            object.writeCheckpoint(of: self)
        }
        return writer.bytes
    }

    /// Reads a receipt's text; whether it holds is `verify`'s matter.
    ///
    /// - Throws: a refusal of the part `format` that names the member.
    public init(json text: [UInt8]) throws(ReceiptRefusal) {
        try self.init(try AnyReceipt.document(text, limit: Self.textBytes).root)
    }

    init(_ node: JSONNode) throws(ReceiptRefusal) {
        let root = try StrictObject(
            node, "receipt",
            ["format", "chain", "genesis", "licence", "holder", "checkpoint", "certificate"],
            optional: ["steps"])
        guard try root.text("format") == Self.formatName else {
            throw ReceiptRefusal(.format, "format is not \(Self.formatName)")
        }
        chain = try root.bytes("chain")
        genesis = try Genesis(root.object("genesis", Genesis.members, optional: ["settings"]))
        licence = try StateEntryPart(try root.object("licence", StateEntryPart.members))
        holder = try StateEntryPart(try root.object("holder", StateEntryPart.members))
        steps = try EpochStep.list(root, chain: chain)
        let object = try root.object(
            "checkpoint", CheckpointHeader.members, optional: ["next"])
        checkpoint = CheckpointPart(
            header: try CheckpointHeader(object, chain: chain, leastItems: 0), index: 0, path: [],
            certificate: try CheckpointSignature.list(root))
    }
}
