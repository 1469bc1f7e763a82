// A node with its gateway inside this process: opened, started, stopped.
import Cryptography
import Environment
import Gateway
import Ledger
import Node
import Platform
import Primitives

/// Serves from `init` until `stop`.
final class RunningNode {
    let setup: NodeSetup
    /// Where it answers, e.g. `http://127.0.0.1:4318`.
    let address: String
    private let gateway: Gateway

    /// Opens the store, lets the development owner in where there is one, and begins to serve.
    init(_ setup: NodeSetup, _ configuration: Configuration) throws(CommandFailure) {
        self.setup = setup
        guard let listen = ListenAddress(configuration.listen) else {
            throw .configuration(
                .wrongValue(place: "listen", expected: "an address HOST:PORT"))
        }
        do {
            let node = try Node(
                genesis: setup.genesis, keys: setup.keys, settings: configuration.node,
                opening: setup.directory.opening(), clock: SystemClock())
            if let owner = setup.developmentOwner {
                try DevelopmentOwner(
                    key: owner, submitter: setup.keys.submitter.publicKey
                ).enter(node)
            }
            gateway = try Gateway(
                node: node, mode: Self.mode(setup),
                settings: Self.settings(configuration, listen))
            try gateway.start()
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
        if let owner = setup.developmentOwner {
            return .development(owner: OwnerID(firstKey: owner.publicKey))
        }
        let path = setup.directory.tokensPath
        return .production(readTokens: {
            try? LocalFiles.read(path, limit: TokenTable.fileBytes)
        })
    }

    /// Finishes what is under way, makes everything durable, and closes the store.
    func stop() { gateway.stop() }
}

/// The owner of everything that is recorded in the development mode.
private struct DevelopmentOwner {
    let key: SigningKey
    /// The key with which the node submits.
    let submitter: PublicKey
    private var id: OwnerID { OwnerID(firstKey: key.publicKey) }

    /// Registers the owner and lets the node record for it, where that was not done before.
    func enter(_ node: Node) throws(CommandFailure) {
        do {
            if try node.owner(id) == nil {
                try send(.owner(.register(name: "development")), to: node)
            }
            if try node.grant(of: id, to: node.submitter)?.inForce != true {
                try send(.owner(.authorize(submitter: submitter, rights: .all)), to: node)
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("the development owner was not let in: \(error)")
        }
    }

    /// An operation of a node on its own thread is answered before `submit` returns.
    private func send(_ command: Ledger::Command, to node: Node) throws {
        let operation = SignedOperation(
            chain: node.genesis.digest, owner: id,
            sequence: try node.nextSequence(of: key.publicKey), command: command, key: key)
        var outcome: LedgerOutcome?
        node.submit(operation) { outcome = $0 }
        guard case .accepted = outcome else {
            throw CommandFailure.failed("the development owner was not let in: \(outcome as Any)")
        }
    }
}
