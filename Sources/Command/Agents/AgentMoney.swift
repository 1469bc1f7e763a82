// `althing agent deposit`, `withdraw` and `end`: what an agent's program may spend, and its end.
import Cryptography
import JSON
import Ledger
import Primitives

enum AgentMoneyVerbs {
    private static let id = Positional("ID", .hex(bytes: 32), "The agent's id.")
    private static let amount = Positional(
        "MICROCREDITS", .number(1...InstanceAccount.mostDeposit, unit: "µcr"),
        "Micro-credits: a millionth of a credit each.")
    private static let sample = String(repeating: "3f", count: 32)

    static let depositVerb = Verb(
        "deposit", "Moves money from the owner's account to an agent's deposit", deposit
    )
    .discussed("The fees of an agent's transitions are paid from its deposit.")
    .example("althing agent deposit \(sample) 5000000 --owner-key owner.key")
    .taking(Option.ownerKey.required, .passphraseFile, .node, .json)
    .expecting(id, amount)

    static let withdrawVerb = Verb(
        "withdraw", "Takes money of an agent's deposit back to the owner's account", withdraw
    )
    .example("althing agent withdraw \(sample) 5000000 --owner-key owner.key")
    .taking(Option.ownerKey.required, .passphraseFile, .node, .json)
    .expecting(id, amount)

    static let endVerb = Verb("end", "Ends an agent's program; its deposit comes back", end)
        .discussed(
            "The agent stays registered, keeps its account and its records, and may be given "
                + "another program with agent spawn.")
        .example("althing agent end \(sample) --owner-key owner.key")
        .taking(Option.ownerKey.required, .passphraseFile, .node, .json)
        .expecting(id)

    private static func deposit(_ call: Invocation) throws(CommandFailure) {
        let amount = try microCredits(call)
        try send(call) { .deposit($0, microCredits: amount) }
    }

    private static func withdraw(_ call: Invocation) throws(CommandFailure) {
        let amount = try microCredits(call)
        try send(call) { .withdraw($0, microCredits: amount) }
    }

    private static func end(_ call: Invocation) throws(CommandFailure) {
        try send(call) { .end($0) }
    }

    private static func microCredits(_ call: Invocation) throws(CommandFailure) -> UInt64 {
        let text = try call.required(amount)
        guard let number = ValueKind.number(text) else {
            throw call.invalid(amount.name, text, expected: "a number of micro-credits")
        }
        return number
    }

    private static func send(
        _ call: Invocation, _ command: (AgentID) -> TransitionCommand
    ) throws(CommandFailure) {
        let text = try call.required(id)
        guard let agent = AgentID(hex: text) else {
            throw call.invalid(id.name, text, expected: "an agent's id")
        }
        let sender = try call.ownerSender(.ownerKey)
        let answer = try sender.send(
            .transition(command(agent)),
            owner: OwnerID(firstKey: sender.key.publicKey))
        OperationReport(answer: answer, id: ("agent", agent.hex)).print(call)
    }
}
