// What a reader of segments reads: a file as it was written, or one that was compressed since; the
// bytes are the same.
import Environment
import Primitives

/// One open file of a segment. Used by one thread at a time.
final class SegmentFile {
    private let file: any DiskFile
    private var pieces: CompressedPieces?

    /// A file as it lies there.
    init(_ file: any DiskFile) { self.file = file }

    /// A file whose first block holds this header.
    init(_ file: any DiskFile, _ header: SegmentHeader) throws(StorageFailure) {
        self.file = file
        if header.version == JournalFormat.compressedVersion {
            pieces = try CompressedPieces(file, header)
        }
    }

    var isCompressed: Bool { pieces != nil }

    /// Bytes of the segment.
    var size: UInt64 { pieces?.size ?? file.size }

    /// Bytes of the file.
    var storedBytes: UInt64 { file.size }

    /// Reads from `offset` until `target` is full or the segment ends; returns the number of bytes
    /// read.
    ///
    /// - Throws: `damaged` where a piece does not have its checksum.
    func read(
        at offset: UInt64, into target: UnsafeMutableRawBufferPointer
    ) throws(StorageFailure) -> Int {
        guard pieces == nil else { return try pieces?.read(file, at: offset, into: target) ?? 0 }
        return try onDisk { () throws(DiskFailure) in try file.read(at: offset, into: target) }
    }

    /// Every piece that does not have its checksum.
    func faults() throws(StorageFailure) -> [JournalFault] { try pieces?.faults(file) ?? [] }

    /// - Throws: `suspended` for a compressed segment, which is never appended to.
    func append(_ bytes: UnsafeRawBufferPointer) throws(StorageFailure) {
        try whereWritable { () throws(DiskFailure) in try file.append(bytes) }
    }

    func prepare(_ count: Int) {
        if pieces == nil { file.prepare(count) }
    }

    func truncate(to size: UInt64) throws(StorageFailure) {
        try whereWritable { () throws(DiskFailure) in try file.truncate(to: size) }
    }

    func sync() throws(StorageFailure) {
        try onDisk { () throws(DiskFailure) in try file.sync() }
    }

    func close() { file.close() }

    private func whereWritable(
        _ operation: () throws(DiskFailure) -> Void
    ) throws(StorageFailure) {
        guard pieces == nil else { throw .suspended }
        try onDisk(operation)
    }
}
