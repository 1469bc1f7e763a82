// The 256-byte row of a record, written field by field (docs/spec/record.md §1).
import Primitives

enum RecordRow {
    /// Bytes: four BLAKE3 blocks.
    static let width = 256

    /// The ASCII bytes `althrec1`, read as a little-endian integer.
    static let tag: UInt64 = 0x3163_6572_6874_6c61

    /// Writes `width` bytes to `row`.
    static func write(_ record: Record, to row: UnsafeMutableRawPointer) {
        row.storeBytes(of: tag, as: UInt64.self)
        record.agent.store(to: row + 8)
        record.run.store(to: row + 40)
        record.task.store(to: row + 56)
        record.operation.store(to: row + 72)
        record.caller.store(to: row + 80)
        row.storeBytes(of: record.kind.rawValue, toByteOffset: 88, as: UInt8.self)
        row.storeBytes(of: record.outcome.rawValue, toByteOffset: 89, as: UInt8.self)
        row.storeBytes(
            of: UInt16(record.parents.count).littleEndian, toByteOffset: 90, as: UInt16.self)
        row.storeBytes(of: 0, toByteOffset: 92, as: UInt32.self)
        let words = [
            record.start.nanoseconds, record.duration, record.tokens.input, record.tokens.output,
            record.tokens.cached, record.tokens.reasoning, record.compute, record.memory,
            UInt64(truncatingIfNeeded: record.cost.nanoCredits),
            UInt64(truncatingIfNeeded: record.cost.nanoCredits >> 64), record.gas,
            record.payloadSize,
        ]
        for (index, word) in words.enumerated() {
            row.storeBytes(of: word.littleEndian, toByteOffset: 96 + 8 * index, as: UInt64.self)
        }
        record.payloadDigest.store(to: row + 192)
        parentsDigest(record.parents).store(to: row + 224)
    }
}
