// The keys of a validator on this machine: made, opened, and proven to those who are to seat it.
import Cryptography
import JSON
import Ledger
import Node
import Primitives

enum ValidatorKeys {
    static let development = Option(
        "dev", nil, "Development mode: the keys protect nothing.")

    /// `althing validator new`
    static func make(_ call: Invocation) throws(CommandFailure) {
        let directory = DataDirectory(path: try call.required(.data))
        guard !LocalFiles.exists(directory.key("validator").path) else {
            throw .file(
                FileFault(
                    operation: "write", path: directory.key("validator").path, cause: .exists))
        }
        let isDevelopment = call.has(development)
        let keys = try NodeSetup.makeKeys(
            directory, isDevelopment ? .development : .production,
            isDevelopment
                ? Passphrase.development : try Passphrase.choose(file: call.text(.passphraseFile)))
        let did = DIDKey.encode(keys.validator.publicKey)
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("validator", .string(did)),
                    JSONMember("submitter", .string(DIDKey.encode(keys.submitter.publicKey))),
                ]))
        }
        var facts = Facts()
        facts.add("validator", did)
        facts.add("submitter", DIDKey.encode(keys.submitter.publicKey))
        call.console.print(facts.text)
    }

    /// `althing validator prove`
    static func prove(_ call: Invocation) throws(CommandFailure) {
        let key = try open(call)
        guard let chain = Digest(hex: try call.client().get("/v1/genesis").text("chain")) else {
            throw .failed("the node names no chain")
        }
        let message = KeyProof.message(
            for: .validator, chain: chain, owner: OwnerID(firstKey: key.publicKey))
        let proof = key.sign(message).hex
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("validator", .string(DIDKey.encode(key.publicKey))),
                    JSONMember("chain", .string(chain.hex)), JSONMember("proof", .string(proof)),
                ]))
        }
        var facts = Facts()
        facts.add("validator", DIDKey.encode(key.publicKey))
        facts.add("chain", chain.hex)
        facts.add("proof", proof)
        call.console.print(facts.text)
    }

    /// The key of the validator whose directory `--data` names.
    static func open(_ call: Invocation) throws(CommandFailure) -> SigningKey {
        let directory = DataDirectory(path: try call.required(.data))
        let passphrase =
            try directory.mode() == .development
            ? Passphrase.development
            : try Passphrase.read(
                file: call.text(.passphraseFile), prompt: "Passphrase of \(directory.path): ")
        return try directory.key("validator").open(passphrase: passphrase)
    }
}
