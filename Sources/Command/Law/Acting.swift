// Who acts in a command of the law: the key that signs, in whose name, and for which account.
import Cryptography
import JSON
import Ledger
import Platform
import Primitives

extension Option {
    static let signer = Option("key", OptionValue("FILE", .file), "Key file of whoever signs.")
        .required

    static let inNameOf = Option(
        "owner", OptionValue("ID", .hex(bytes: 32)),
        "The owner in whose name; without it the agent's, or the owner whose first key signs.")

    static let acting = Option(
        "as", OptionValue("ID", .hex(bytes: 32)),
        "The agent that acts; without it the owner does, with its own money.")

    static let underMandate = Option(
        "mandate", OptionValue("ID", .hex(bytes: 32)),
        "The mandate under which the money of its payer is spent.")

    static let number = Option(
        "number", OptionValue("NUMBER", .number(0...UInt64.max, unit: "names")),
        "A number that this account did not use yet; without it the time.")
}

extension Verb {
    /// Takes what a person signs with.
    func signing() -> Verb { taking(.signer, .inNameOf, .passphraseFile, .node, .json) }

    /// Takes what signs for an account.
    func acting() -> Verb { taking(.signer, .acting, .inNameOf, .passphraseFile, .node, .json) }

    /// Asks only.
    func asking() -> Verb { taking(.node, .json) }

    func listing() -> Verb { taking(.limit, .node, .json) }
}

/// A signer with the owner in whose name it signs and the account that acts.
struct Acting {
    let sender: OperationSender
    let owner: OwnerID
    let account: AccountID

    init(_ call: Invocation) throws(CommandFailure) {
        sender = try call.ownerSender(.signer)
        let named: OwnerID? = try call.identifier(.inNameOf)
        guard let agent: AgentID = try call.identifier(.acting) else {
            owner = named ?? OwnerID(firstKey: sender.key.publicKey)
            account = AccountID(owner)
            return
        }
        account = AccountID(agent)
        if let named {
            owner = named
            return
        }
        let answer = try sender.client.get("/v1/agents/\(agent.hex)")
        guard let owner = OwnerID(hex: answer.text("owner")) else {
            throw .failed("the answer of \(sender.client.address) names no owner")
        }
        self.owner = owner
    }

    /// The agent that must act.
    func agent(_ call: Invocation) throws(CommandFailure) -> AgentID {
        guard let agent: AgentID = try call.identifier(.acting) else {
            throw .usage(
                .missingOption(Option.acting.spelling, command: call.arguments.command))
        }
        return agent
    }

    /// Gives the command, and prints what came of it.
    func give(
        _ command: LawCommand, _ call: Invocation, saying extra: [(String, String)] = []
    ) throws(CommandFailure) {
        let answer = try sender.send(.law(command), owner: owner)
        try LawReport(answer: answer, extra: extra).print(call)
    }
}

/// What came of a command of the law, for text and JSON.
struct LawReport {
    let answer: JSONValue
    /// What the caller should keep beside it.
    var extra: [(String, String)] = []

    /// - Throws: `refused` where the action was out of the ordinary: it was not carried out.
    func print(_ call: Invocation) throws(CommandFailure) {
        let effects = answer.list("effects")
        if call.has(.json) {
            let members = extra.map { JSONMember($0.0, .string($0.1)) } + (answer.object ?? [])
            call.console.print(.object(members))
        } else {
            call.console.print(facts(effects).text)
        }
        for effect in effects where effect.text("kind") == "anomaly" {
            throw .refused(
                "not carried out: out of the ordinary by the rule \(effect.text("rule")); "
                    + "the agent is in safe mode until guardians release it")
        }
    }

    private func facts(_ effects: [JSONValue]) -> Facts {
        var facts = Facts()
        for effect in effects {
            for member in effect.object ?? [] {
                guard let text = member.value.string else { continue }
                switch member.key {
                case "kind": facts.add("outcome", text)
                case "nanoCredits":
                    facts.add("amount", Quantity.credits(UInt128(text) ?? 0) + " credits")
                default: facts.add(member.key, text)
                }
            }
        }
        for (name, value) in extra { facts.add(name, value) }
        facts.add("operation", answer.text("digest"))
        return facts
    }
}
