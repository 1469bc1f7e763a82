// A node with its gateway inside this process: opened, started, stopped.
import Cryptography
import Environment
import Gateway
import Network
import Node
import Peers
import Platform
import Primitives

/// Serves from `init` until `stop`.
final class RunningNode {
    let setup: NodeSetup
    /// Where it answers, e.g. `http://127.0.0.1:4318`.
    let address: String
    /// Where other validators connect; nil where the node has no peers.
    let peerAddress: String?
    private let gateway: Gateway
    private let entry: DevelopmentEntry?

    /// Opens the store, lets the development owner in where there is one, and begins to serve.
    /// Where there are other validators the owner is let in once enough of them answer.
    init(_ setup: NodeSetup, _ configuration: Configuration) throws(CommandFailure) {
        self.setup = setup
        guard let listen = ListenAddress(configuration.listen) else {
            throw .configuration(
                .wrongValue(place: "listen", expected: "an address HOST:PORT"))
        }
        let peering = try Peering(setup, configuration)
        let owner = setup.developmentOwner.map {
            DevelopmentOwner(
                key: $0, submitter: setup.keys.submitter.publicKey, bank: setup.keys.validator)
        }
        do {
            var settings = configuration.node
            settings.replica.chain = setup.genesis.settings
            var opening = setup.directory.opening()
            if settings.compactionBytesPerSecond > 0 {
                opening.compactionWorker = try BackgroundWorker("compaction")
            }
            if let place = try ArchivePlace(of: setup.directory) {
                let archive = ArchiveReader(depot: try place.depot())
                opening.fetch = { archive.fetch($0) }
            }
            let node = try Node(
                genesis: setup.genesis, keys: setup.keys, settings: settings,
                opening: opening, clock: SystemClock())
            if !setup.hasOthers { try owner?.enter(node) }
            var reached = Self.settings(configuration, listen)
            reached.peers = peering?.settings
            reached.hosting.key = setup.agentsKey
            reached.hosting.directory = setup.directory.agentsPath
            let gateway = try Gateway(
                node: node, mode: Self.mode(setup), settings: reached)
            try gateway.start()
            entry = setup.hasOthers
                ? try owner.map { owner throws(PlatformFailure) in
                    try DevelopmentEntry(owner, gateway)
                } : nil
            self.gateway = gateway
        } catch let failure as NodeFailure {
            throw StoreWords.failure(failure, directory: setup.directory)
        } catch let failure as PlatformFailure {
            throw .system(failure)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("\(error)")
        }
        var bound = listen
        bound.port = gateway.port
        address = "http://" + bound.authority
        peerAddress = gateway.peerPort.map { port in
            ListenAddress(host: peering?.host ?? "", port: port).authority
        }
    }

    private static func settings(
        _ configuration: Configuration, _ listen: ListenAddress
    ) -> GatewaySettings {
        var settings = configuration.gateway
        settings.address = listen.host
        settings.port = listen.port
        settings.http = configuration.http
        settings.version = Version.text
        settings.commit = Version.commit
        return settings
    }

    private static func mode(_ setup: NodeSetup) -> GatewayMode {
        let path = setup.directory.tokensPath
        let readTokens: @Sendable () -> [UInt8]? = {
            guard LocalFiles.exists(path) else { return nil }
            return try? LocalFiles.read(path, limit: TokenTable.fileBytes)
        }
        guard let owner = setup.developmentOwner else {
            return .production(readTokens: readTokens)
        }
        return .development(owner: OwnerID(firstKey: owner.publicKey), readTokens: readTokens)
    }

    /// Finishes what is under way, makes everything durable, and closes the store.
    func stop() {
        entry?.stop()
        gateway.stop()
    }
}

/// How a node is linked with other validators.
private struct Peering {
    let host: String
    let settings: PeerSettings

    /// Nil where the node needs no peers and has none.
    init?(_ setup: NodeSetup, _ configuration: Configuration) throws(CommandFailure) {
        guard setup.hasOthers || !configuration.peerListen.isEmpty else { return nil }
        guard let listen = ListenAddress(configuration.peerListen) else {
            throw .configuration(
                .wrongValue(
                    place: "peerListen",
                    expected: "an address HOST:PORT, since the chain has other validators"))
        }
        guard let peers = PeerList(configuration.peers) else {
            throw .configuration(
                .wrongValue(place: "peers", expected: "a list KEY@HOST:PORT,KEY@HOST:PORT"))
        }
        host = listen.host
        let key = setup.keys.validator
        var network = PeerNetworkConfiguration(
            identity: LinkIdentity(
                chain: setup.genesis.digest, key: key, exchange: .generate()),
            address: listen.host, port: listen.port)
        // Any number that differs from one validator to the next.
        network.seed = key.publicKey.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        settings = PeerSettings(configuration: network, entries: peers.entries)
    }
}
