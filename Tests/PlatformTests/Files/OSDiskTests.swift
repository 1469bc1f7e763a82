// The system's disk against the disk in memory: the same operations give the same results.
import Environment
import Glibc
import Platform
import Primitives
import TestSupport
import Testing

@Suite struct OSDiskTests {
    /// One disk under test with the directory it may use, and the file opened last: a disk need not
    /// tell one handle what another one did to the size.
    private final class Subject {
        let disk: any Disk
        let root: String
        var file: (any DiskFile)?

        init(_ disk: any Disk, root: String) {
            self.disk = disk
            self.root = root
        }

        func path(_ name: UInt64) -> String { root + "/f\(name)" }
    }

    private static func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/althing-disk-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
        let root = String(cString: try #require(made))
        defer {
            for name in (try? OSDisk().list(root)) ?? [] {
                if unlink(root + "/" + name) != 0 { rmdir(root + "/" + name) }
            }
            rmdir(root)
        }
        try body(root)
    }

    /// What an operation returned, or the number of its error.
    private func outcome(_ operation: () throws(DiskFailure) -> [UInt8]) -> [UInt8] {
        do throws(DiskFailure) {
            return try operation()
        } catch {
            return [0xEE, UInt8(truncatingIfNeeded: error.code)]
        }
    }

    private func read(_ file: any DiskFile, _ at: UInt64, _ count: Int) throws(DiskFailure)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: count)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        let done = try file.read(at: at, into: buffer)
        bytes.replaceSubrange(0..<done, with: buffer[..<done])
        return Array(bytes[..<done]) + [UInt8(truncatingIfNeeded: done)]
    }

    /// Aligned memory, so that multiples of a block take the direct path.
    private func append(_ file: any DiskFile, _ count: Int, _ value: UInt8) throws(DiskFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: count, alignment: diskBlockBytes)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: value)
        try file.append(UnsafeRawBufferPointer(buffer))
    }

    private func step(_ subject: Subject, _ seed: UInt64) -> [UInt8] {
        var chance = SeededGenerator(seed: seed)
        let (choice, name, number) = (chance.next() % 12, chance.next() % 4, chance.next())
        let disk = subject.disk
        if choice >= 6, let file = subject.file {
            return outcome { () throws(DiskFailure) in
                try fileStep(file, choice, number)
            }
        }
        return outcome { () throws(DiskFailure) in
            switch choice {
            case 0: subject.file = try disk.open(subject.path(name), .creating)
            case 1: subject.file = try disk.open(subject.path(name), .appending)
            case 2: subject.file = try disk.open(subject.path(name), .reading)
            case 3: try disk.rename(subject.path(name), to: subject.path(number % 4))
            case 4: try disk.remove(subject.path(name))
            default: try disk.syncDirectory(subject.root)
            }
            return Array(try disk.list(subject.root).joined(separator: ",").utf8)
        }
    }

    private func fileStep(
        _ file: any DiskFile, _ choice: UInt64, _ number: UInt64
    ) throws(DiskFailure) -> [UInt8] {
        switch choice {
        case 6, 7: try append(file, Int(number % 3) * diskBlockBytes, UInt8(number % 251))
        case 8: try append(file, Int(number % 5000), UInt8(number % 251))
        case 9: try file.truncate(to: file.size == 0 ? 0 : number % (file.size + 1))
        case 10: try file.sync()
        default: return try read(file, number % (file.size + 10), Int(number % 9000))
        }
        return Array(String(file.size).utf8)
    }

    @Test(arguments: propertySeeds) func bothDisksAgree(seed: UInt64) throws {
        try Self.withDirectory { root in
            let memory = MemoryDisk(seed: seed)
            try memory.createDirectory(root)
            let (real, model) = (Subject(OSDisk(), root: root), Subject(memory, root: root))
            var chance = SeededGenerator(seed: seed)
            for index in 0..<150 {
                let next = chance.next()
                let (found, expected) = (step(real, next), step(model, next))
                #expect(found == expected, "seed \(seed), step \(index)")
            }
        }
    }

    @Test func locksExcludeEachOther() throws {
        try Self.withDirectory { root in
            let disk = OSDisk()
            let lock = try disk.lock(root + "/lock")
            let failure = DiskFailure(.lock, path: root + "/lock", code: EAGAIN)
            #expect(throws: failure) { try disk.lock(root + "/lock") }
            lock.release()
            try disk.lock(root + "/lock").release()
        }
    }

    @Test func directoriesAreMadeWithTheirParents() throws {
        try Self.withDirectory { root in
            let disk = OSDisk()
            try disk.createDirectory(root + "/a/b")
            try disk.createDirectory(root + "/a/b")
            #expect(try disk.list(root + "/a") == ["b"])
            #expect(try disk.freeBytes(root) > 0)
            rmdir(root + "/a/b")
        }
    }

    /// Asked of a directory that is there it leaves nothing behind; which answer is right hangs on
    /// the file system.
    @Test func askingForDirectWritesLeavesNoFile() throws {
        try Self.withDirectory { root in
            let disk = OSDisk()
            _ = disk.writesDirectly(in: root)
            let names = try disk.list(root)
            #expect(names == [])
        }
        #expect(!OSDisk().writesDirectly(in: "/nonexistent"))
    }

    @Test func failuresNameOperationPathAndCode() throws {
        let disk = OSDisk()
        let path = "/nonexistent/file"
        #expect(throws: DiskFailure(.open, path: path, code: ENOENT)) {
            try disk.open(path, .appending)
        }
        #expect(throws: DiskFailure(.list, path: path, code: ENOENT)) { try disk.list(path) }
        #expect(throws: DiskFailure(.remove, path: path, code: ENOENT)) { try disk.remove(path) }
        #expect(throws: DiskFailure(.freeSpace, path: path, code: ENOENT)) {
            try disk.freeBytes(path)
        }
    }

    @Test func aFullDeviceIsReportedAsSuch() throws {
        let file = try OSDisk().open("/dev/full", .appending)
        #expect(throws: DiskFailure(.append, path: "/dev/full", code: ENOSPC)) {
            try append(file, 100, 1)
        }
    }

    @Test func closedFilesFail() throws {
        try Self.withDirectory { root in
            let file = try OSDisk().open(root + "/f", .creating)
            file.close()
            file.close()
            #expect(throws: DiskFailure(.append, path: root + "/f", code: EBADF)) {
                try append(file, diskBlockBytes, 1)
            }
        }
    }

    @Test func preparedRoomIsZerosBehindTheEnd() throws {
        try Self.withDirectory { root in
            let disk = OSDisk()
            let file = try disk.open(root + "/f", .creating)
            try append(file, diskBlockBytes, 1)
            file.prepare(4 * diskBlockBytes)
            #expect(file.size == UInt64(diskBlockBytes))
            #expect(try disk.open(root + "/f", .reading).size == UInt64(5 * diskBlockBytes))
            try append(file, diskBlockBytes, 2)
            let whole = try read(file, UInt64(diskBlockBytes) - 1, diskBlockBytes + 2)
            #expect(whole.prefix(2) == [1, 2] && whole[diskBlockBytes + 1] == 0)
            #expect(whole[diskBlockBytes] == 2)
            try file.truncate(to: file.size)
            try append(file, 100, 3)
            // What begins in the middle of a block is not made ready.
            file.prepare(diskBlockBytes)
            #expect(try disk.open(root + "/f", .reading).size == file.size)
        }
    }
}
