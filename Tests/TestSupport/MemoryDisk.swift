// A disk in memory that fails, fills up and loses power on command, the same way for the same seed.
import Environment
import Primitives

/// Obeys the `Disk` protocol and remembers what a loss of power would leave. Content reaches
/// durability by `sync`, names by `syncDirectory`; whatever is between the two survives a crash
/// in part, sector by sector.
public final class MemoryDisk: Disk, @unchecked Sendable {  // reason: one thread at a time
    /// What happens instead of one operation.
    public enum Fault: Hashable, Sendable {
        /// The operation fails with this error number and has no effect.
        case fail(Int32)
        /// An append adds a prefix of its bytes, a sync makes everything durable; then it fails so.
        case partial(Int32)
        /// The power goes: this operation and all after it fail with EIO until `restart`.
        case crash
    }

    /// The unit a disk writes whole or not at all, in bytes.
    public static let sectorBytes = 512

    final class Content {
        var current: [UInt8] = []
        var durable: [UInt8] = []
    }

    private enum NameChange {
        case bind(String, Content)
        case move(String, to: String, Content)
        case unbind(String)
    }

    /// Faults by the number of the operation they strike; operations count from 0.
    public var faults: [Int: Fault] = [:]
    /// Total bytes of all files; appends beyond it are cut short with ENOSPC.
    public var capacityBytes = Int.max
    /// Operations asked for so far, failed ones included.
    public private(set) var operationCount = 0
    /// Raised by every restart: files and locks of an earlier generation are dead.
    private(set) var generation = 0
    private(set) var isDown = false

    private var directories: Set<String> = []
    private var names: [String: Content] = [:]
    private var durableNames: [String: Content] = [:]
    private var nameChanges: [(directory: String, change: NameChange)] = []
    private var lockedPaths: Set<String> = []
    private var chance: SeededGenerator

    public init(seed: UInt64 = 0) { chance = SeededGenerator(seed: seed) }

    // The faults

    /// Counts one operation; throws its fault. Returns the code a partial effect must end in, if
    /// one is due.
    func begin(_ operation: DiskFailure.Operation, _ path: String) throws(DiskFailure) -> Int32? {
        defer { operationCount += 1 }
        if isDown { throw DiskFailure(operation, path: path, code: 5) }
        switch faults[operationCount] {
        case .none: return nil
        case .fail(let code): throw DiskFailure(operation, path: path, code: code)
        case .partial(let code): return code
        case .crash:
            isDown = true
            throw DiskFailure(operation, path: path, code: 5)
        }
    }

    private func run(_ operation: DiskFailure.Operation, _ path: String) throws(DiskFailure) {
        if let code = try begin(operation, path) {
            throw DiskFailure(operation, path: path, code: code)
        }
    }

    /// A number in 0..<limit.
    func random(below limit: Int) -> Int {
        Int.random(in: 0..<max(limit, 1), using: &chance)
    }

    /// Bytes that still fit.
    var roomBytes: Int { capacityBytes - names.values.reduce(0) { $0 + $1.current.count } }

    // Power

    /// Loses power now if it is not lost yet, and comes back: durable bytes are all there, of the
    /// others each sector and each last name change may or may not be.
    public func restart() {
        applyNameChanges(keeping: random(below: nameChanges.count + 1))
        for path in durableNames.keys.sorted() {
            if let content = durableNames[path] { tear(content) }
        }
        names = durableNames
        nameChanges = []
        lockedPaths = []
        faults = [:]
        generation += 1
        isDown = false
    }

    private func tear(_ content: Content) {
        let (old, new) = (content.durable, content.current)
        let between = min(old.count, new.count) + random(below: abs(old.count - new.count) + 1)
        let size = [old.count, new.count, between][random(below: 3)]
        var image = [UInt8](repeating: 0, count: size)
        for start in stride(from: 0, to: size, by: Self.sectorBytes) {
            let source = random(below: 2) == 0 ? old : new
            for index in start..<min(start + Self.sectorBytes, size) {
                image[index] = index < source.count ? source[index] : 0
            }
        }
        content.current = image
        content.durable = image
    }

