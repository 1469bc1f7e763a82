// A disk in memory for long runs: what is not synced may be lost, and it fails when it is told to.
import Environment
import Primitives

/// Obeys the `Disk` protocol. Content reaches durability by `sync`, names by `syncDirectory`;
/// whatever is between the two survives a loss of power in part, sector by sector. Cheaper than a
/// second copy of every file: a file remembers only how its durable image differs from it.
final class SimulatedDisk: Disk {
    /// The unit a disk writes whole or not at all, in bytes.
    static let sectorBytes = 512

    final class Content {
        var bytes = SparseBytes()
        /// The first so many bytes are durable as they stand.
        var common = 0
        /// What the durable image has beyond them.
        var tail: [UInt8] = []
        /// Zeros behind the end that are not counted among the bytes until the file is opened to
        /// be written again.
        var ready = 0

        func sync() {
            common = bytes.count
            tail = []
        }

        func truncate(to size: Int) {
            if size < common {
                tail = bytes.bytes(size..<common) + tail
                common = size
            }
            bytes.truncate(to: size)
            ready = 0
        }

        /// The first so many of the zeros behind the end are bytes now.
        func keep(ready count: Int) {
            bytes.appendZeros(count)
            ready = 0
        }

        /// What is durable.
        var image: [UInt8] { bytes.bytes(0..<common) + tail }

        func copy() -> Content {
            let copy = Content()
            copy.bytes = SparseBytes(image)
            copy.common = copy.bytes.count
            return copy
        }
    }

    private enum NameChange {
        case bind(String, Content)
        case move(String, to: String, Content)
        case unbind(String)
    }

    /// What goes wrong now.
    var trouble = DiskTrouble()
    /// Raised by every loss of power: files and locks of an earlier generation are dead.
    private(set) var generation = 0
    /// True from a loss of power to `restart`.
    private(set) var isDown = false
    private var directories: Set<String> = []
    private var names: [String: Content] = [:]
    private var durableNames: [String: Content] = [:]
    private var nameChanges: [(directory: String, change: NameChange)] = []
    private var lockedPaths: Set<String> = []
    private var chance: Chance
    /// Bytes in all files.
    private(set) var usedBytes = 0

    init(chance: Chance) { self.chance = chance }

    // MARK: Power and other accidents

    /// Loses power now if it is not lost yet, and comes back: durable bytes are all there, of the
    /// others each sector and each last name change may or may not be.
    func restart() {
        let kept = chance.below(nameChanges.count + 1)
        for (_, change) in nameChanges.prefix(kept) { apply(change) }
        for path in durableNames.keys.sorted() {
            if let content = durableNames[path] { tear(content) }
        }
        names = durableNames
        nameChanges = []
        lockedPaths = []
        trouble.operationsUntilPowerLoss = nil
        generation += 1
        isDown = false
        recount()
    }

    private func tear(_ content: Content) {
        defer {
            if content.ready > 0 {
                content.keep(ready: chance.below(content.ready + 1))
                content.sync()
            }
        }
        let common = content.common
        guard !content.tail.isEmpty || content.bytes.count != common else { return }
        let old = content.image
        let new = content.bytes.bytes(0..<content.bytes.count)
        let span = max(old.count, new.count) - min(old.count, new.count)
        var between = min(old.count, new.count) + chance.below(span + 1)
        // In room that was made ready the size ends no sector.
        if content.ready > 0 { between = between / Self.sectorBytes * Self.sectorBytes }
        let size = [old.count, new.count, between][chance.below(3)]
        var image = Array(new.prefix(min(common, size)))
        image.append(contentsOf: repeatElement(0, count: size - image.count))
        let first = common / Self.sectorBytes * Self.sectorBytes
        for start in stride(from: first, to: size, by: Self.sectorBytes) {
            let source = chance.below(2) == 0 ? old : new
            for index in start..<min(start + Self.sectorBytes, size) {
                image[index] = index < source.count ? source[index] : 0
            }
        }
        content.bytes = SparseBytes(image)
        content.sync()
    }

    /// Forgets everything, as a new disk.
    func wipe() { restore(Image(names: [:], directories: [])) }

    /// What a backup of the durable bytes holds.
    struct Image {
        fileprivate var names: [String: Content]
        fileprivate var directories: Set<String>
    }

    /// A copy of what a loss of power would leave at least.
    func image() -> Image {
        Image(names: durableNames.mapValues { $0.copy() }, directories: directories)
    }

