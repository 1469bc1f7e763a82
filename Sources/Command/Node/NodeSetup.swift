// What a node needs before it starts: genesis and keys, made at the first start and read later.
import Cryptography
import Environment
import Node
import Platform
import Primitives
import Records

/// The contents of a data directory, opened.
struct NodeSetup {
    let directory: DataDirectory
    let mode: DataDirectory.Mode
    let genesis: Genesis
    let keys: NodeKeys
    /// From which the keys of the agents that run here are derived.
    let agentsKey: SigningKey
    /// In the development mode: the owner for whom everybody may record.
    let developmentOwner: SigningKey?
    /// Whether this start made the directory.
    let isNew: Bool
    /// Keeps other nodes out while it lives.
    private let lock: any DiskLock

    /// Opens the directory, or makes it.
    ///
    /// - Parameters:
    ///   - chain: what the directory begins with where it has no genesis yet.
    ///   - passphrase: asked for once, with whether keys are to be made.
    init(
        _ directory: DataDirectory, mode: DataDirectory.Mode, chain: ChainPlan,
        passphrase: (_ isNew: Bool) throws(CommandFailure) -> [UInt8]
    ) throws(CommandFailure) {
        self.directory = directory
        self.mode = mode
        try LocalFiles.makeDirectory(directory.path, isSecret: true)
        lock = try directory.lock()
        isNew = !directory.hasGenesis
        try isNew ? Self.prepare(directory, mode) : Self.check(directory, mode)
        let secret = try passphrase(isNew)
        let ring = KeyRing(directory: directory, mode: mode, passphrase: secret)
        let keys = NodeKeys(
            validator: try ring.key("validator", mayMake: isNew),
            submitter: try ring.key("submitter", mayMake: isNew))
        self.keys = keys
        // Made when it is missing: directories are older than agents that run on nodes.
        agentsKey = try ring.key("agents", mayMake: true)
        developmentOwner =
            mode == .development ? try ring.key("owner", mayMake: isNew) : nil
        genesis = isNew
            ? try Self.makeGenesis(directory, chain, keys.validator.publicKey)
            : try directory.genesis()
    }

    /// Whether this validator shares the chain with others, or only follows it.
    var hasOthers: Bool { genesis.committee.validators != [keys.validator.publicKey] }

    /// Makes the keys of a directory that has no genesis yet; those that exist are opened.
    static func makeKeys(
        _ directory: DataDirectory, _ mode: DataDirectory.Mode, _ passphrase: [UInt8]
    ) throws(CommandFailure) -> NodeKeys {
        try LocalFiles.makeDirectory(directory.path, isSecret: true)
        let lock = try directory.lock()
        defer { withExtendedLifetime(lock) {} }
        try prepare(directory, mode)
        let ring = KeyRing(directory: directory, mode: mode, passphrase: passphrase)
        if mode == .development { _ = try ring.key("owner", mayMake: true) }
        return NodeKeys(
            validator: try ring.key("validator", mayMake: true),
            submitter: try ring.key("submitter", mayMake: true))
    }

    /// The genesis is written last: a start that was cut off before it begins again here.
    private static func prepare(
        _ directory: DataDirectory, _ mode: DataDirectory.Mode
    ) throws(CommandFailure) {
        if LocalFiles.exists(directory.modePath) { try check(directory, mode) }
        try LocalFiles.makeDirectory(directory.keysPath, isSecret: true)
        try LocalFiles.write(Array((mode.rawValue + "\n").utf8), to: directory.modePath)
    }

    private static func check(
        _ directory: DataDirectory, _ mode: DataDirectory.Mode
    ) throws(CommandFailure) {
        let found = try directory.mode()
        guard found != mode else { return }
        switch found {
        case .development:
            throw .refused(
                "\(directory.path) was made in the development mode: its keys protect nothing, "
                    + "so it only starts with --dev")
        case .production:
            throw .refused(
                "\(directory.path) was made for production, so it does not start with --dev")
        }
    }

    private static func makeGenesis(
        _ directory: DataDirectory, _ chain: ChainPlan, _ validator: PublicKey
    ) throws(CommandFailure) -> Genesis {
        let genesis = try chain.genesis(validator: validator)
        try LocalFiles.write(genesis.encoded, to: directory.genesisPath)
        return genesis
    }
}

/// The keys of one directory under one passphrase.
private struct KeyRing {
    let directory: DataDirectory
    let mode: DataDirectory.Mode
    let passphrase: [UInt8]

    /// Opens a key, or makes it where the directory is being made.
    func key(_ name: String, mayMake: Bool) throws(CommandFailure) -> SigningKey {
        let store = directory.key(name)
        if mayMake, !LocalFiles.exists(store.path) {
            return try store.create(
                passphrase: passphrase,
                strength: mode == .development ? .development : .interactive)
        }
        return try store.open(passphrase: passphrase)
    }
}