    private func applyNameChanges(keeping count: Int) {
        for (_, change) in nameChanges.prefix(count) { apply(change) }
    }

    private func apply(_ change: NameChange) {
        switch change {
        case .bind(let path, let content): durableNames[path] = content
        case .move(let source, let target, let content):
            durableNames[source] = nil
            durableNames[target] = content
        case .unbind(let path): durableNames[path] = nil
        }
    }

    // The protocol

    public func createDirectory(_ path: String) throws(DiskFailure) {
        try run(.createDirectory, path)
        directories.insert(path)
    }

    public func list(_ path: String) throws(DiskFailure) -> [String] {
        try run(.list, path)
        guard directories.contains(path) else { throw DiskFailure(.list, path: path, code: 2) }
        let paths = names.keys.filter { Self.parent(of: $0) == path }
        return paths.map { String($0.dropFirst(path.count + 1)) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    public func open(_ path: String, _ access: FileAccess) throws(DiskFailure) -> any DiskFile {
        try run(.open, path)
        if access == .creating {
            guard names[path] == nil else { throw DiskFailure(.open, path: path, code: 17) }
            guard directories.contains(Self.parent(of: path)) else {
                throw DiskFailure(.open, path: path, code: 2)
            }
            bind(path, Content())
        }
        guard let content = names[path] else { throw DiskFailure(.open, path: path, code: 2) }
        return MemoryDiskFile(disk: self, path: path, content: content, access: access)
    }

    public func rename(_ source: String, to target: String) throws(DiskFailure) {
        try run(.rename, source)
        guard let content = names[source] else {
            throw DiskFailure(.rename, path: source, code: 2)
        }
        names[source] = nil
        names[target] = content
        nameChanges.append((Self.parent(of: target), .move(source, to: target, content)))
    }

    public func remove(_ path: String) throws(DiskFailure) {
        try run(.remove, path)
        guard names[path] != nil else { throw DiskFailure(.remove, path: path, code: 2) }
        unbind(path)
    }

    public func syncDirectory(_ path: String) throws(DiskFailure) {
        try run(.syncDirectory, path)
        for (directory, change) in nameChanges where directory == path { apply(change) }
        nameChanges.removeAll { $0.directory == path }
    }

    public func freeBytes(_ path: String) throws(DiskFailure) -> UInt64 {
        try run(.freeSpace, path)
        return UInt64(max(roomBytes, 0))
    }

    public func lock(_ path: String) throws(DiskFailure) -> any DiskLock {
        try run(.lock, path)
        guard lockedPaths.insert(path).inserted else {
            throw DiskFailure(.lock, path: path, code: 11)
        }
        if names[path] == nil { bind(path, Content()) }
        return MemoryDiskLock(disk: self, path: path)
    }

    func unlock(_ path: String, of generation: Int) {
        if generation == self.generation { lockedPaths.remove(path) }
    }

    private func bind(_ path: String, _ content: Content) {
        names[path] = content
        nameChanges.append((Self.parent(of: path), .bind(path, content)))
    }

    private func unbind(_ path: String) {
        names[path] = nil
        nameChanges.append((Self.parent(of: path), .unbind(path)))
    }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return String(path[..<slash])
    }

    // What tests look at and spoil

    /// The bytes of a file as a reader sees them, nil where there is none.
    public func contents(_ path: String) -> [UInt8]? { names[path]?.current }

    /// Replaces a file or makes it, durably, without counting as an operation.
    public func plant(_ path: String, _ bytes: [UInt8]) {
        let content = Content()
        content.current = bytes
        content.durable = bytes
        directories.insert(Self.parent(of: path))
        names[path] = content
        durableNames[path] = content
    }

    /// Takes a file away, durably, without counting as an operation.
    public func uproot(_ path: String) {
        names[path] = nil
        durableNames[path] = nil
    }
}
