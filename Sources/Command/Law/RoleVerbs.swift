// `althing role`: keys that act in an owner's name within a role.
import Cryptography
import JSON
import Ledger
import Primitives

enum RoleVerbs {
    static let verb = Verb(
        "role", "Gives keys roles under an owner, lists them, and takes them back",
        verbs: [grantVerb, revokeVerb, listVerb])

    private static let holder = Positional(
        "KEY", .text, "The public key that has the role, in hexadecimal or as did:key.")
    private static let owner = Positional.identifier("The owner's id.")
    private static let role = Option(
        "role", OptionValue("ROLE", .choice(Role.allCases.map { "\($0)" })), "What the key is for."
    ).required
    private static let account = Option.identifier(
        "account", "The owner or the agent for whom it acts; without it for all of the owner's.")
    private static let action = Option.kinds(
        "action", "A kind of action that it may do; without any, all of its role.")
    private static let sample = String(repeating: "3f", count: 32)
    private static let did = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"

    private static let grantVerb = Verb("grant", "Gives a key a role", grant)
        .discussed(
            "The key signs for the owner within its role and no further, also where it is one of "
                + "the owner's own keys or an agent's: a role narrows. It takes the place of the "
                + "role that the key had. validator: votes with its seat. orchestrator: registers "
                + "agents, gives them programs, gives work out. agent: acts for one agent, named "
                + "by --account. client: pays, posts tasks, judges work, grants mandates. "
                + "guardian: approves, overrules, stops. auditor: signs nothing. The one who signs "
                + "must be a key of the owner without a role, of which one always stays."
        )
        .example("althing role grant \(did) --role client --action postTask --key owner.key")
        .taking(role, account, action)
        .signing()
        .expecting(holder)

    private static let revokeVerb = Verb("revoke", "Takes a key's role back", revoke)
        .discussed("A key that is also one of the owner's own is unrestricted again.")
        .example("althing role revoke \(did) --key owner.key")
        .signing()
        .expecting(holder)

    private static let listVerb = Verb("list", "Lists the keys that have roles", list)
        .example("althing role list \(sample)")
        .asking()
        .expecting(owner)

    private static func key(_ call: Invocation) throws(CommandFailure) -> PublicKey {
        let text = try call.required(holder)
        guard let key = PublicKey(hex: text) ?? DIDKey.decode(text) else {
            throw call.invalid(
                holder.name, text, expected: "a public key in hexadecimal or as did:key")
        }
        return key
    }

    private static func grant(_ call: Invocation) throws(CommandFailure) {
        let name = try call.required(role)
        guard let role = Role.allCases.first(where: { "\($0)" == name }) else {
            throw call.invalid(self.role.spelling, name, expected: "a role")
        }
        let kinds = call.kinds(action)
        let grant = RoleGrant(
            key: try key(call), role: role, account: try call.identifier(account) ?? AccountID(),
            workloads: kinds.isEmpty ? nil : KindSet(kinds))
        try Acting(call).give(.grantRole(grant), call)
    }

    private static func revoke(_ call: Invocation) throws(CommandFailure) {
        try Acting(call).give(.revokeRole(try key(call)), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let answer = try call.client().get("/v1/owners/\(try call.required(owner))/roles")
        guard !call.has(.json) else { return call.console.print(answer) }
        var table = Table(
            .text("KEY"), .text("ROLE"), .text("ACCOUNT"), .text("ACTIONS", limit: 60))
        for grant in answer.list("roles") {
            let account = grant.text("account")
            table.add(
                grant.text("did"), grant.text("role"), account.isEmpty ? "all" : account,
                grant.list("workloads").compactMap(\.string).joined(separator: ", "))
        }
        call.console.print(table.text(for: call.console))
    }
}
