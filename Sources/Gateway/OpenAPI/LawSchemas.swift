// The schemas of documents about the law and the market.
import Ledger

extension Schemas {
    private static let actionKinds = Schema.oneOf(ActionKind.allCases.map { "\($0)" })

    static let account = Schema.object([
        member("account", .hex(32)), member("kind", .orNull(.oneOf(["owner", "agent", "fees"]))),
        member("name", .orNull(.text)), member("balance", .number), member("staked", .number),
        member("unbonding", .number), member("releases", .number), member("slashed", .number),
        member("bound", .number),
    ])

    static let accountUsage = Schema.object([
        member("account", .hex(32)), member("total", quantities(.number)),
        member("hour", quantities(.number)), member("day", quantities(.number)),
        member(
            "limits",
            .orNull(
                .object([
                    member("hour", quantities(.orNull(.number))),
                    member("day", quantities(.orNull(.number))),
                ]))),
    ])

    private static func quantities(_ number: Schema) -> Schema {
        .object(MeteredQuantity.allCases.map { member("\($0)", number) })
    }

    static let ownerRoles = Schema.object([
        member("owner", .hex(32)),
        member(
            "roles",
            .list(
                .object([
                    member("key", .hex(32)), member("did", .text),
                    member("role", .text), member("account", .orNull(.hex(32))),
                    member("workloads", .list(actionKinds)),
                ]))),
    ])

    static let agentConstitution = Schema.object([
        member("agent", .hex(32)), member("constitution", .orNull(constitution)),
    ])
    static let governedAgent = Schema.object([
        member("agent", .hex(32)), member("name", .text), member("owner", .hex(32)),
        member("constitution", constitution), member("rulings", .named("AgentRulings")),
    ])
    static let deed = Schema.object([
        member("operation", .hex(32)), member("time", .number), member("checkpoint", .number),
        member("outcome", .oneOf(["done", "asked", "unusual", "seconded"])),
        member("owner", .hex(32)), member("account", .hex(32)), member("chapter", .text),
        member("verb", .text), member("amount", .orNull(.number)),
        member("digest", .orNull(.hex(32))),
    ])
    private static let constitution = Schema.object([
        member("version", .number), member("allowed", .list(actionKinds)),
        member(
            "limits",
            .object([
                member("stake", .number), member("dailyVolume", .number),
                member("valuePerAction", .number), member("gasPerDay", .number),
                member("actionsPerHour", .number),
            ])),
        member("counterparties", .list(.hex(32))), member("guardians", .list(.hex(32))),
        member(
            "approvals",
            .object([
                member("kinds", .list(actionKinds)), member("above", .number),
                member("threshold", .integer(0...16)), member("lifetime", .number),
            ])),
        member("dualControl", .boolean), member("requiresMandate", .boolean),
        member(
            "watch",
            .object([
                member("on", .boolean), member("hourly", .count), member("factor", .count),
                member("warmUpActions", .count), member("warmUp", .number),
            ])),
    ])

    static let mandate = Schema.object([
        member("mandate", .hex(32)), member("payer", .hex(32)), member("issuer", .hex(32)),
        member("parent", .orNull(.hex(32))), member("depth", .integer(0...8)),
        member("holder", .hex(32)), member("scope", .list(actionKinds)), member("budget", .number),
        member("spent", .number), member("payees", .list(.hex(32))), member("expires", .number),
        member("purpose", .hex(32)), member("revoked", .orNull(.number)),
    ])

    static let approval = Schema.object([
        member("approval", .hex(32)), member("agent", .hex(32)), member("owner", .hex(32)),
        member("expires", .number), member("agreed", .list(.hex(32))),
        member(
            "action",
            .orNull(
                .object([
                    member("kind", actionKinds), member("account", .hex(32)),
                    member("value", .number), member("receivers", .list(.hex(32))),
                    member("open", .boolean), member("mandate", .orNull(.hex(32))),
                ]))),
    ])

    static let agentRulings = Schema.object([
        member("agent", .hex(32)), member("stopped", .orNull(.number)),
        member("fleetStopped", .orNull(.number)), member("chainStopped", .orNull(.number)),
        member("safeSince", .orNull(.number)), member("actions", .number),
        member("waiting", .integer(0...16)), member("overrides", .list(override)),
        member("proposed", .orNull(override)),
        member(
            "anomaly",
            .orNull(
                .object([
                    member("number", .number), member("rule", .oneOf(["rate", "value", "kind"])),
                    member("kind", actionKinds), member("time", .number), member("value", .number),
                    member("releasedBy", .orNull(.hex(32))),
                ]))),
    ])
    private static let override = Schema.object([
        member("kind", actionKinds), member("ruling", .oneOf(["ordinary", "allow", "deny"])),
        member("expires", .number), member("by", .hex(32)),
    ])

