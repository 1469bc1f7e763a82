// Signs a command of the ledger with a key file and gives it to a node.
import Cryptography
import JSON
import Ledger
import Primitives

/// Sends the operations of one key.
struct OperationSender {
    let client: NodeClient
    let key: SigningKey
    let chain: Digest

    init(client: NodeClient, key: SigningKey) throws(CommandFailure) {
        self.client = client
        self.key = key
        guard let chain = Digest(hex: try client.get("/v1/genesis").text("chain")) else {
            throw .failed("the answer of \(client.address) names no chain")
        }
        self.chain = chain
    }

    /// Carries out `command` in the name of `owner`; returns the node's answer.
    func send(
        _ command: Ledger::Command, owner: OwnerID
    ) throws(CommandFailure) -> JSONValue {
        let next = try self.next()
        do {
            return try send(command, owner: owner, sequence: next)
        } catch {
            // The node knows of one that is certified and has no place in the order yet.
            guard case .problem(let problem) = error, let expected = problem.expectedSequence,
                expected > next
            else { throw error }
            return try send(command, owner: owner, sequence: expected)
        }
    }

    /// The sequence of the key's next operation, as far as the node knows.
    func next() throws(CommandFailure) -> UInt64 {
        let signer = try client.get("/v1/signers/\(key.publicKey.hex)")
        guard let next = signer.optionalNumber("next") else {
            throw .failed("the answer of \(client.address) names no sequence")
        }
        return next
    }

    /// Carries out `command` as the key's operation with that sequence.
    func send(
        _ command: Ledger::Command, owner: OwnerID, sequence: UInt64
    ) throws(CommandFailure) -> JSONValue {
        let operation = SignedOperation(
            chain: chain, owner: owner, sequence: sequence, command: command, key: key)
        return try client.post(
            "/v1/operations", type: "application/octet-stream", operation.encoded)
    }
}

extension Invocation {
    /// A sender that signs with the owner's key file.
    func ownerSender(_ option: Option) throws(CommandFailure) -> OperationSender {
        let path = try required(option)
        let passphrase = try Passphrase.read(
            file: text(.passphraseFile), prompt: "Passphrase of \(path): ")
        let key = try KeyStore(path: path).open(passphrase: passphrase)
        return try OperationSender(client: try client(), key: key)
    }
}
