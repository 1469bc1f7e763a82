// Compressing the sealed segments of a store, those of records column by column.
import Environment
import Primitives
import Storage

/// What compaction did; sums over the segments of one kind.
public struct CompactReport: Hashable, Sendable {
    public var segments: UInt64 = 0
    /// Bytes of their files, before and after.
    public var bytesBefore: UInt64 = 0
    public var bytesAfter: UInt64 = 0

    public init() {}

    fileprivate mutating func add(_ sizes: SegmentSizes) {
        segments += 1
        bytesBefore += sizes.before
        bytesAfter += sizes.after
    }
}

public enum StoreCompact {
    /// Compresses every sealed segment of both journals that is here and gets smaller by it.
    /// Everything reads through it as before. A crash leaves each segment as it was or compressed.
    ///
    /// - Parameter progress: called after each segment.
    public static func run(
        _ opening: StoreOpening, progress: (CompactReport) -> Void = { _ in }
    ) throws(StorageFailure) -> CompactReport {
        let store = try Store(opening, settings: NodeSettings())
        defer { store.close() }
        var report = CompactReport()
        for journal in [store.journal, store.payloadJournal] {
            for segment in journal.sealedSegments {
                guard let sizes = try journal.compress(segment: segment, BatchSplit.sections)
                else { continue }
                report.add(sizes)
                progress(report)
            }
        }
        return report
    }
}
