// A sealed segment that lies in another store: the note that stands in its place.
import Cryptography
import Environment
import Primitives

/// Where a sealed segment went, and what it must be when it comes back.
public struct ArchivedSegment: Hashable, Sendable {
    /// The journal's directory.
    public var directory: String
    /// The first sequence: the segment's name.
    public var first: UInt64
    /// The sequence that follows it.
    public var next: UInt64
    public var bytes: UInt64
    /// `digest(of:)` of the file.
    public var digest: Digest
    /// Its name in the other store.
    public var key: String

    static let version: UInt32 = 1
    static let suffix = ".archived"
    static let fetchedSuffix = ".fetched"
    static let keyBytes = 1_024
    static let domain = HashDomain("althing 2026 archived segment v1")
    private static let noteDomain = HashDomain("althing 2026 archived segment note v1")

    /// u32 version ‖ first ‖ next ‖ bytes ‖ digest ‖ text key ‖ digest of all this.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.version)
        writer.write(first)
        writer.write(next)
        writer.write(bytes)
        writer.write(digest)
        writer.write(key)
        return writer.bytes + Self.noteDomain.hash(writer.bytes).bytes
    }

    init(
        directory: String, first: UInt64, next: UInt64, bytes: UInt64, digest: Digest, key: String
    ) {
        self.directory = directory
        self.first = first
        self.next = next
        self.bytes = bytes
        self.digest = digest
        self.key = key
    }

    init(decoding raw: [UInt8], in directory: String) throws(DecodingFailure) {
        self.directory = directory
        var reader = ByteReader(raw)
        guard try reader.read(UInt32.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        first = try reader.read()
        next = try reader.read()
        bytes = try reader.read()
        digest = try reader.read()
        key = try reader.readText(limit: Self.keyBytes)
        let end = reader.offset
        guard try reader.read(Digest.self) == Self.noteDomain.hash(Array(raw[..<end])) else {
            throw DecodingFailure(.notCanonical, at: end)
        }
        try reader.finish()
    }

    /// Where a copy that came back lies.
    var fetchedPath: String {
        directory + "/" + JournalFormat.name(ofSegment: first) + Self.fetchedSuffix
    }

    /// The digest over the digests of the file's pieces of 4 MiB, so that no file has to be in
    /// memory at once.
    static func digest(
        of path: String, on disk: any Disk
    ) throws(StorageFailure) -> (digest: Digest, bytes: UInt64) {
        let file = try onDisk { () throws(DiskFailure) in try disk.open(path, .reading) }
        defer { file.close() }
        let buffer = AlignedBuffer()
        let piece = 4 << 20
        buffer.reserve(piece, keeping: 0)
        var digests: [UInt8] = []
        var offset: UInt64 = 0
        while offset < file.size {
            let target = UnsafeMutableRawBufferPointer(
                start: buffer.base, count: min(piece, Int(file.size - offset)))
            let count = try onDisk { () throws(DiskFailure) in
                try file.read(at: offset, into: target)
            }
            guard count == target.count else {
                throw .disk(DiskFailure(.read, path: path, code: 5))
            }
            digests += BLAKE3.hash(UnsafeRawBufferPointer(target)).bytes
            offset += UInt64(count)
        }
        return (domain.hash(digests), offset)
    }
}

extension JournalDirectory {
    func notePath(_ first: UInt64) -> String { segmentPath(first) + ArchivedSegment.suffix }

    /// The note of a segment that lies elsewhere; nil where there is none.
    func archived(_ first: UInt64) throws(StorageFailure) -> ArchivedSegment? {
        guard let raw = try read(notePath(first)) else { return nil }
        guard let note = try? ArchivedSegment(decoding: raw, in: path), note.first == first
        else {
            throw .damaged(JournalFault(segment: first, offset: 0, kind: .segmentHeader))
        }
        return note
    }

    /// A small file whole; nil where there is none.
    private func read(_ name: String) throws(StorageFailure) -> [UInt8]? {
        guard let file = try file(name, .reading) else { return nil }
        defer { file.close() }
        let buffer = AlignedBuffer()
        let target = UnsafeMutableRawBufferPointer(
            start: buffer.base, count: min(Int(clamping: file.size), diskBlockBytes))
        let count = try onDisk { () throws(DiskFailure) in try file.read(at: 0, into: target) }
        return Array(target.prefix(count))
    }

    /// The file that holds a segment here: its own, or a copy that came back.
    ///
    /// - Throws: `archived` where there is neither.
    func openFile(
        _ first: UInt64, _ access: FileAccess
    ) throws(StorageFailure) -> any DiskFile {
        let own = segmentPath(first)
        if let file = try file(own, access) { return file }
        guard access == .reading, let note = try archived(first) else {
            throw .disk(DiskFailure(.open, path: own, code: Self.notThere))
        }
        if let copy = try file(note.fetchedPath, access) { return copy }
        try bring?(note)
        guard let copy = try file(note.fetchedPath, access) else { throw .archived(note) }
        return copy
    }

    /// The error number of a file that does not exist.
    private static let notThere: Int32 = 2

    /// Nil where there is no such file.
    private func file(
        _ name: String, _ access: FileAccess
    ) throws(StorageFailure) -> (any DiskFile)? {
        do throws(DiskFailure) {
            return try disk.open(name, access)
        } catch {
            if error.code == Self.notThere { return nil }
            throw .disk(error)
        }
    }
}
