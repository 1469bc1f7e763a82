// Key spaces of the index and one batch of changes to them.
import CRocksDB
import Primitives

/// A named part of the index: its number is the first byte of every key in RocksDB.
///
/// All spaces live in one column family. The write-ahead log is off, so what survives a crash is
/// what was flushed; in one column family that is always a prefix of the commits, across all
/// spaces. With a column family each, it would take atomic flushes and more memory for the same.
public struct KeySpace: Hashable, Sendable {
    public let number: UInt8

    /// For the users of this module. `number` is one that no other space has; those below 16
    /// belong to Storage.
    public init(_ number: UInt8) {
        precondition(number >= 16, "key spaces below 16 belong to Storage")
        self.number = number
    }

    private init(own number: UInt8) { self.number = number }

    /// Format, store and positions of the index itself.
    static let meta = KeySpace(own: 0)
    /// Chunk digest to its place in a block.
    static let chunks = KeySpace(own: 1)
    /// Digest of a payload of several chunks to the list of them.
    static let manifests = KeySpace(own: 2)
    /// Sequence of a block in the payload journal to its position.
    static let blocks = KeySpace(own: 3)

    /// Calls `body` with the key as RocksDB sees it.
    func withKey<Result>(
        _ key: UnsafeRawBufferPointer, _ body: (UnsafePointer<CChar>, Int) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: key.count + 1, alignment: 8) { buffer in
            buffer[0] = number
            UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: key)
            return buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!, $0.count) }
        }
    }
}

/// Changes that are committed together or not at all, in the order they were made.
public final class WriteBatch: @unchecked Sendable {  // reason: handed over whole
    let handle: OpaquePointer

    public init() { handle = rocksdb_writebatch_create() }

    deinit { rocksdb_writebatch_destroy(handle) }

    /// Changes in the batch.
    public var count: Int { Int(rocksdb_writebatch_count(handle)) }

    /// Bytes of its keys and values, with what the index adds to each.
    public var bytes: Int {
        var size = 0
        _ = rocksdb_writebatch_data(handle, &size)
        return size
    }

    public func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, in space: KeySpace
    ) {
        space.withKey(key) { name, length in
            value.withMemoryRebound(to: CChar.self) {
                rocksdb_writebatch_put(handle, name, length, $0.baseAddress, $0.count)
            }
        }
    }

    public func put(_ key: [UInt8], _ value: [UInt8], in space: KeySpace) {
        key.withUnsafeBytes { name in value.withUnsafeBytes { put(name, $0, in: space) } }
    }

    public func delete(_ key: [UInt8], in space: KeySpace) {
        key.withUnsafeBytes {
            space.withKey($0) { rocksdb_writebatch_delete(handle, $0, $1) }
        }
    }

    /// Forgets every change.
    public func clear() { rocksdb_writebatch_clear(handle) }
}
