// Scans of the index: keys in order, from a key on, both ways, with a prefix and a limit.
import CRocksDB
import Primitives

/// Which keys of one space, in which order.
public struct IndexScan: Hashable, Sendable {
    public enum Start: Hashable, Sendable {
        /// The first key in the direction of the scan.
        case edge
        /// This key, or the next one where it is not there.
        case at([UInt8])
        /// The key after this one: for the page that follows a cursor.
        case after([UInt8])
    }

    public var space: KeySpace
    /// Only keys that begin so.
    public var prefix: [UInt8] = []
    /// Keys are whole ones, prefix included.
    public var start = Start.edge
    public var isDescending = false
    /// Entries at most.
    public var limit = Int.max

    public init(_ space: KeySpace) { self.space = space }
}

/// One key and its value.
public struct IndexEntry: Hashable, Sendable {
    public var key: [UInt8]
    public var value: [UInt8]
}

extension Index {
    /// The entries of a scan, in its order.
    public func entries(_ scan: IndexScan) throws(StorageFailure) -> [IndexEntry] {
        var entries: [IndexEntry] = []
        try self.scan(scan) { key, value in
            entries.append(IndexEntry(key: Array(key), value: Array(value)))
            return true
        }
        return entries
    }

    /// Calls `visit` with key and value until it returns false; the bytes are valid only in the
    /// call. The scan sees the index as it was at its start, or as `view` holds it.
    public func scan(
        _ scan: IndexScan, in view: IndexView? = nil,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) throws(StorageFailure) {
        let iterator = try makeIterator(view)
        defer { rocksdb_iter_destroy(iterator) }
        let frame = [scan.space.number] + scan.prefix
        seek(iterator, scan, frame)
        var left = scan.limit
        while left > 0, rocksdb_iter_valid(iterator) != 0 {
            var (keyCount, valueCount) = (0, 0)
            let key = UnsafeRawBufferPointer(
                start: rocksdb_iter_key(iterator, &keyCount), count: keyCount)
            guard key.starts(with: frame) else { break }
            let value = UnsafeRawBufferPointer(
                start: rocksdb_iter_value(iterator, &valueCount), count: valueCount)
            guard visit(UnsafeRawBufferPointer(rebasing: key[1...]), value) else { break }
            left -= 1
            step(iterator, scan)
        }
        var message: UnsafeMutablePointer<CChar>?
        rocksdb_iter_get_error(iterator, &message)
        if message != nil { throw .index(.scan, Self.take(&message)) }
    }

    private func seek(_ iterator: OpaquePointer, _ scan: IndexScan, _ frame: [UInt8]) {
        let target: [UInt8]?
        var isExcluded = false
        switch scan.start {
        case .edge:
            target = scan.isDescending ? Self.successor(of: frame) : frame
            isExcluded = scan.isDescending
        case .at(let key): target = [scan.space.number] + key
        case .after(let key):
            target = [scan.space.number] + key
            isExcluded = true
        }
        guard let target else { return rocksdb_iter_seek_to_last(iterator) }
        target.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                if scan.isDescending {
                    rocksdb_iter_seek_for_prev(iterator, $0.baseAddress, $0.count)
                } else {
                    rocksdb_iter_seek(iterator, $0.baseAddress, $0.count)
                }
            }
        }
        if isExcluded && isAt(target, iterator) { step(iterator, scan) }
    }

    private func step(_ iterator: OpaquePointer, _ scan: IndexScan) {
        if scan.isDescending { rocksdb_iter_prev(iterator) } else { rocksdb_iter_next(iterator) }
    }

    private func isAt(_ target: [UInt8], _ iterator: OpaquePointer) -> Bool {
        guard rocksdb_iter_valid(iterator) != 0 else { return false }
        var count = 0
        let key = UnsafeRawBufferPointer(start: rocksdb_iter_key(iterator, &count), count: count)
        return key.elementsEqual(target)
    }

    /// The first string of bytes after all that begin with `frame`; nil where there is none.
    private static func successor(of frame: [UInt8]) -> [UInt8]? {
        var bytes = frame
        while let last = bytes.last, last == 255 { bytes.removeLast() }
        guard !bytes.isEmpty else { return nil }
        bytes[bytes.count - 1] += 1
        return bytes
    }
}
