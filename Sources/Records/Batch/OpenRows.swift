// Rows that are being added one by one, before they are encoded.
import Primitives

struct OpenRows: Sendable {
    /// Row-major: the `stride` numbers of row 0, then those of row 1, and so on.
    var words: [UInt64] = []
    static let stride = NumericColumn.allCases.count
    var operations: [OperationID] = []
    var payloadDigests: [Digest] = []
    /// All rows' parents, one row after the other.
    var parents: [ParentReference] = []
    /// One more than rows: row i has the parents `parentStarts[i]..<parentStarts[i + 1]`.
    var parentStarts: [Int] = [0]

    /// Adds the parts of a record that need no table.
    mutating func append(_ record: Record, parents references: [ParentReference]) {
        words.append(UInt64(littleEndian: record.caller.word))
        words.append(UInt64(record.kind.rawValue))
        words.append(UInt64(record.outcome.rawValue))
        words.append(record.start.nanoseconds)
        words.append(record.duration)
        words.append(record.tokens.input)
        words.append(record.tokens.output)
        words.append(record.tokens.cached)
        words.append(record.tokens.reasoning)
        words.append(record.compute)
        words.append(record.memory)
        words.append(UInt64(truncatingIfNeeded: record.cost.nanoCredits))
        words.append(UInt64(truncatingIfNeeded: record.cost.nanoCredits >> 64))
        words.append(record.gas)
        words.append(record.payloadSize)
        words.append(UInt64(references.count))
        operations.append(record.operation)
        payloadDigests.append(record.payloadDigest)
        parents.append(contentsOf: references)
        parentStarts.append(parents.count)
    }
}
