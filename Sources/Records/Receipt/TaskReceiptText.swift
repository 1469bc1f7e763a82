// The JSON text of a task's receipt, both ways: exactly the members of docs/spec/receipt.md §6.
import JSON
import Primitives

extension TaskReceipt {
    /// The value of `format`.
    public static let formatName = "althing-task-receipt-v1"

    /// The receipt as JSON text.
    public func json(_ layout: JSONLayout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout, capacity: 16_384)
        writer.object { object in
            object.writeTrunk(of: self, format: Self.formatName)
            object.key("entries")
            object.array { array in
                for entry in entries { entry.write(to: &array) }
            }
            object.key("records")
            object.array { array in
                for receipt in records { array.object { receipt.writeOwn(to: &$0) } }
            }
            if !operations.isEmpty {
                object.key("operations")
                object.array { array in
                    for receipt in operations { array.object { receipt.writeOwn(to: &$0) } }
                }
            }
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
            ["format", "chain", "genesis", "entries", "records", "checkpoint", "certificate"],
            optional: ["steps", "operations"])
        guard try root.text("format") == Self.formatName else {
            throw ReceiptRefusal(.format, "format is not \(Self.formatName)")
        }
        chain = try root.bytes("chain")
        genesis = try Genesis(root.object("genesis", Genesis.members, optional: ["settings"]))
        entries = []
        for node in try root.nodes("entries", 1...Self.mostEntries) {
            entries.append(try StateEntryPart(node))
        }
        records = []
        for node in try root.nodes("records", 0...Self.mostRecords) {
            let own = try StrictObject(
                node, "records", ["record", "batch", "checkpoint", "certificate"],
                optional: ["steps"])
            records.append(try Receipt(own, chain: chain, genesis: genesis))
        }
        if root.has("operations") {
            for node in try root.nodes("operations", 0...Self.mostOperations) {
                let own = try StrictObject(
                    node, "operations", ["operation", "checkpoint", "certificate"],
                    optional: ["steps"])
                operations.append(try OperationReceipt(own, chain: chain, genesis: genesis))
            }
        }
        steps = try EpochStep.list(root, chain: chain)
        let object = try root.object(
            "checkpoint", CheckpointHeader.members, optional: ["next"])
        checkpoint = CheckpointPart(
            header: try CheckpointHeader(object, chain: chain, leastItems: 0), index: 0, path: [],
            certificate: try CheckpointSignature.list(root))
    }
}

extension StateEntryPart {
    func write(to array: inout JSONWriter) {
        array.object { part in
            part.member("key", HexText.of(key))
            part.member("value", HexText.of(value))
            part.member("path", hexList: path)
        }
    }

    static let members = ["key", "value", "path"]

    init(_ node: JSONNode) throws(ReceiptRefusal) {
        try self.init(try StrictObject(node, "entries", Self.members))
    }

    init(_ object: StrictObject) throws(ReceiptRefusal) {
        guard let key = HexText.bytes(try object.text("key"), Self.keyBytes...Self.keyBytes)
        else { throw ReceiptRefusal(.format, "entries.key is not 33 bytes in hexadecimal") }
        guard let value = HexText.bytes(try object.text("value"), 1...Self.mostBytes) else {
            throw ReceiptRefusal(
                .format, "entries.value is not 1 to \(Self.mostBytes) bytes in hexadecimal")
        }
        self.init(key: key, value: value, path: try object.list("path", 0...256))
    }
}
