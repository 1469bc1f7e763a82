// The index as it was at one moment, while others go on changing it.
import CRocksDB

/// Reads the same however long it lives; files that it needs are kept until it goes. The index
/// stays
/// open as long.
public final class IndexView: Sendable {
    private let index: Index
    private nonisolated(unsafe) let snapshot: OpaquePointer
    nonisolated(unsafe) let reading: OpaquePointer

    /// - Throws: where there is no memory.
    public init(of index: Index) throws(StorageFailure) {
        guard let snapshot = index.hold() else { throw .index(.scan, "out of memory") }
        guard let reading = rocksdb_readoptions_create() else {
            index.release(snapshot)
            throw .index(.scan, "out of memory")
        }
        rocksdb_readoptions_set_snapshot(reading, snapshot)
        self.index = index
        self.snapshot = snapshot
        self.reading = reading
    }

    deinit {
        rocksdb_readoptions_destroy(reading)
        index.release(snapshot)
    }

    /// See `Index.scan`.
    public func scan(
        _ scan: IndexScan, _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) throws(StorageFailure) {
        try index.scan(scan, in: self, visit)
    }
}
