// `althing constitution`: the limits that an owner sets its agent.
import JSON
import Ledger
import Primitives

enum ConstitutionVerbs {
    static let verb = Verb(
        "constitution", "Sets and shows the limits of an agent", verbs: [setVerb, showVerb])

    private static let agent = Positional.identifier("The agent's id.")
    private static let allow = Option.kinds("allow", "A kind of action the agent may do.").required
    private static let value = Option.credits("value", "The most that one action may move.")
        .required
    private static let volume = Option.credits("daily", "The most that a day may move.").required
    private static let stake = Option.credits("stake", "The most at stake.").standing(at: "0")
    private static let actions = Option(
        "hourly", OptionValue("COUNT", .number(0...UInt64.max, unit: "actions")),
        "Actions and records in an hour, at most."
    ).standing(at: "1000")
    private static let gas = Option(
        "gas", OptionValue("GAS", .number(0...UInt64.max, unit: "micro-credits")),
        "Gas of a day, at most; without it there is no limit.")
    private static let counterparty = Option.identifier(
        "counterparty", "An account it may pay; without any it may pay everybody."
    ).repeatable
    private static let guardian = Option.identifier(
        "guardian", "An owner that approves, overrides and stops."
    ).repeatable
    private static let ask = Option.kinds("ask", "A kind of action that waits for guardians.")
    private static let above = Option.credits("ask-above", "Every action of a greater value waits.")
    private static let threshold = Option(
        "threshold", OptionValue("COUNT", .number(1...16, unit: "guardians")),
        "Guardians who must agree; without it one."
    )
    private static let lifetime = Option(
        "ask-for", OptionValue("TIME", .duration(1...ApprovalTerms.longest)),
        "How long a request waits."
    ).standing(at: "1d")
    private static let dual = Option("dual-control", nil, "What relaxes needs two people.")
    private static let mandated = Option(
        "mandate-required", nil, "Value moves under a mandate only.")
    private static let watch = Option(
        "watch", nil, "What is out of the ordinary puts the agent into safe mode.")

    private static let sample = String(repeating: "3f", count: 32)

    private static let setVerb = Verb("set", "Puts a new constitution in force", set)
        .discussed(
            "The whole of it takes the place of the one before; its number is the next. What is "
                + "not given is not allowed, not asked and not watched. Without a constitution an "
                + "agent may record and do nothing else."
        )
        .example(
            "althing constitution set \(sample) --key owner.key --allow transfer --allow bid "
                + "--value 10 --daily 50 --guardian \(String(repeating: "5c", count: 32)) "
                + "--ask-above 5")
        .taking(
            allow, value, volume, stake, actions, gas, counterparty, guardian, ask, above,
            threshold, lifetime, dual, mandated, watch)
        .signing()
        .expecting(agent)

    private static let showVerb = Verb("show", "Prints the constitution of an agent", show)
        .example("althing constitution show \(sample)")
        .asking()
        .expecting(agent)

    private static func set(_ call: Invocation) throws(CommandFailure) {
        let id: AgentID = try call.identifier(agent)
        let acting = try Acting(call)
        let now = try acting.sender.client.get("/v1/agents/\(id.hex)/constitution")
        let (version, overflow) = (now["constitution"]?.number("version") ?? 0)
            .addingReportingOverflow(1)
        guard !overflow else { throw .refused("the constitution has its last version") }
        var law = Constitution(agent: id, version: version)
        law.allowed = KindSet(call.kinds(allow))
        law.limits = limits(call)
        law.counterparties = try call.identifiers(counterparty)
        law.guardians = try call.identifiers(guardian)
        law.approvals = terms(call, hasGuardians: !law.guardians.isEmpty)
        law.dualControl = call.has(dual)
        law.requiresMandate = call.has(mandated)
        law.watch.isOn = call.has(watch)
        try acting.give(.enact(law), call)
    }

    private static func limits(_ call: Invocation) -> ActionLimits {
        var limits = ActionLimits()
        limits.valuePerAction = call.amount(value) ?? .zero
        limits.dailyVolume = call.amount(volume) ?? .zero
        limits.stake = call.amount(stake) ?? .zero
        limits.actionsPerHour = call.number(actions) ?? 1_000
        limits.gasPerDay = call.number(gas) ?? .max
        return limits
    }

    private static func terms(_ call: Invocation, hasGuardians: Bool) -> ApprovalTerms {
        var terms = ApprovalTerms()
        terms.kinds = KindSet(call.kinds(ask))
        terms.above = call.amount(above) ?? terms.above
        terms.threshold = UInt8(clamping: call.number(threshold) ?? (hasGuardians ? 1 : 0))
        terms.lifetime = call.nanoseconds(lifetime) ?? terms.lifetime
        return terms
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let answer = try call.client().get("/v1/agents/\(try call.required(agent))/constitution")
        guard !call.has(.json) else { return call.console.print(answer) }
        guard let law = answer["constitution"], law.object != nil else {
            return call.console.print("none: the agent may record and do nothing else")
        }
        call.console.print(facts(law).text)
    }

    private static func facts(_ law: JSONValue) -> Facts {
        func words(_ path: String...) -> String {
            let values = path.reduce(law) { $0[$1] ?? .null }.array ?? []
            return values.isEmpty ? "-" : values.compactMap(\.string).joined(separator: ", ")
        }
        func money(_ path: String...) -> String {
            let amount = path.reduce(law) { $0[$1] ?? .null }.string.flatMap { UInt128($0) } ?? 0
            return amount == .max ? "no limit" : Quantity.credits(amount) + " credits"
        }
        func count(_ name: String) -> String {
            let value = law.number("limits", name)
            return value == .max ? "no limit" : Quantity.count(value)
        }
        var facts = Facts()
        facts.add("version", law.text("version"))
        facts.add("allowed", words("allowed"))
        facts.add("value per action", money("limits", "valuePerAction"))
        facts.add("daily volume", money("limits", "dailyVolume"))
        facts.add("stake", money("limits", "stake"))
        facts.add("actions per hour", count("actionsPerHour"))
        facts.add("gas per day", count("gasPerDay"))
        facts.add("counterparties", words("counterparties"))
        facts.add("guardians", words("guardians"))
        facts.add("asks for", words("approvals", "kinds"))
        facts.add("asks above", money("approvals", "above"))
        facts.add("threshold", "\(law.number("approvals", "threshold"))")
        facts.add("asks wait for", Quantity.duration(law.number("approvals", "lifetime")))
        facts.add("dual control", law["dualControl"]?.bool == true ? "yes" : "no")
        facts.add("requires mandate", law["requiresMandate"]?.bool == true ? "yes" : "no")
        facts.add("watched", law["watch"]?["on"]?.bool == true ? "yes" : "no")
        return facts
    }
}
