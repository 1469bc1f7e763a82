// Tests/Vectors/records, made from docs/spec/record.md by its make_vectors.py, parsed.
import JSON
import Primitives
import Records
import TestSupport
import Testing

/// `records.json`, parsed.
struct RecordVectors {
    let root: JSONValue

    init() throws {
        let bytes = try #require(VectorFiles.read("records/records.json"))
        root = try JSONValue(parsing: bytes)
    }

    func batch(_ name: String) throws -> [UInt8] { try Self.bytes(root["batch"]?[name]) }
    func checkpoint(_ name: String) throws -> [UInt8] {
        try Self.bytes(root["checkpoint"]?[name])
    }

    static func bytes(_ value: JSONValue?) throws -> [UInt8] {
        let text = try #require(value?.string)
        return try #require(Hex.decode(text))
    }

    /// The parents of a record: an earlier row's number or a digest.
    static func parents(_ value: JSONValue) throws -> [ParentReference] {
        try #require(value["parents"]?.array).map { parent in
            let text = try #require(parent.string)
            if let digest = Digest(hex: text) { return .digest(digest) }
            return .row(try #require(UInt32(text)))
        }
    }

    /// A record without its parents.
    static func record(_ value: JSONValue) throws -> Record {
        func fixed<Value: FixedBytes>(_ name: String) throws -> Value {
            try #require(Value(bytes(value[name])))
        }
        func number<Value: FixedWidthInteger>(_ name: String) throws -> Value {
            let text = try #require(value[name]?.string)
            return try #require(Value(text))
        }
        var record = Record()
        record.agent = try fixed("agent")
        record.run = try fixed("run")
        record.task = try fixed("task")
        record.operation = try fixed("operation")
        record.caller = try fixed("caller")
        record.kind = try #require(RecordKind(rawValue: try number("kind")))
        record.outcome = try #require(Outcome(rawValue: try number("outcome")))
        record.start = Instant(nanoseconds: try number("start"))
        record.duration = try number("duration")
        record.tokens = TokenCounts(
            input: try number("input"), output: try number("output"),
            cached: try number("cached"), reasoning: try number("reasoning"))
        record.compute = try number("compute")
        record.memory = try number("memory")
        record.cost = Amount(nanoCredits: try number("cost"))
        record.gas = try number("gas")
        record.payloadSize = try number("payloadSize")
        record.payloadDigest = try fixed("payloadDigest")
        return record
    }
}
