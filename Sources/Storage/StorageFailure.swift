// Every way a store can refuse, with what an operator needs to act on it.
import Environment
import Primitives

/// Why an operation on a store did not happen.
public enum StorageFailure: Error, Hashable, Sendable {
    /// The disk failed; the operation left no trace that a reader would take for committed.
    case disk(DiskFailure)
    /// Another process, or another object of this one, has the store open.
    case storeIsInUse(path: String)
    /// Written by a later version of this program.
    case storeIsNewer(found: UInt32, supported: UInt32)
    /// Bytes that were once committed are not what they were.
    case damaged(JournalFault)
    /// A commit failed and its bytes could not be cut off; reopening the journal tries again.
    case suspended
    /// A frame or a group over its limit, both in bytes.
    case tooLarge(bytes: Int, limit: Int)
    /// The segment lies in another store, and no copy of it here.
    case archived(ArchivedSegment)
    /// The segment lies in another store, which did not give it; in words for people.
    case notBrought(ArchivedSegment, String)
    /// No committed frame begins at this position.
    case noFrame(FramePosition)
    /// A payload, block or manifest that does not decode or does not have its digest.
    case payloadDamaged(Digest)
    /// The index holds entries from journal sequences that the journal does not have.
    case indexAheadOfJournal(indexed: UInt64, journal: UInt64)
    /// The index has an older layout, or contradicts itself: destroy and rebuild it.
    case indexUnusable
    /// RocksDB refused, in its own words, which are for people only.
    case index(IndexOperation, String)
}

/// What was asked of the index when it failed.
public enum IndexOperation: String, Hashable, Sendable {
    case open, get, commit, scan, flush, destroy
}

/// Runs an operation of the disk and names its failure as the store's.
func onDisk<Result>(
    _ operation: () throws(DiskFailure) -> Result
) throws(StorageFailure) -> Result {
    do {
        return try operation()
    } catch {
        throw .disk(error)
    }
}
