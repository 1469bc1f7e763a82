// The JSON text of a receipt, reading side: exactly the members of docs/spec/receipt.md §2, in
// exactly their forms.
import JSON
import Primitives

extension Receipt {
    /// Bytes of a receipt's text, at most.
    public static let textBytes = 262_144

    /// Reads a receipt's text; whether it holds is `verify`'s matter.
    ///
    /// - Throws: a refusal of the part `format` that names the member.
    public init(json text: [UInt8]) throws(ReceiptRefusal) {
        let document = try AnyReceipt.document(text, limit: Self.textBytes)
        let root = try StrictObject(
            document.root, "receipt",
            ["format", "chain", "genesis", "record", "batch", "checkpoint", "certificate"],
            optional: ["steps"])
        guard try root.text("format") == Self.formatName else {
            throw ReceiptRefusal(.format, "format is not \(Self.formatName)")
        }
        let chain: Digest = try root.bytes("chain")
        try self.init(
            root, chain: chain,
            genesis: Genesis(root.object("genesis", Genesis.members, optional: ["settings"])))
    }

    /// Reads the members that are the record's own.
    init(_ root: StrictObject, chain: Digest, genesis: Genesis) throws(ReceiptRefusal) {
        (self.chain, self.genesis) = (chain, genesis)
        (record, recordDigest) = try Self.readRecord(root)
        batch = try Self.readBatch(root, chain: chain)
        steps = try EpochStep.list(root, chain: chain)
        checkpoint = try CheckpointPart(root, chain: chain)
    }

    private static func readRecord(
        _ root: StrictObject
    ) throws(ReceiptRefusal) -> (Record, Digest) {
        let object = try root.object(
            "record",
            [
                "digest", "agent", "run", "task", "operation", "caller", "kind", "outcome", "start",
                "duration", "tokens", "compute", "memory", "cost", "gas", "payload", "parents",
            ])
        var record = Record()
        record.agent = try object.bytes("agent")
        record.run = try object.bytes("run")
        record.task = try object.bytes("task")
        record.operation = try object.bytes("operation")
        record.caller = try object.bytes("caller")
        record.kind = try object.name("kind", RecordKind.allCases)
        record.outcome = try object.name("outcome", Outcome.allCases)
        record.start = Instant(nanoseconds: try object.quoted("start"))
        record.duration = try object.quoted("duration")
        let tokens = try object.object("tokens", ["input", "output", "cached", "reasoning"])
        record.tokens = TokenCounts(
            input: try tokens.quoted("input"), output: try tokens.quoted("output"),
            cached: try tokens.quoted("cached"), reasoning: try tokens.quoted("reasoning"))
        record.compute = try object.quoted("compute")
        record.memory = try object.quoted("memory")
        record.cost = Amount(nanoCredits: try object.quoted("cost"))
        record.gas = try object.quoted("gas")
        let payload = try object.object("payload", ["size", "digest"])
        record.payloadSize = try payload.quoted("size")
        record.payloadDigest = try payload.bytes("digest")
        record.parents = try object.list("parents", 0...Limits.parentsPerRecord)
        return (record, try object.bytes("digest"))
    }

    private static func readBatch(
        _ root: StrictObject, chain: Digest
    ) throws(ReceiptRefusal) -> BatchPart {
        let object = try root.object(
            "batch",
            [
                "submitter", "key", "sequence", "previous", "count", "root", "columns", "closed",
                "signature", "index", "path",
            ])
        var header = BatchHeader()
        header.chain = chain
        header.submitter = try object.bytes("submitter")
        header.key = try object.bytes("key")
        header.sequence = try object.quoted("sequence")
        header.previous = try object.bytes("previous")
        header.count = UInt32(try object.number("count", 1...Limits.recordsPerBatch))
        header.root = try object.bytes("root")
        header.columns = try object.bytes("columns")
        header.closed = Instant(nanoseconds: try object.quoted("closed"))
        return BatchPart(
            header: header, signature: try object.bytes("signature"),
            index: try object.number("index", 0...Limits.recordsPerBatch - 1),
            path: try object.list("path", 0...16))
    }
}

extension EpochStep {
    /// The member `steps`, which may be left out.
    static func list(
        _ root: StrictObject, chain: Digest
    ) throws(ReceiptRefusal) -> [EpochStep] {
        guard root.has("steps") else { return [] }
        var steps: [EpochStep] = []
        for node in try root.nodes("steps", 0...ReceiptLimits.steps) {
            steps.append(try EpochStep(json: node, chain: chain))
        }
        return steps
    }
}

extension CheckpointPart {
    /// The members `checkpoint` and `certificate`.
    init(_ root: StrictObject, chain: Digest) throws(ReceiptRefusal) {
        let object = try root.object(
            "checkpoint", CheckpointHeader.members + ["index", "path"], optional: ["next"])
        self.init(
            header: try CheckpointHeader(object, chain: chain, leastItems: 1),
            index: try object.number("index", 0...Limits.itemsPerCheckpoint - 1),
            path: try object.list("path", 0...20),
            certificate: try CheckpointSignature.list(root))
    }
}
