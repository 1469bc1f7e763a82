// `althing owner`: those who answer for agents.
import Cryptography
import JSON
import Ledger
import Primitives

enum OwnerVerbs {
    static let verb = Verb(
        "owner", "Registers and shows owners of agents",
        verbs: [registerVerb, showVerb, authorizeVerb, withdrawVerb])

    private static let name = Option(
        "name", OptionValue("NAME", .text), "What people call the owner.").required
    private static let key = Option(
        "key", OptionValue("FILE", .file), "Key file of the owner, who signs.").required
    private static let submitter = Option(
        "submitter", OptionValue("KEY", .text),
        "Public key of the submitter, in hexadecimal or as did:key.").required
    private static let id = Positional("ID", .hex(bytes: 32), "The owner's id.")

    private static let registerVerb = Verb(
        "register", "Makes the holder of a key an owner", register
    )
        .example("althing owner register --name Acme --key owner.key")
        .taking(name, key, .passphraseFile, .node, .json)

    private static let showVerb = Verb("show", "Prints an owner with its keys and submitters", show)
        .example("althing owner show " + String(repeating: "3f", count: 32))
        .taking(.node, .json)
        .expecting(id)

    private static let authorizeVerb = Verb(
        "authorize", "Lets a submitter record for an owner's agents", authorize
    )
    .discussed(
        "A node's gateway submits with the key in keys/submitter.key of its data "
            + "directory; its public half is shown by: althing key show DIR/keys/submitter.key"
    )
    .example(
        "althing owner authorize --key owner.key --submitter "
            + "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    )
    .taking(key, submitter, .passphraseFile, .node, .json)

    private static let withdrawVerb = Verb(
        "withdraw", "Takes back what authorize gave", withdraw
    )
    .example(
        "althing owner withdraw --key owner.key --submitter "
            + "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    )
    .taking(key, submitter, .passphraseFile, .node, .json)

    private static func register(_ call: Invocation) throws(CommandFailure) {
        let sender = try call.ownerSender(key)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let command = OwnerCommand.register(name: try call.required(name))
        let answer = try sender.send(.owner(command), owner: owner)
        OperationReport(answer: answer, id: ("owner", owner.hex)).print(call)
    }

    private static func authorize(_ call: Invocation) throws(CommandFailure) {
        try change(call) { .authorize(submitter: $0, rights: .all) }
    }

    private static func withdraw(_ call: Invocation) throws(CommandFailure) {
        try change(call) { .withdraw(submitter: $0) }
    }

    private static func change(
        _ call: Invocation, _ command: (PublicKey) -> OwnerCommand
    ) throws(CommandFailure) {
        let text = try call.required(submitter)
        guard let key = PublicKey(hex: text) ?? DIDKey.decode(text) else {
            throw call.invalid(
                submitter.spelling, text, expected: "a public key in hexadecimal or as did:key")
        }
        let sender = try call.ownerSender(self.key)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let answer = try sender.send(.owner(command(key)), owner: owner)
        OperationReport(answer: answer, id: ("submitter", SubmitterID(key: key).hex)).print(call)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let owner = try call.client().get("/v1/owners/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(owner) }
        var facts = Facts()
        facts.add("owner", owner.text("owner"))
        facts.add("name", owner.text("name"))
        call.console.print(facts.text)
        var keys = Table(.text("KEY"), .text("ADDED"), .text("REVOKED"))
        for key in owner.list("keys") {
            keys.add(key.text("did"), key.time("added"), key.time("revoked"))
        }
        call.console.print("\n" + keys.text(for: call.console))
        var submitters = Table(.text("SUBMITTER"), .text("KEY"), .text("RIGHTS"))
        for entry in owner.list("submitters") {
            let rights = entry.list("rights").compactMap(\.string).joined(separator: ", ")
            submitters.add(entry.text("submitter"), entry.text("key"), rights)
        }
        if !submitters.isEmpty { call.console.print("\n" + submitters.text(for: call.console)) }
    }
}

/// What became of an operation, for text and JSON.
struct OperationReport {
    let answer: JSONValue
    /// What the operation was about.
    let id: (name: String, value: String)

    func print(_ call: Invocation) {
        guard !call.has(.json) else {
            var members = [JSONMember(id.name, .string(id.value))]
            members += answer.object ?? []
            return call.console.print(.object(members))
        }
        var facts = Facts()
        facts.add(id.name, id.value)
        facts.add("operation", answer.text("digest"))
        call.console.print(facts.text)
    }
}
