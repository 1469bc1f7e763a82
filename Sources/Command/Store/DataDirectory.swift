// The data directory of a node: where its genesis, keys, tokens and store are.
import Cryptography
import Environment
import Node
import Platform
import Primitives
import Records
import Storage
import Telemetry

/// A node's directory: `genesis`, `mode`, `tokens.json`, `keys/` and the store's `journal/`,
/// `payloads/` and `index/`.
struct DataDirectory: Hashable, Sendable {
    let path: String

    /// Whether the keys protect anything.
    enum Mode: String, Sendable {
        case development
        case production
    }

    var genesisPath: String { path + "/genesis" }
    var modePath: String { path + "/mode" }
    var tokensPath: String { path + "/tokens.json" }
    var keysPath: String { path + "/keys" }
    /// What is kept of the agents that run on this node.
    var agentsPath: String { path + "/agents" }
    func key(_ name: String) -> KeyStore { KeyStore(path: "\(keysPath)/\(name).key") }

    /// Where archived segments are.
    var archivePath: String { path + "/archive" }

    /// The directory that `--data` names, which must be that of a node.
    static func existing(_ call: Invocation) throws(CommandFailure) -> DataDirectory {
        let directory = DataDirectory(path: try call.required(.data))
        guard directory.hasGenesis else {
            throw .refused("\(directory.path) is not the data directory of a node")
        }
        return directory
    }

    var hasGenesis: Bool { LocalFiles.exists(genesisPath) }

    func genesis() throws(CommandFailure) -> Genesis { try Self.genesis(at: genesisPath) }

    /// The genesis in a file.
    static func genesis(at path: String) throws(CommandFailure) -> Genesis {
        let bytes = try LocalFiles.read(path, limit: 1 << 16)
        do {
            return try Genesis(decoding: bytes)
        } catch {
            throw .damaged([
                "\(path) is damaged at byte \(error.offset)",
                "restore it from a copy, or from GET /v1/genesis of a node of the same chain",
            ])
        }
    }

    /// How the keys of this directory were made.
    func mode() throws(CommandFailure) -> Mode {
        let bytes = try LocalFiles.read(modePath, limit: 64)
        let word = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        guard let mode = Mode(rawValue: word) else {
            throw .file(
                FileFault(
                    operation: "read", path: modePath,
                    cause: .content("says neither development nor production")))
        }
        return mode
    }

    /// Keeps other nodes and commands that open the store out, while it lives.
    func lock() throws(CommandFailure) -> any DiskLock {
        do {
            return try OSDisk().lock(path + "/lock")
        } catch {
            let isHeld = error.code == 11  // EAGAIN
            throw .failed(
                isHeld ? "another node runs in \(path)" : StoreWords.sentence(error))
        }
    }

    /// How the store in this directory is opened.
    func opening() -> StoreOpening {
        var opening = StoreOpening(
            disk: OSDisk(), path: path, storeID: Self.freshStoreID(),
            worker: ThreadWorker("index")
        ) { payload in
            try? Payload.span(payload).name
        }
        opening.journalWorker = ThreadWorker("journal")
        return opening
    }

    /// The same for work that reads everything: what lies in the archive is brought when it is
    /// read.
    func wholeOpening() throws(CommandFailure) -> StoreOpening {
        var opening = opening()
        guard let depot = try ArchivePlace(of: self)?.depot() else { return opening }
        opening.bring = { segment throws(StorageFailure) in
            do throws(ArchiveFailure) {
                try segment.fetch(from: depot, on: OSDisk())
            } catch { throw error.asStorageFailure(of: segment) }
        }
        return opening
    }

    /// A random name for a store that is made.
    private static func freshStoreID() -> StoreID {
        // The first half of a public key is as random as any 16 bytes, and tells nothing.
        StoreID(Array(SigningKey.generate().publicKey.bytes.prefix(StoreID.width))) ?? StoreID()
    }

    /// Bytes of the files in a folder of this directory; 0 where there is none.
    func size(of folder: String) -> UInt64 {
        let disk = OSDisk()
        let names = (try? disk.list(path + "/" + folder)) ?? []
        var sum: UInt64 = 0
        for name in names {
            guard let file = try? disk.open("\(path)/\(folder)/\(name)", .reading) else { continue }
            sum += file.size
            file.close()
        }
        return sum
    }
}
