// `althing account`: what accounts have, and transfers between them.
import JSON
import Ledger
import Primitives

enum AccountVerbs {
    static let verb = Verb(
        "account", "Shows what an account has, and moves money", verbs: [showVerb, transferVerb])

    private static let id = Positional.identifier("An owner's or an agent's id, or that of fees.")
    private static let to = Option.identifier("to", "Who gets it: an owner, an agent, or fees.")
        .required
    private static let sample = String(repeating: "3f", count: 32)

    private static let showVerb = Verb("show", "Prints an account with its stake", show)
        .example("althing account show \(sample)")
        .asking()
        .expecting(id)

    private static let transferVerb = Verb("transfer", "Moves money to another account", transfer)
        .discussed(
            "At the start of a chain the owners of its validators' keys hold all money in equal "
                + "parts; with --as an agent pays, within its constitution."
        )
        .example("althing account transfer 12.5 --to \(sample) --key owner.key")
        .taking(to, .underMandate)
        .acting()
        .expecting(.credits)

    private static func transfer(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .transfer(
                Transfer(
                    from: acting.account, to: try call.needed(to),
                    amount: try call.amount(.credits), mandate: try call.mandate())),
            call)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let account = try call.client().get("/v1/accounts/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(account) }
        var facts = Facts()
        facts.add("account", account.text("account"))
        let kind = account.text("kind")
        facts.add("kind", kind.isEmpty ? "nobody registered it" : kind)
        facts.add("name", account.text("name"))
        for name in ["balance", "staked", "bound", "unbonding", "slashed"] {
            facts.add(name, Quantity.credits(account.amount(name)) + " credits")
        }
        facts.add("releases", account.time("releases"))
        call.console.print(facts.text)
    }
}
