// Where sealed segments can be kept beside the disk, and how they go there and come back.
import Environment
import Primitives

/// A store of files by name. Calls block until they are done.
public protocol SegmentDepot {
    func put(_ path: String, as key: String) throws(DepotFailure)
    /// Writes what is stored into a file, in place of what was there.
    func get(_ key: String, into path: String) throws(DepotFailure)
}

/// Why the depot did not do it, in words for people.
public struct DepotFailure: Error, Hashable, Sendable {
    public var sentence: String

    public init(_ sentence: String) { self.sentence = sentence }
}

/// Why a segment was not moved.
public enum ArchiveFailure: Error, Hashable, Sendable {
    case storage(StorageFailure)
    case depot(DepotFailure)
    /// What the depot gave back is not what it was given: longer, shorter or other bytes.
    case differs(key: String)
}

extension ArchiveFailure {
    /// The same for whoever reads a journal.
    ///
    /// - Parameter segment: the one that was asked for.
    public func asStorageFailure(of segment: ArchivedSegment) -> StorageFailure {
        switch self {
        case .storage(let failure): failure
        case .depot(let failure): .notBrought(segment, failure.sentence)
        case .differs(let key):
            .notBrought(segment, "\(key) in the archive is not what was stored there")
        }
    }
}

extension ArchivedSegment {
    /// Copies kept of one journal, at most.
    private static let mostFetched = 4

    /// Brings a copy back, checked by its digest; the journal reads from it then.
    public func fetch(from depot: some SegmentDepot, on disk: any Disk) throws(ArchiveFailure) {
        let part = fetchedPath + ".part"
        do { try depot.get(key, into: part) } catch { throw .depot(error) }
        do throws(StorageFailure) {
            let found = try Self.digest(of: part, on: disk)
            guard found.digest == digest, found.bytes == bytes else {
                try onDisk { () throws(DiskFailure) in try disk.remove(part) }
                throw StorageFailure.payloadDamaged(digest)
            }
            try makeRoom(on: disk)
            let (target, directory) = (fetchedPath, directory)
            try onDisk { () throws(DiskFailure) in
                try disk.rename(part, to: target)
                try disk.syncDirectory(directory)
            }
        } catch {
            if case .payloadDamaged = error { throw .differs(key: key) }
            throw .storage(error)
        }
    }

    private func makeRoom(on disk: any Disk) throws(StorageFailure) {
        let (directory, suffix) = (directory, Self.fetchedSuffix)
        try onDisk { () throws(DiskFailure) in
            let copies = try disk.list(directory).filter { $0.hasSuffix(suffix) }
            for name in copies.dropLast(Self.mostFetched - 1) {
                try disk.remove(directory + "/" + name)
            }
        }
    }
}

extension Journal {
    /// The notes of the segments that lie elsewhere.
    public func archivedSegments() throws(StorageFailure) -> [ArchivedSegment] {
        var notes: [ArchivedSegment] = []
        for first in segments where try !isHere(first) {
            if let note = try directory.archived(first) { notes.append(note) }
        }
        return notes
    }

    private func isHere(_ first: UInt64) throws(StorageFailure) -> Bool {
        try directory.list().local.contains(first)
    }

    /// Moves a sealed segment, never the first: it is stored, read back and compared before its
    /// file here goes. A crash leaves it here, there, or both.
    ///
    /// - Returns: its bytes; nil where it is elsewhere already.
    public func archive(
        segment first: UInt64, as key: String, to depot: some SegmentDepot
    ) throws(ArchiveFailure) -> UInt64? {
        guard let note = try archiving({ () throws(StorageFailure) in try note(first, key) }) else {
            return nil
        }
        do throws(DepotFailure) {
            try depot.put(directory.segmentPath(first), as: key)
        } catch { throw .depot(error) }
        try note.fetch(from: depot, on: directory.disk)
        try archiving { () throws(StorageFailure) in try leave(note) }
        return note.bytes
    }

    /// What is to stand in the place of a segment; nil where it is elsewhere already.
    private func note(
        _ first: UInt64, _ key: String
    ) throws(StorageFailure) -> ArchivedSegment? {
        guard try isHere(first), let next = segments.first(where: { $0 > first }) else {
            return nil
        }
        let path = directory.segmentPath(first)
        let (digest, bytes) = try ArchivedSegment.digest(of: path, on: directory.disk)
        return ArchivedSegment(
            directory: directory.path, first: first, next: next, bytes: bytes,
            digest: digest, key: key)
    }

    private func archiving<Value>(
        _ body: () throws(StorageFailure) -> Value
    ) throws(ArchiveFailure) -> Value {
        do throws(StorageFailure) { return try body() } catch { throw .storage(error) }
    }

    /// Puts the note in the segment's place.
    private func leave(_ note: ArchivedSegment) throws(StorageFailure) {
        let (disk, path) = (directory.disk, directory.path)
        let name = directory.notePath(note.first)
        let segment = directory.segmentPath(note.first)
        let written = name + ".new"
        close(readerOf: note.first)
        let bytes = note.encoded
        let buffer = AlignedBuffer()
        bytes.withUnsafeBytes { buffer.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        try onDisk { () throws(DiskFailure) in
            let names = try disk.list(path)
            if names.contains(where: { written.hasSuffix("/" + $0) }) { try disk.remove(written) }
            let file = try disk.open(written, .creating)
            defer { file.close() }
            try file.append(UnsafeRawBufferPointer(start: buffer.base, count: bytes.count))
            try file.sync()
            try disk.rename(written, to: name)
            try disk.syncDirectory(path)
            try disk.remove(segment)
            // The copy that was compared is of no use before somebody asks for it.
            try disk.remove(note.fetchedPath)
            try disk.syncDirectory(path)
        }
        self.note(bytes: 0, ofSegment: note.first)
    }

    /// Brings a segment back for good.
    public func restore(
        _ note: ArchivedSegment, from depot: some SegmentDepot
    ) throws(ArchiveFailure) {
        try note.fetch(from: depot, on: directory.disk)
        close(readerOf: note.first)
        let (disk, path) = (directory.disk, directory.path)
        let (segment, name) = (directory.segmentPath(note.first), directory.notePath(note.first))
        try archiving { () throws(StorageFailure) in
            try onDisk { () throws(DiskFailure) in
                try disk.rename(note.fetchedPath, to: segment)
                try disk.syncDirectory(path)
                try disk.remove(name)
                try disk.syncDirectory(path)
            }
            self.note(bytes: note.bytes, ofSegment: note.first)
        }
    }
}
