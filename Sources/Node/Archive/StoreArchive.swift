// Sealed segments of both journals go to another store, and come back.
import Environment
import Primitives
import Records
import Replica
import Storage

/// What was moved.
public struct ArchiveReport: Hashable, Sendable {
    public var segments: UInt64 = 0
    public var bytes: UInt64 = 0

    public init() {}
}

public enum StoreArchive {
    /// Moves every sealed segment that a start does not need: not the first of a journal, and none
    /// that holds anything after the last snapshot. What was moved before stays moved where a later
    /// segment fails.
    ///
    /// - Parameters:
    ///   - prefix: what the names in the depot begin with; may be empty.
    ///   - progress: called after each segment.
    public static func run(
        _ opening: StoreOpening, to depot: some SegmentDepot, prefix: String,
        progress: (ArchiveReport) -> Void = { _ in }
    ) throws(ArchiveFailure) -> ArchiveReport {
        var report = ArchiveReport()
        let store = try opened(opening)
        defer { store.close() }
        let needed: UInt64
        do { needed = try store.snapshot()?.replayFrom ?? 0 } catch { throw .storage(error) }
        let parts: [(Journal, String, UInt64)] = [
            (store.journal, "journal", needed), (store.payloadJournal, "payloads", .max),
        ]
        let id = store.journal.storeID.bytes
        for (journal, name, needed) in parts {
            let sealed = journal.sealedSegments
            for (first, next) in zip(sealed, sealed.dropFirst() + [journal.currentSegment])
            where first > 0 && next <= needed {
                let folder = prefix.isEmpty ? "" : prefix + "/"
                let key = "\(folder)\(Hex.encode(id))/\(name)/"
                    + Hex.encode(IndexKey.number(first)) + ".segment"
                guard let bytes = try journal.archive(segment: first, as: key, to: depot) else {
                    continue
                }
                report.segments += 1
                report.bytes += bytes
                progress(report)
            }
        }
        return report
    }

    /// Brings every segment back for good: what `store check`, `rebuild` and `prune` need.
    public static func restore(
        _ opening: StoreOpening, from depot: some SegmentDepot,
        progress: (ArchiveReport) -> Void = { _ in }
    ) throws(ArchiveFailure) -> ArchiveReport {
        var report = ArchiveReport()
        let store = try opened(opening)
        defer { store.close() }
        do throws(StorageFailure) {
            let batch = WriteBatch()
            store.forgetCompaction(in: batch)
            try store.index.commit(batch)
        } catch { throw .storage(error) }
        for journal in [store.journal, store.payloadJournal] {
            let notes: [ArchivedSegment]
            do { notes = try journal.archivedSegments() } catch { throw .storage(error) }
            for note in notes {
                try journal.restore(note, from: depot)
                report.segments += 1
                report.bytes += note.bytes
                progress(report)
            }
        }
        return report
    }

    private static func opened(_ opening: StoreOpening) throws(ArchiveFailure) -> Store {
        do { return try Store(opening, settings: NodeSettings()) } catch { throw .storage(error) }
    }
}
