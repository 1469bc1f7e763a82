// `althing stop` and `resume`: no action of an agent, a fleet or the chain, until people say so.
import Cryptography
import Ledger
import Primitives

enum StopVerbs {
    private static let agent = Option.identifier("agent", "This agent.")
    private static let fleet = Option("fleet", nil, "All agents of the owner who signs.")
    private static let chain = Option(
        "chain", nil, "Every action on the chain; the key is a validator's, whose vote this is.")
    private static let sample = String(repeating: "3f", count: 32)

    static let stop = Verb("stop", "Stops an agent, a fleet or the chain") {
        call throws(CommandFailure) in try give(call) { .stop($0) }
    }
    .discussed(
        "The agent's owner or a guardian stops an agent. Nothing it does, and no record of it, is "
            + "accepted from the place of the stop in the order on, until it is resumed."
    )
    .example("althing stop --agent \(sample) --key guardian.key")
    .example("althing stop --fleet --key owner.key")
    .taking(agent, fleet, chain)
    .signing()

    static let resume = Verb("resume", "Lets an agent, a fleet or the chain go on") {
        call throws(CommandFailure) in try give(call) { .resume($0) }
    }
    .discussed("Under dual control two people must resume an agent.")
    .example("althing resume --agent \(sample) --key owner.key")
    .taking(agent, fleet, chain)
    .signing()

    private static func give(
        _ call: Invocation, _ command: (StopTarget) -> LawCommand
    ) throws(CommandFailure) {
        let target = try target(call)
        try Acting(call).give(command(target), call)
    }

    private static func target(_ call: Invocation) throws(CommandFailure) -> StopTarget {
        try call.exclude(agent, fleet)
        try call.exclude(agent, chain)
        try call.exclude(fleet, chain)
        if let id: AgentID = try call.identifier(agent) { return .agent(id) }
        if call.has(fleet) { return .fleet }
        if call.has(chain) { return .chain }
        throw .usage(.missingOption(agent.spelling, command: call.arguments.command))
    }
}
