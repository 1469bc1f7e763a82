// Files and locks of the disk in memory.
import Environment

/// A file handle; it dies with the power.
final class MemoryDiskFile: DiskFile {
    private let disk: MemoryDisk
    private let path: String
    private let content: MemoryDisk.Content
    private let access: FileAccess
    private let generation: Int
    private var isClosed = false

    init(disk: MemoryDisk, path: String, content: MemoryDisk.Content, access: FileAccess) {
        self.disk = disk
        self.path = path
        self.content = content
        self.access = access
        generation = disk.generation
    }

    var size: UInt64 { UInt64(content.current.count) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DiskFailure) {
        if bytes.isEmpty { return }
        let code = try begin(.append, writing: true)
        if let code {
            content.current.append(contentsOf: bytes.prefix(disk.random(below: bytes.count + 1)))
            throw DiskFailure(.append, path: path, code: code)
        }
        let count = min(bytes.count, max(disk.roomBytes, 0))
        content.current.append(contentsOf: bytes.prefix(count))
        if count < bytes.count { throw DiskFailure(.append, path: path, code: 28) }
    }

    func prepare(_: Int) {}

    func sync() throws(DiskFailure) {
        let code = try begin(.sync)
        content.durable = content.current
        if let code { throw DiskFailure(.sync, path: path, code: code) }
    }

    func read(
        at offset: UInt64, into target: UnsafeMutableRawBufferPointer
    ) throws(DiskFailure) -> Int {
        if let code = try begin(.read) { throw DiskFailure(.read, path: path, code: code) }
        guard offset < size else { return 0 }
        let part = content.current[Int(offset)...].prefix(target.count)
        target.copyBytes(from: part)
        return part.count
    }

    func truncate(to size: UInt64) throws(DiskFailure) {
        if let code = try begin(.truncate, writing: true) {
            throw DiskFailure(.truncate, path: path, code: code)
        }
        content.current.removeLast(content.current.count - Int(size))
    }

    func close() { isClosed = true }

    /// As Linux has it: EBADF (9) for a closed handle and for writes to a read-only one, which
    /// answers EINVAL (22) to a change of size.
    private func begin(
        _ operation: DiskFailure.Operation, writing: Bool = false
    ) throws(DiskFailure) -> Int32? {
        let code = try disk.begin(operation, path)
        guard !isClosed, generation == disk.generation else {
            throw DiskFailure(operation, path: path, code: 9)
        }
        if writing && access == .reading {
            throw DiskFailure(operation, path: path, code: operation == .truncate ? 22 : 9)
        }
        return code
    }
}

/// A lock that ends when released, dropped, or without power.
final class MemoryDiskLock: DiskLock {
    private let disk: MemoryDisk
    private let path: String
    private let generation: Int

    init(disk: MemoryDisk, path: String) {
        self.disk = disk
        self.path = path
        generation = disk.generation
    }

    func release() { disk.unlock(path, of: generation) }

    deinit { release() }
}
