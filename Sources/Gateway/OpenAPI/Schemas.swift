// The schemas of every JSON document that a gateway gives, by name.

enum Schemas {
    /// In the order of the document.
    static let all: [(name: String, schema: Schema)] = [
        ("Problem", problem), ("ProblemType", problemType), ("Health", health), ("OpenAPI", .any),
        ("Tokens", tokens), ("Payload", payload), ("Status", status), ("Latency", latency),
        ("RunSummary", .object(runMembers)), ("RunList", page("RunSummary")),
        ("Run", .object(runMembers + [member("operations", .list(.named("Operation"))), next])),
        ("Operation", .object(operationMembers)),
        ("Record", .object([member("run", .hex(16))] + operationMembers)),
        ("RecordList", page("Record")), ("Receipt", .any), ("Signal", signal),
        ("SignalList", page("Signal")), ("Agent", agent),
        ("AgentList", page("Agent")), ("Usage", usage), ("StateProof", stateProof),
        ("AgentInstance", agentInstance), ("AgentKey", agentKey), ("AgentAnswer", agentAnswer),
        ("Hosted", hosted), ("HostedList", page("Hosted")), ("Owner", owner), ("Signer", signer),
        ("Account", account), ("AccountUsage", accountUsage),
        ("AgentConstitution", agentConstitution), ("AgentRulings", agentRulings),
        ("OwnerRoles", ownerRoles),
        ("GovernedAgent", governedAgent), ("GovernedAgentList", page("GovernedAgent")),
        ("Deed", deed), ("DeedList", page("Deed")),
        ("Mandate", mandate), ("MandateList", page("Mandate")), ("Approval", approval),
        ("ApprovalList", page("Approval")), ("Task", task), ("TaskList", page("Task")),
        ("Market", market), ("Offer", offer), ("OfferList", page("Offer")),
        ("ServiceMatches", serviceMatches), ("Auction", auction), ("AuctionList", page("Auction")),
        ("Licence", licence), ("LicenceList", page("Licence")), ("LicenceOffer", licenceOffer),
        ("LicenceOfferList", page("LicenceOffer")), ("Team", team), ("TeamList", page("Team")),
        ("Division", division), ("Quote", quote), ("QuoteList", page("Quote")), ("Cover", cover),
        ("CoverList", page("Cover")),
        ("Batch", batch), ("BatchList", page("Batch")),
        ("CheckpointSummary", .object(checkpointMembers)),
        ("CheckpointList", page("CheckpointSummary")),
        ("Checkpoint", .object(checkpointMembers + [member("contents", .list(item))])),
        ("Genesis", genesis), ("EpochSteps", epochSteps), ("SearchList", searchList),
        ("Consensus", consensus), ("Validators", validators), ("Graph", graph),
        ("Commit", commit), ("OperationOutcome", operationOutcome), ("BatchOutcome", batchOutcome),
    ]

    static func member(_ name: String, _ schema: Schema) -> Schema.Member {
        Schema.Member(name: name, schema: schema)
    }

    static func optional(_ name: String, _ schema: Schema) -> Schema.Member {
        Schema.Member(name: name, schema: schema, isRequired: false)
    }

    private static let next = member("next", .orNull(.text))

    private static func page(_ name: String) -> Schema {
        .object([member("items", .list(.named(name))), next])
    }

    private static let problem = Schema.object([
        member("type", .text), member("title", .text), member("status", .integer(400...599)),
        member("detail", .text), member("instance", .text),
    ])
    private static let problemType = Schema.object([
        member("type", .text), member("title", .text), member("status", .integer(400...599)),
    ])
    private static let health = Schema.object([member("status", .oneOf(["ok"]))])
    static let tokens = Schema.object([
        member("input", .number), member("output", .number), member("cached", .number),
        member("reasoning", .number),
    ])
    private static let payload = Schema.object([
        member("size", .number), member("digest", .hex(32)),
    ])
    private static let signal = Schema.object([
        member("kind", .oneOf(["metrics", "logs"])), member("time", .number),
        member("owner", .hex(32)), member("count", .number), member("payload", .named("Payload")),
    ])
    private static let latency = Schema.object([
        member("p50", .number), member("p90", .number), member("p99", .number),
        member("count", .number),
    ])

    static let outcomes = Schema.oneOf(["success", "failure", "partial"])

    private static let runMembers: [Schema.Member] = [
        member("run", .hex(16)), member("name", .text), member("agent", .orNull(.hex(32))),
        member("agentName", .orNull(.text)), member("owner", .hex(32)), member("start", .number),
        member("end", .number), member("duration", .number), member("records", .count),
        member("tokens", .named("Tokens")), member("cost", .number), member("gas", .number),
        member("outcome", outcomes), member("finality", .oneOf(["agentFinal", "checkpointFinal"])),
        member("pruned", .boolean),
    ]

    private static let operationMembers: [Schema.Member] = [
        member("id", .text), member("digest", .hex(32)), member("operation", .hex(8)),
        member("caller", .hex(8)), member("task", .hex(16)), member("kind", kinds),
        member("agent", .hex(32)), member("agentName", .orNull(.text)),
        member("outcome", outcomes), member("start", .number), member("duration", .number),
        member("tokens", .named("Tokens")), member("compute", .number),
        member("memory", .number), member("cost", .number), member("gas", .number),
        member("payload", .named("Payload")), member("parents", .list(.hex(32))),
        member("name", .orNull(.text)), member("model", .orNull(.text)),
        member("provider", .orNull(.text)), member("tool", .orNull(.text)),
        member("batch", .number), member("row", .count), member("checkpoint", .orNull(.number)),
    ]
    private static let kinds = Schema.oneOf([
        "run", "modelCall", "toolCall", "handOff", "retrieval", "memory", "other",
    ])

    private static let headerMembers: [Schema.Member] = [
        member("epoch", .number), member("height", .number), member("previous", .hex(32)),
        member("time", .number), member("items", .count), member("itemsRoot", .hex(32)),
        member("records", .number), member("stateRoot", .hex(32)), member("committee", .hex(32)),
    ]
    private static let checkpointMembers: [Schema.Member] =
        headerMembers + [
            optional("next", .hex(32)), member("digest", .hex(32)), certificate,
        ]
    private static let certificate = member("certificate", .list(.object(signatureMembers)))
    private static let epochSteps = Schema.object([
        member("epoch", .number),
        member(
            "steps",
            .list(
                .object([
                    member("checkpoint", .object(headerMembers + [member("next", .hex(32))])),
                    certificate, member("validators", .list(.hex(32))),
                ]))),
    ])
    private static let signatureMembers: [Schema.Member] = [
        member("validator", .integer(0...127)), member("signature", .hex(64)),
    ]
    private static let item = Schema.object([
        member("kind", .oneOf(["batch", "operation", "refused"])), optional("number", .number),
        member("digest", .hex(32)),
    ])
}
