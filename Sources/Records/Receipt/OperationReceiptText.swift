// The JSON text of an operation's receipt, both ways (docs/spec/receipt.md §5).
import JSON
import Primitives

extension OperationReceipt {
    /// The value of `format`.
    static let formatName = "althing-operation-receipt-v1"

    /// The receipt as JSON text.
    public func json(_ layout: JSONLayout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout, capacity: 4096 + 2 * operation.command.count)
        writer.object { object in
            object.writeTrunk(of: self, format: Self.formatName)
            writeOwn(to: &object)
        }
        return writer.bytes
    }

    /// The members that are the operation's own.
    func writeOwn(to object: inout JSONWriter) {
        object.key("operation")
        object.object { part in
            part.member("digest", digest.hex)
            part.member("outcome", outcome.rawValue)
            part.member("key", operation.key.hex)
            part.member("sequence", quoted: operation.sequence)
            part.member("owner", operation.owner.hex)
            part.member("command", HexText.of(operation.command))
            part.member("signature", operation.signature.hex)
        }
        object.writeCheckpoint(of: self)
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
            ["format", "chain", "genesis", "operation", "checkpoint", "certificate"],
            optional: ["steps"])
        guard try root.text("format") == Self.formatName else {
            throw ReceiptRefusal(.format, "format is not \(Self.formatName)")
        }
        let chain: Digest = try root.bytes("chain")
        let genesis = try Genesis(root.object("genesis", Genesis.members, optional: ["settings"]))
        try self.init(root, chain: chain, genesis: genesis)
    }

    /// Reads the members that are the operation's own.
    init(_ root: StrictObject, chain: Digest, genesis: Genesis) throws(ReceiptRefusal) {
        (self.chain, self.genesis) = (chain, genesis)
        let object = try root.object(
            "operation",
            ["digest", "outcome", "key", "sequence", "owner", "command", "signature"])
        digest = try object.bytes("digest")
        guard let outcome = OperationOutcome(rawValue: try object.text("outcome")) else {
            throw ReceiptRefusal(.format, "operation.outcome is neither done nor refused")
        }
        self.outcome = outcome
        guard let command = HexText.bytes(
            try object.text("command"), 1...OperationPart.commandBytes)
        else {
            throw ReceiptRefusal(
                .format, "operation.command is not 1 to \(OperationPart.commandBytes) bytes in "
                    + "lower-case hexadecimal digits")
        }
        operation = OperationPart(
            key: try object.bytes("key"),
            place: (try object.quoted("sequence"), try object.bytes("owner")), command: command,
            signature: try object.bytes("signature"))
        steps = try EpochStep.list(root, chain: chain)
        checkpoint = try CheckpointPart(root, chain: chain)
    }
}

/// Bytes of any number as lower-case hexadecimal digits.
enum HexText {
    private static let digits = Array("0123456789abcdef".utf8)

    static func of(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (place, byte) in bytes.enumerated() {
                text[2 * place] = digits[Int(byte >> 4)]
                text[2 * place + 1] = digits[Int(byte & 15)]
            }
            return 2 * bytes.count
        }
    }

    /// Nil where a character is none of the digits, or their number is odd or out of `range`.
    static func bytes(_ text: String, _ range: ClosedRange<Int>) -> [UInt8]? {
        let text = Array(text.utf8)
        guard text.count % 2 == 0, range.contains(text.count / 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for place in stride(from: 0, to: text.count, by: 2) {
            guard let high = value(text[place]), let low = value(text[place + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
