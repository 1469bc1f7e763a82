// The disk of the operating system.
import Environment
import Glibc

/// Files and directories of Linux.
public struct OSDisk: Disk, Sendable {
    public init() {}

    public func createDirectory(_ path: String) throws(DiskFailure) {
        var made: [String] = []
        for prefix in prefixes(of: path) {
            if mkdir(prefix, 0o755) == 0 {
                made.append(prefix)
            } else if errno != EEXIST {
                throw DiskFailure(.createDirectory, path: prefix, code: errno)
            }
        }
        for prefix in made {
            try syncDirectory(parent(of: prefix))
        }
    }

    public func list(_ path: String) throws(DiskFailure) -> [String] {
        guard let stream = opendir(path) else {
            throw DiskFailure(.list, path: path, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw DiskFailure(.list, path: path, code: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func open(_ path: String, _ access: FileAccess) throws(DiskFailure) -> any DiskFile {
        try OSFile(path: path, access: access)
    }

    public func rename(_ source: String, to target: String) throws(DiskFailure) {
        guard Glibc.rename(source, target) == 0 else {
            throw DiskFailure(.rename, path: source, code: errno)
        }
    }

    public func remove(_ path: String) throws(DiskFailure) {
        guard unlink(path) == 0 else { throw DiskFailure(.remove, path: path, code: errno) }
    }

    public func syncDirectory(_ path: String) throws(DiskFailure) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskFailure(.syncDirectory, path: path, code: errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw DiskFailure(.syncDirectory, path: path, code: errno)
        }
    }

    public func freeBytes(_ path: String) throws(DiskFailure) -> UInt64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw DiskFailure(.freeSpace, path: path, code: errno)
        }
        let (bytes, overflow) = UInt64(status.f_bavail)
            .multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : bytes
    }

    public func lock(_ path: String) throws(DiskFailure) -> any DiskLock {
        try OSLock(path: path)
    }

    /// Tried with one block: some file systems refuse the flag, some the write.
    public func writesDirectly(in directory: String) -> Bool {
        let path = directory + "/.direct"
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | directFlag, 0o600)
        guard descriptor >= 0 else { return false }
        defer {
            Glibc.close(descriptor)
            unlink(path)
        }
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: diskBlockBytes, alignment: diskBlockBytes)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        return pwrite(descriptor, block.baseAddress, block.count, 0) == block.count
    }

    /// Every leading part of a path, shortest first, without the root.
    private func prefixes(of path: String) -> [String] {
        var result: [String] = []
        var current = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            current += current.isEmpty || current == "/" ? part : "/" + part
            result.append(current)
        }
        return result
    }

    private func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// A `flock` on a file of its own: it ends with the process, however that ends.
final class OSLock: DiskLock {
    private var descriptor: Int32

    init(path: String) throws(DiskFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DiskFailure(.lock, path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw DiskFailure(.lock, path: path, code: code)
        }
    }

    func release() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    deinit { release() }
}
