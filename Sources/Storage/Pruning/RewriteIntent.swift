// Which segment is being exchanged: kept in the index from before the exchange until the index
// knows the new places, so that a crash between leaves no place that is wrong.
import Primitives

struct RewriteIntent: Hashable {
    var purpose: JournalPurpose
    var segment: UInt64

    init(_ purpose: JournalPurpose, _ segment: UInt64) {
        self.purpose = purpose
        self.segment = segment
    }

    private static func key(_ purpose: JournalPurpose) -> [UInt8] {
        Array("rewriting\(purpose.rawValue)".utf8)
    }

    /// Durably.
    func put(into index: Index) throws(StorageFailure) {
        let batch = WriteBatch()
        var writer = ByteWriter()
        writer.write(segment)
        batch.put(Self.key(purpose), writer.bytes, in: .meta)
        try index.commit(batch)
        try index.flush()
    }

    static func clear(_ purpose: JournalPurpose, in batch: WriteBatch) {
        batch.delete(key(purpose), in: .meta)
    }

    /// What an interrupted exchange left; nil where there was none.
    static func left(_ purpose: JournalPurpose, in index: Index) throws(StorageFailure) -> Self? {
        guard let bytes = try index.get(key(purpose), in: .meta) else { return nil }
        var reader = ByteReader(bytes)
        guard let segment = try? reader.read(UInt64.self) else { throw .indexUnusable }
        return RewriteIntent(purpose, segment)
    }
}

/// The same for the journal of records, whose index is the caller's.
public struct SegmentExchange {
    /// Exchanges a rewritten segment; `places` puts the new places of its frames into a batch.
    public static func run(
        segment: UInt64, of journal: Journal, in index: Index,
        _ places: (WriteBatch) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        try RewriteIntent(.records, segment).put(into: index)
        try journal.exchange(segment: segment)
        try settle(index, places)
    }

    /// The segment whose exchange was interrupted: its places must be put again with `settle`.
    public static func interrupted(in index: Index) throws(StorageFailure) -> UInt64? {
        try RewriteIntent.left(.records, in: index)?.segment
    }

    /// Makes new places durable.
    public static func settle(
        _ index: Index, _ places: (WriteBatch) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let batch = WriteBatch()
        try places(batch)
        RewriteIntent.clear(.records, in: batch)
        try index.commit(batch)
        try index.flush()
    }
}
