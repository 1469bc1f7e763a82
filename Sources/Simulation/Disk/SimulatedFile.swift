// Files and locks of a simulated disk, and what may go wrong with it.
import Environment
import Primitives

/// What goes wrong with a disk until it is changed again.
struct DiskTrouble {
    /// Appends and syncs that fail, in a thousand.
    var failedAppends: UInt64 = 0
    var failedSyncs: UInt64 = 0
    /// No byte fits any more.
    var isFull = false
    /// The power goes at the operation after so many more.
    var operationsUntilPowerLoss: Int?
    /// The next append is acknowledged and lands in another place of its file.
    var misdirectsNext = false
    /// How often an operation failed on purpose.
    var struck: UInt64 = 0
}

/// A file handle; it dies with the power.
final class SimulatedFile: DiskFile {
    private let disk: SimulatedDisk
    private let path: String
    private let content: SimulatedDisk.Content
    private let access: FileAccess
    private let generation: Int
    private var isClosed = false

    init(
        disk: SimulatedDisk, path: String, content: SimulatedDisk.Content, access: FileAccess
    ) {
        self.disk = disk
        self.path = path
        self.content = content
        self.access = access
        generation = disk.generation
    }

    var size: UInt64 {
        UInt64(content.bytes.count + (access == .reading ? content.ready : 0))
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DiskFailure) {
        if bytes.isEmpty { return }
        let before = content.bytes.count
        defer {
            content.ready = max(0, content.ready - (content.bytes.count - before))
            disk.grew(by: content.bytes.count - before)
        }
        if try begin(.append, writing: true) {
            append(bytes.prefix(whole(disk.random(below: bytes.count + 1))))
            throw DiskFailure(.append, path: path, code: 5)
        }
        if disk.roomBytes < bytes.count {
            disk.trouble.struck += 1
            append(bytes.prefix(whole(disk.random(below: bytes.count))))
            throw DiskFailure(.append, path: path, code: 28)
        }
        if disk.trouble.misdirectsNext {
            misdirect(bytes)
        } else {
            content.bytes.append(bytes)
        }
    }

    /// Of a write that breaks off after `count` bytes, what arrives: a file that grows ends where
    /// the write did, but in room that was made ready no part of a sector is written.
    private func whole(_ count: Int) -> Int {
        content.ready > 0 ? count / SimulatedDisk.sectorBytes * SimulatedDisk.sectorBytes : count
    }

    private func append(_ part: Slice<UnsafeRawBufferPointer>) {
        content.bytes.append(UnsafeRawBufferPointer(rebasing: part))
    }

    /// The bytes land on an earlier block, and zeros where they belong.
    private func misdirect(_ bytes: UnsafeRawBufferPointer) {
        disk.trouble.misdirectsNext = false
        disk.trouble.struck += 1
        let blocks = content.bytes.count / diskBlockBytes
        let start = disk.random(below: max(blocks, 1)) * diskBlockBytes
        for (offset, byte) in bytes.enumerated() where start + offset < content.bytes.count {
            content.bytes[start + offset] = byte
        }
        content.bytes.appendZeros(bytes.count)
    }

    func prepare(_ count: Int) {
        guard !isClosed, generation == disk.generation, !disk.isDown else { return }
        content.ready = max(content.ready, count)
    }

    func sync() throws(DiskFailure) {
        let fails = try begin(.sync)
        // A sync that fails may have made everything durable all the same.
        if !fails || disk.random(below: 2) == 0 { content.sync() }
        if fails { throw DiskFailure(.sync, path: path, code: 5) }
    }

    func read(
        at offset: UInt64, into target: UnsafeMutableRawBufferPointer
    ) throws(DiskFailure) -> Int {
        if try begin(.read) { throw DiskFailure(.read, path: path, code: 5) }
        guard offset < size else { return 0 }
        let count = content.bytes.read(at: Int(offset), into: target)
        let zeros = min(target.count - count, Int(size - offset) - count)
        UnsafeMutableRawBufferPointer(rebasing: target[count..<count + zeros])
            .initializeMemory(as: UInt8.self, repeating: 0)
        return count + zeros
    }

    func truncate(to size: UInt64) throws(DiskFailure) {
        if try begin(.truncate, writing: true) {
            throw DiskFailure(.truncate, path: path, code: 5)
        }
        let before = content.bytes.count
        content.truncate(to: Int(size))
        disk.grew(by: content.bytes.count - before)
    }

    func close() { isClosed = true }

    /// As Linux has it: EBADF (9) for a closed handle and for writes to a read-only one.
    private func begin(
        _ operation: DiskFailure.Operation, writing: Bool = false
    ) throws(DiskFailure) -> Bool {
        let fails = try disk.begin(operation, path)
        guard !isClosed, generation == disk.generation else {
            throw DiskFailure(operation, path: path, code: 9)
        }
        if writing && access == .reading {
            throw DiskFailure(operation, path: path, code: operation == .truncate ? 22 : 9)
        }
        return fails
    }
}

/// A lock that ends when released, dropped, or without power.
final class SimulatedLock: DiskLock {
    private let disk: SimulatedDisk
    private let path: String
    private let generation: Int

    init(disk: SimulatedDisk, path: String) {
        self.disk = disk
        self.path = path
        generation = disk.generation
    }

    func release() { disk.unlock(path, of: generation) }

    deinit { release() }
}
