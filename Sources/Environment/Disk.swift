// What a store asks of a disk: directories, append-only files with explicit sync, and one lock.

/// An operation of the disk that failed, where, and the reason in the words of the system.
public struct DiskFailure: Error, Hashable, Sendable {
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        case createDirectory, syncDirectory, list, rename, remove, freeSpace, lock
        case open, append, sync, read, truncate
    }

    public var operation: Operation
    public var path: String
    /// The error number of the system (`errno`): 28 is ENOSPC, 5 is EIO, 11 is EAGAIN.
    public var code: Int32

    public init(_ operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}

/// How a file is opened.
public enum FileAccess: Hashable, Sendable {
    /// A file that must not exist yet; appends and reads.
    case creating
    /// A file that must exist; appends and reads.
    case appending
    /// A file that must exist; reads only.
    case reading
}

/// A file that grows at its end. Used by one thread at a time.
public protocol DiskFile: AnyObject {
    /// Bytes in the file; what another handle did since this one was opened need not be in it.
    var size: UInt64 { get }

    /// Adds all of `bytes` at the end. After a failure any prefix of them may have been added,
    /// and `size` says how many. Addresses, counts and sizes that are multiples of
    /// `diskBlockBytes` take the fast path.
    func append(_ bytes: UnsafeRawBufferPointer) throws(DiskFailure)

    /// Writes `count` zeros behind the end, so that what is appended in their place needs no new
    /// room and its sync writes nothing but it. `size` stays, and a file that is opened again may
    /// end in them; `truncate` takes them away. Where it fails, nothing was made ready.
    func prepare(_ count: Int)

    /// Returns when everything appended survives a loss of power, and so does the size.
    func sync() throws(DiskFailure)

    /// Reads from `offset` until `target` is full or the file ends; returns the number of bytes
    /// read.
    func read(
        at offset: UInt64, into target: UnsafeMutableRawBufferPointer
    ) throws(DiskFailure) -> Int

    /// Cuts the file to `size` bytes, which is at most its size. Not durable before `sync`.
    func truncate(to size: UInt64) throws(DiskFailure)

    /// Releases the file without a sync; every later call fails. A second close does nothing.
    func close()
}

/// Held while its object lives, or until released.
public protocol DiskLock: AnyObject {
    func release()
}

/// The alignment of the fast path in bytes: a multiple of the sector size of every common disk.
public let diskBlockBytes = 4096

/// Directories and files. Paths are absolute or relative to the working directory, parts joined
/// by "/".
public protocol Disk {
    /// Creates the directory and its missing parents, durably; one that exists is left alone.
    func createDirectory(_ path: String) throws(DiskFailure)

    /// Names of the entries of a directory without "." and "..", in order of their bytes.
    func list(_ path: String) throws(DiskFailure) -> [String]

    func open(_ path: String, _ access: FileAccess) throws(DiskFailure) -> any DiskFile

    /// Replaces `target` by `source` in one step; durable after `syncDirectory`.
    func rename(_ source: String, to target: String) throws(DiskFailure)

    /// Removes a file; durable after `syncDirectory`.
    func remove(_ path: String) throws(DiskFailure)

    /// Makes creations, renames and removals in the directory survive a loss of power.
    func syncDirectory(_ path: String) throws(DiskFailure)

    /// Bytes that an ordinary user may still write on the disk of `path`.
    func freeBytes(_ path: String) throws(DiskFailure) -> UInt64

    /// Takes the lock file at `path`, creating it; fails with EAGAIN (11) while another holder
    /// lives.
    func lock(_ path: String) throws(DiskFailure) -> any DiskLock

    /// Whether whole blocks can be written in `directory` past the page cache.
    func writesDirectly(in directory: String) -> Bool
}

extension Disk {
    public func writesDirectly(in directory: String) -> Bool { false }
}
