// The index: sorted keys over RocksDB, always rebuildable from the journals.
import CRocksDB
import Primitives

/// Keys and values in key spaces. Safe to use from several threads: RocksDB is, and nothing else
/// is kept here.
///
/// The write-ahead log is off because the journal is the truth. A batch is committed after the
/// journal frames it tells of are synced, and carries the sequence it reaches. A crash loses the
/// latest batches, never one before another (one column family, see `KeySpace`): so the index on
/// disk is exactly what the journal was up to the sequence it names, and reading the journal on
/// from there completes it.
public final class Index: Sendable {
    private nonisolated(unsafe) let database: OpaquePointer
    private nonisolated(unsafe) let options: OpaquePointer
    private nonisolated(unsafe) let reading: OpaquePointer
    private nonisolated(unsafe) let writing: OpaquePointer

    private static let version: UInt32 = 1
    private static let formatKey: [UInt8] = Array("format".utf8)

    /// Opens the index in the directory `path`, or makes it.
    /// - Parameter storeID: the store whose journals it follows; an index of another is
    ///   `indexUnusable`.
    public init(
        path: String, storeID: StoreID, settings: IndexSettings = IndexSettings()
    ) throws(StorageFailure) {
        guard let options = settings.makeOptions(), let reading = rocksdb_readoptions_create(),
            let writing = rocksdb_writeoptions_create()
        else { throw .index(.open, "out of memory") }
        rocksdb_writeoptions_disable_WAL(writing, 1)
        var message: UnsafeMutablePointer<CChar>?
        guard let database = rocksdb_open(options, path, &message) else {
            rocksdb_writeoptions_destroy(writing)
            rocksdb_readoptions_destroy(reading)
            rocksdb_options_destroy(options)
            throw .index(.open, Self.take(&message))
        }
        self.database = database
        self.options = options
        self.reading = reading
        self.writing = writing
        try checkFormat(storeID)
    }

    /// Writes everything out and closes the files.
    deinit {
        rocksdb_close(database)
        rocksdb_writeoptions_destroy(writing)
        rocksdb_readoptions_destroy(reading)
        rocksdb_options_destroy(options)
    }

    /// Removes the index in the directory `path`; it must not be open.
    public static func destroy(path: String) throws(StorageFailure) {
        guard let options = rocksdb_options_create() else {
            throw .index(.destroy, "out of memory")
        }
        defer { rocksdb_options_destroy(options) }
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_destroy_db(options, path, &message)
        if message != nil { throw .index(.destroy, take(&message)) }
    }

    /// The value of a key, nil where there is none.
    public func get(_ key: [UInt8], in space: KeySpace) throws(StorageFailure) -> [UInt8]? {
        try key.withUnsafeBufferPointer { bytes throws(StorageFailure) in
            try get(UnsafeRawBufferPointer(bytes), in: space) { Array($0) }
        }
    }

    /// What `read` makes of the value of a key, nil where there is none. The bytes are valid only
    /// in the call.
    public func get<Value>(
        _ key: UnsafeRawBufferPointer, in space: KeySpace,
        _ read: (UnsafeRawBufferPointer) -> Value
    ) throws(StorageFailure) -> Value? {
        var message: UnsafeMutablePointer<CChar>?
        let slice = space.withKey(key) { name, length in
            rocksdb_get_pinned(database, reading, name, length, &message)
        }
        if message != nil { throw .index(.get, Self.take(&message)) }
        guard let slice else { return nil }
        defer { rocksdb_pinnableslice_destroy(slice) }
        var count = 0
        let value = rocksdb_pinnableslice_value(slice, &count)
        return read(UnsafeRawBufferPointer(start: value, count: count))
    }

    /// Makes all changes of the batch visible at once. They survive a crash after `flush`, or
    /// when later ones do.
    public func commit(_ batch: WriteBatch) throws(StorageFailure) {
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_write(database, writing, batch.handle, &message)
        if message != nil { throw .index(.commit, Self.take(&message)) }
    }

    /// Writes every committed batch out; opening after this reads nothing again.
    public func flush() throws(StorageFailure) {
        guard let options = rocksdb_flushoptions_create() else {
            throw .index(.flush, "out of memory")
        }
        defer { rocksdb_flushoptions_destroy(options) }
        rocksdb_flushoptions_set_wait(options, 1)
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_flush(database, options, &message)
        if message != nil { throw .index(.flush, Self.take(&message)) }
    }

    /// A new iterator for one scan, over the index as `view` holds it where one is given.
    func makeIterator(_ view: IndexView? = nil) throws(StorageFailure) -> OpaquePointer {
        guard let iterator = rocksdb_create_iterator(database, view?.reading ?? reading) else {
            throw .index(.scan, "out of memory")
        }
        return iterator
    }

    /// Holds the index as it is now.
    func hold() -> OpaquePointer? { rocksdb_create_snapshot(database) }

    func release(_ snapshot: OpaquePointer) { rocksdb_release_snapshot(database, snapshot) }

    private func checkFormat(_ storeID: StoreID) throws(StorageFailure) {
        if let found = try get(Self.formatKey, in: .meta) {
            var reader = ByteReader(found)
            guard let version = try? reader.read(UInt32.self),
                let owner = try? reader.read(StoreID.self)
            else { throw .indexUnusable }
            if version > Self.version {
                throw .storeIsNewer(found: version, supported: Self.version)
            }
            guard version == Self.version, owner == storeID else { throw .indexUnusable }
            return
        }
        var writer = ByteWriter()
        writer.write(Self.version)
        writer.write(storeID)
        let batch = WriteBatch()
        batch.put(Self.formatKey, writer.bytes, in: .meta)
        try commit(batch)
    }

    /// The message as a string; frees it.
    static func take(_ message: inout UnsafeMutablePointer<CChar>?) -> String {
        guard let text = message else { return "no message" }
        defer {
            rocksdb_free(text)
            message = nil
        }
        return String(cString: text)
    }
}