    static let task = Schema.object([
        member("task", .hex(32)), member("state", .oneOf(TaskState.allCases.map { "\($0)" })),
        member("poster", .hex(32)), member("payer", .hex(32)), member("worker", .orNull(.hex(32))),
        member("paid", .integer(0...16)), member("attempt", .integer(0...8)),
        member("due", .orNull(.number)), member("result", .orNull(.hex(32))),
        member("held", .number), member("covered", .number), member("slashed", .boolean),
        member("mandate", .orNull(.hex(32))), member("fee", .integer(0...50_000)),
        member("laws", .object([member("poster", .number), member("worker", .number)])),
        member("earned", .number), member("charged", .number), member("ended", .orNull(.number)),
        member("claim", .orNull(claim)), member("challenge", .orNull(challenge)),
        member(
            "confirmations",
            .list(.object([member("verifier", .hex(32)), member("result", .hex(32))]))),
        member(
            "votes",
            .list(
                .object([
                    member("arbiter", .hex(32)),
                    member("verdict", .oneOf(["worker", "poster", "split"])),
                ]))),
        member("terms", taskTerms),
    ])
    private static let claim = Schema.object([
        member("root", .hex(32)), member("written", .count), member("output", .hex(32)),
    ])
    private static let challenge = Schema.object([
        member("challenger", .hex(32)), member("rounds", .integer(0...8)),
        member("start", .number), member("before", .hex(32)), member("after", .hex(32)),
        member("trace", .list(.hex(32))), member("workersTurn", .boolean),
        member("lost", .boolean),
    ])
    private static let taskTerms = Schema.object([
        member("specification", .hex(32)), member("worker", .orNull(.hex(32))),
        member("milestones", .list(.number)), member("price", .number),
        member(
            "times",
            .object([
                member("assign", .number), member("begin", .number), member("deliver", .number),
                member("judge", .number), member("arbitrate", .number),
            ])),
        member("attempts", .integer(1...8)), member("arbiters", .list(.hex(32))),
        member("stake", .number),
        member(
            "verification",
            .object([
                member("kind", .oneOf(["attested", "redundant", "reexecuted", "proven"])),
                optional("quorum", .integer(1...8)), optional("verifiers", .list(.hex(32))),
                optional("fee", .number), optional("program", .hex(32)),
                optional("input", .hex(32)), optional("words", .integer(0...6_144)),
                optional("rounds", .integer(1...8)), optional("deposit", .number),
                optional("reward", .number),
            ])),
    ])

    static let offer = Schema.object([
        member("offer", .hex(32)), member("seller", .hex(32)), member("listed", .boolean),
        member("name", .text), member("pricePerUnit", .number), member("capacity", .number),
        member("load", .number), member("model", .orNull(.hex(32))),
        member("schema", .orNull(.hex(32))), member("accuracy", .integer(0...1_000_000)),
        member("reference", .number), member("referenceSince", .number),
        member("dailyVolume", .number), member("bond", .number),
    ])

    static let market = Schema.object([
        member("feeMillionths", .integer(0...50_000)), member("epoch", .number),
        member(
            "votes",
            .list(
                .object([
                    member("voter", .hex(32)), member("feeMillionths", .integer(0...50_000)),
                ]))),
    ])

    static let serviceMatches = Schema.object([
        member("known", .number),
        member(
            "items",
            .list(
                .object([
                    member("form", .oneOf(["offer", "quote", "team"])), member("id", .hex(32)),
                    member("offer", .orNull(.hex(32))), member("seller", .hex(32)),
                    member("text", .text),
                    member("similarity", .integer(-1_000_000...1_000_000)),
                    member("pricePerUnit", .orNull(.number)), member("base", .orNull(.number)),
                    member("capacity", .number),
                    member("load", .number),
                    member("reputation", .orNull(.integer(0...1_000_000))),
                    member("region", .orNull(.text)), member("since", .number),
                    member("until", .orNull(.number)), member("members", .integer(0...15)),
                ]))),
    ])

    static let auction = Schema.object([
        member("auction", .hex(32)), member("poster", .hex(32)), member("payer", .hex(32)),
        member("closed", .boolean), member("reserve", .number), member("deposit", .number),
        member("mandate", .orNull(.hex(32))), member("fee", .integer(0...50_000)),
        member("held", .number), member("bidsUntil", .number), member("revealsUntil", .number),
        member(
            "bids",
            .list(
                .object([
                    member("bidder", .hex(32)), member("commitment", .hex(32)),
                    member("price", .orNull(.number)),
                ]))),
        member("terms", taskTerms),
    ])
}
