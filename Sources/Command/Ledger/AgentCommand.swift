// `althing agent`: agents, their description and their life cycle.
import Cryptography
import JSON
import Ledger
import Primitives

enum AgentVerbs {
    static let verb = Verb(
        "agent", "Registers, lists and steers agents",
        verbs: [
            registerVerb, AgentProgramVerbs.spawnVerb, AgentProgramVerbs.callVerb,
            AgentProgramVerbs.answerVerb, AgentProgramVerbs.resumeVerb,
            AgentMoneyVerbs.depositVerb, AgentMoneyVerbs.withdrawVerb, AgentMoneyVerbs.endVerb,
            listVerb, showVerb,
            statusVerb("suspend", .suspended, suspended),
            statusVerb("activate", .active, activated), statusVerb("retire", .retired, retired),
        ])

    private static let suspended = "Stops recording for an agent until it is activated"
    private static let activated = "Lets a suspended agent be recorded for again"
    private static let retired = "Ends an agent's life for good"

    private static let name = Option("name", OptionValue("NAME", .text), "The agent's name.")
    private static let version = Option(
        "version", OptionValue("TEXT", .text), "The agent's version.")
    private static let capability = Option(
        "capability", OptionValue("NAME", .text), "Something it can do.").repeatable
    private static let metadata = Option(
        "metadata", OptionValue("FILE", .file),
        "A document that says more; its BLAKE3 digest is registered.")
    private static let owner = Option(
        "owner", OptionValue("ID", .hex(bytes: 32)), "Only agents of this owner.")
    private static let hosted = Option(
        "hosted", nil, "Only agents whose programs run on the node, with what they did there.")
    private static let id = Positional("ID", .hex(bytes: 32), "The agent's id.")

    private static let registerVerb = Verb(
        "register", "Registers an agent under an owner", register
    )
        .example(
            "althing agent register --name researcher --owner-key owner.key --version 1.2 "
                + "--capability search"
        )
        .taking(
            name.required, Option.ownerKey.required, version, capability, metadata,
            .passphraseFile, .node, .json)

    private static let listVerb = Verb("list", "Lists agents with what they used", list)
        .example("althing agent list --limit 20")
        .example("althing agent list --hosted")
        .taking(owner, name, hosted, .limit, .node, .json)

    private static let showVerb = Verb("show", "Prints one agent with what it used", show)
        .example("althing agent show " + String(repeating: "3f", count: 32))
        .taking(.node, .json)
        .expecting(id)

    private static func statusVerb(
        _ name: String, _ status: AgentStatus, _ summary: String
    ) -> Verb {
        Verb(name, summary) { call throws(CommandFailure) in try move(call, to: status) }
            .example(
                "althing agent \(name) \(String(repeating: "3f", count: 32)) --owner-key owner.key")
            .taking(Option.ownerKey.required, .passphraseFile, .node, .json)
            .expecting(id)
    }

    private static func register(_ call: Invocation) throws(CommandFailure) {
        var profile = AgentProfile(
            version: call.text(version, or: ""), capabilities: call.texts(capability))
        if let file = call.text(metadata) {
            profile.metadata = BLAKE3.hash(try LocalFiles.read(file, limit: 64 << 20))
        }
        let name = try call.required(name)
        let sender = try call.ownerSender(.ownerKey)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let command = AgentCommand.register(name: name, profile: profile)
        let answer = try sender.send(.agent(command), owner: owner)
        let agent = AgentID(owner: owner, name: name)
        OperationReport(answer: answer, id: ("agent", agent.hex)).print(call)
    }

    private static func move(
        _ call: Invocation, to status: AgentStatus
    ) throws(CommandFailure) {
        let text = try call.required(id)
        guard let agent = AgentID(hex: text) else {
            throw call.invalid(id.name, text, expected: "an agent's id")
        }
        let sender = try call.ownerSender(.ownerKey)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let answer = try sender.send(.agent(.setStatus(agent, status)), owner: owner)
        OperationReport(answer: answer, id: ("agent", text)).print(call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        if call.has(hosted) { return try listHosted(call) }
        var query: [(String, String)] = []
        if let owner = call.text(owner) { query.append(("owner", owner)) }
        if let name = call.text(name) { query.append(("name", name)) }
        let items = try call.items("/v1/agents", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("NAME", limit: 32), .text("STATUS"), .number("RECORDS"), .number("FAILURES"),
            .number("TOKENS IN"), .number("TOKENS OUT"), .number("COST"), .text("AGENT"))
        for agent in items {
            table.add(
                agent.text("name"), agent.text("status"),
                Quantity.count(agent.number("usage", "records")),
                Quantity.count(agent.number("usage", "failures")),
                Quantity.count(agent.number("usage", "tokens", "input")),
                Quantity.count(agent.number("usage", "tokens", "output")),
                Quantity.credits(agent.amount("usage", "cost")), agent.text("agent"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func listHosted(_ call: Invocation) throws(CommandFailure) {
        let items = try call.items("/v1/hosted", query: [])
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .number("SEQUENCE"), .number("STEPS"), .number("GAS"), .text("ROOT"),
            .text("AGENT"), .text("TROUBLE", limit: 60))
        for agent in items {
            table.add(
                Quantity.count(agent.number("sequence")), Quantity.count(agent.number("steps")),
                Quantity.count(agent.number("gas")), String(agent.text("root").prefix(16)),
                agent.text("agent"), agent.text("trouble"))
        }
        call.console.print(table.text(for: call.console))
    }

    /// Where the agent's program is, and what it did on the node where it runs there.
    private static func addProgram(
        _ id: String, _ call: Invocation, to facts: inout Facts
    ) throws(CommandFailure) {
        let answer = try call.client().get("/v1/agents/\(id)/instance")
        guard let instance = answer["instance"], instance.object != nil else { return }
        facts.add("program", instance.text("program") + "  " + instance.text("status"))
        facts.add("sequence", Quantity.count(instance.number("sequence")))
        facts.add("root", instance.text("root"))
        facts.add("deposit", Quantity.count(instance.number("deposit")) + " µcr")
        // A node that runs none says so.
        let list = (try? call.items("/v1/hosted", query: [])) ?? []
        guard let host = list.first(where: { $0.text("agent") == id }) else { return }
        facts.add("steps", Quantity.count(host.number("steps")) + " since the node's start")
        facts.add("gas", Quantity.count(host.number("gas")) + " since the node's start")
        if !host.text("trouble").isEmpty { facts.add("trouble", host.text("trouble")) }
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let agent = try call.client().get("/v1/agents/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(agent) }
        let capabilities = agent.list("capabilities").compactMap(\.string)
        var facts = Facts()
        facts.add("agent", agent.text("agent"))
        facts.add("name", agent.text("name"))
        facts.add("version", agent.text("version"))
        facts.add("owner", agent.text("owner") + "  " + agent.text("ownerName"))
        facts.add("status", agent.text("status"))
        facts.add("capabilities", capabilities.joined(separator: ", "))
        facts.add("registered", agent.time("registered"))
        facts.add("records", Quantity.count(agent.number("usage", "records")))
        facts.add("failures", Quantity.count(agent.number("usage", "failures")))
        facts.add("tokens in", Quantity.count(agent.number("usage", "tokens", "input")))
        facts.add("tokens out", Quantity.count(agent.number("usage", "tokens", "output")))
        facts.add("cost", Quantity.credits(agent.amount("usage", "cost")) + " credits")
        try addProgram(agent.text("agent"), call, to: &facts)
        call.console.print(facts.text)
    }
}
