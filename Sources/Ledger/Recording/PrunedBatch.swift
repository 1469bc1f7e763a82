// What is left of a batch whose records were pruned: enough to carry it out again.
import Primitives
import Records

/// A batch without its records: header, signature, and what the rows came to for each agent. That
/// this is true is what the state root of the next checkpoint shows.
public struct PrunedBatch: Sendable {
    /// Holds no records.
    public let batch: CheckedBatch
    public let totals: BatchTotals

    public init(of batch: CheckedBatch) throws(BatchFailure) {
        self.batch = try CheckedBatch(
            withoutRecords: batch.batch.header, signature: batch.batch.signature)
        totals = BatchTotals(of: batch)
    }

    /// header (222) ‖ signature (64) ‖ u32 n ‖ n × (usage without its times ‖ set of kinds), in the
    /// order of the batch's table.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 300 + totals.sums.count * 128)
        writer.append(batch.batch.header.encoded)
        writer.write(batch.batch.signature)
        writer.write(UInt32(totals.sums.count))
        for (sum, kinds) in zip(totals.sums, totals.kinds) {
            sum.write(to: &writer)
            writer.write(kinds.bits)
        }
        return writer.bytes
    }

    /// Bytes of one agent's part.
    private static let width = 32 + 6 * 8 + 16 + 8 + 16 + 8

    /// - Throws: also where the signature is not the submitter's.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let header = try BatchHeader(
            decoding: try reader.read(count: BatchHeader.width))
        let signature: Signature = try reader.read()
        let start = reader.offset
        let count = Int(try reader.read(UInt32.self))
        guard (1...Limits.recordsPerBatch).contains(count),
            count <= reader.remaining / Self.width
        else { throw DecodingFailure(.overLimit, at: start) }
        var sums: [Usage] = []
        var kinds: [KindSet] = []
        for _ in 0..<count {
            sums.append(try Usage(from: &reader))
            kinds.append(try reader.readKinds())
        }
        try reader.finish()
        guard sums.reduce(0, { $0 &+ $1.records }) == UInt64(header.count) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        batch = try Self.checked(header, signature)
        totals = BatchTotals(batch: header.digest, sums: sums, kinds: kinds)
    }

    private static func checked(
        _ header: BatchHeader, _ signature: Signature
    ) throws(DecodingFailure) -> CheckedBatch {
        do {
            return try CheckedBatch(withoutRecords: header, signature: signature)
        } catch { throw DecodingFailure(.outOfRange, at: BatchHeader.width) }
    }
}
