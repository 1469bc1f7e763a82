// A store on the real disk under /tmp, taken away with its object.
import Environment
import Glibc
import Platform
import Primitives
import Storage

/// One store with its three parts, opened on demand.
final class TemporaryStore {
    let path: String
    let disk = OSDisk()

    init() throws {
        var template = Array("/tmp/althing-storage-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
        guard made != nil else { throw DiskFailure(.createDirectory, path: "/tmp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path, disk) }

    func journal(_ purpose: JournalPurpose = .payloads) throws(StorageFailure) -> Journal {
        try Journal(
            disk: disk, directory: path + "/journal\(purpose.rawValue)",
            settings: JournalSettings(storeID: storeA, purpose: purpose, segmentBytes: 1 << 20))
    }

    func index(_ id: StoreID = storeA) throws(StorageFailure) -> Index {
        try Index(path: path + "/index", storeID: id)
    }

    func payloads() throws(StorageFailure) -> PayloadStore {
        try PayloadStore(journal: try journal(), index: try index())
    }

    private static func remove(_ path: String, _ disk: OSDisk) {
        for name in (try? disk.list(path)) ?? [] {
            let child = path + "/" + name
            if unlink(child) != 0 { remove(child, disk) }
        }
        rmdir(path)
    }
}
