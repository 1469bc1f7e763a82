// `althing key`: signing keys sealed under a passphrase.
import Cryptography
import JSON
import Ledger
import Primitives

enum KeyCommand {
    static let verb = Verb(
        "key", "Makes and shows signing keys", verbs: [newVerb, showVerb])

    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the key; an existing file is left alone."
    ).standing(at: "althing.key")

    private static let dev = Option(
        "dev", nil,
        "Development mode: the passphrase is the word development, so the key protects nothing.")

    private static let file = Positional("FILE", .file, "The key file.")

    private static let newVerb = Verb("new", "Makes an Ed25519 key and seals it in a file", make)
        .discussed(
            "The file is encrypted with XChaCha20-Poly1305 under a key that Argon2id "
                + "makes from the passphrase (256 MiB, 3 passes). Without the passphrase "
                + "nobody can sign with it, so keep a copy of both."
        )
        .example("althing key new --out owner.key --passphrase-file owner.pass")
        .taking(out, dev, .passphraseFile, .json)

    private static let showVerb = Verb("show", "Prints the public key of a key file", show)
        .discussed(
            "No passphrase is asked for: the public key is read as the file states it."
        )
        .example("althing key show owner.key")
        .taking(.json)
        .expecting(file)

    private static func make(_ call: Invocation) throws(CommandFailure) {
        let path = call.text(out, or: "althing.key")
        guard !LocalFiles.exists(path) else {
            throw .file(FileFault(operation: "write", path: path, cause: .exists))
        }
        try call.exclude(dev, .passphraseFile)
        let passphrase = call.has(dev)
            ? Passphrase.development : try Passphrase.choose(file: call.text(.passphraseFile))
        let key = try KeyStore(path: path).create(
            passphrase: passphrase, strength: call.has(dev) ? .development : .moderate)
        report(key.publicKey, path: path, call)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let path = try call.required(file)
        report(try KeyStore(path: path).statedPublicKey(), path: path, call)
    }

    private static func report(_ key: PublicKey, path: String, _ call: Invocation) {
        let owner = OwnerID(firstKey: key)
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("file", .string(path)), JSONMember("key", .string(key.hex)),
                    JSONMember("did", .string(DIDKey.encode(key))),
                    JSONMember("owner", .string(owner.hex)),
                ]))
        }
        var facts = Facts()
        facts.add("file", path)
        facts.add("key", key.hex)
        facts.add("did", DIDKey.encode(key))
        facts.add("owner", owner.hex + "  (its id if this is an owner's first key)")
        call.console.print(facts.text)
    }
}