    /// The disk is an older one from now on; the power was off meanwhile.
    func restore(_ image: Image) {
        restart()
        names = image.names.mapValues { $0.copy() }
        durableNames = names
        directories = image.directories
        recount()
    }

    /// Turns one bit of what is durable; false where there is nothing.
    func rot() -> Bool {
        let paths = durableNames.keys.sorted().filter { durableNames[$0]?.common ?? 0 > 0 }
        guard let path = chance.choose(paths), let content = durableNames[path] else {
            return false
        }
        let place = chance.below(content.common)
        content.bytes[place] ^= 1 << UInt8(chance.below(8))
        return true
    }

    // MARK: One operation

    /// Throws what is due to go wrong. True where a partial effect must end in a failure.
    func begin(
        _ operation: DiskFailure.Operation, _ path: String
    ) throws(DiskFailure) -> Bool {
        if isDown { throw DiskFailure(operation, path: path, code: 5) }
        if let left = trouble.operationsUntilPowerLoss {
            trouble.operationsUntilPowerLoss = left - 1
            if left <= 0 {
                isDown = true
                return true
            }
        }
        let permille = operation == .append ? trouble.failedAppends
            : operation == .sync ? trouble.failedSyncs : 0
        guard chance.isLucky(permille: permille) else { return false }
        trouble.struck += 1
        return true
    }

    private func run(_ operation: DiskFailure.Operation, _ path: String) throws(DiskFailure) {
        if try begin(operation, path) { throw DiskFailure(operation, path: path, code: 5) }
    }

    func random(below limit: Int) -> Int { chance.below(limit) }

    /// Bytes that still fit.
    var roomBytes: Int { trouble.isFull ? 0 : Int.max - usedBytes }

    func grew(by count: Int) { usedBytes += count }

    private func recount() {
        usedBytes = names.keys.sorted().reduce(0) { $0 + (names[$1]?.bytes.count ?? 0) }
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

    // MARK: The protocol

    func createDirectory(_ path: String) throws(DiskFailure) {
        try run(.createDirectory, path)
        directories.insert(path)
    }

    func list(_ path: String) throws(DiskFailure) -> [String] {
        try run(.list, path)
        guard directories.contains(path) else { throw DiskFailure(.list, path: path, code: 2) }
        let paths = names.keys.filter { Self.parent(of: $0) == path }
        return paths.map { String($0.dropFirst(path.count + 1)) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    func open(_ path: String, _ access: FileAccess) throws(DiskFailure) -> any DiskFile {
        try run(.open, path)
        if access == .creating {
            guard names[path] == nil else { throw DiskFailure(.open, path: path, code: 17) }
            bind(path, Content())
        }
        guard let content = names[path] else { throw DiskFailure(.open, path: path, code: 2) }
        if access == .appending, content.ready > 0 {
            grew(by: content.ready)
            content.keep(ready: content.ready)
        }
        return SimulatedFile(disk: self, path: path, content: content, access: access)
    }

    func rename(_ source: String, to target: String) throws(DiskFailure) {
        try run(.rename, source)
        guard let content = names[source] else {
            throw DiskFailure(.rename, path: source, code: 2)
        }
        names[source] = nil
        names[target] = content
        nameChanges.append((Self.parent(of: target), .move(source, to: target, content)))
    }

    func remove(_ path: String) throws(DiskFailure) {
        try run(.remove, path)
        guard names[path] != nil else { throw DiskFailure(.remove, path: path, code: 2) }
        names[path] = nil
        nameChanges.append((Self.parent(of: path), .unbind(path)))
        recount()
    }

    func syncDirectory(_ path: String) throws(DiskFailure) {
        try run(.syncDirectory, path)
        for (directory, change) in nameChanges where directory == path { apply(change) }
        nameChanges.removeAll { $0.directory == path }
    }

    func freeBytes(_ path: String) throws(DiskFailure) -> UInt64 {
        try run(.freeSpace, path)
        return UInt64(max(roomBytes, 0))
    }

    func lock(_ path: String) throws(DiskFailure) -> any DiskLock {
        try run(.lock, path)
        guard lockedPaths.insert(path).inserted else {
            throw DiskFailure(.lock, path: path, code: 11)
        }
        if names[path] == nil { bind(path, Content()) }
        return SimulatedLock(disk: self, path: path)
    }

    func unlock(_ path: String, of generation: Int) {
        if generation == self.generation { lockedPaths.remove(path) }
    }

    private func bind(_ path: String, _ content: Content) {
        names[path] = content
        nameChanges.append((Self.parent(of: path), .bind(path, content)))
    }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return String(path[..<slash])
    }
}
