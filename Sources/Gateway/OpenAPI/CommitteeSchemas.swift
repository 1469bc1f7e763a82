// The schemas of documents about the committee and its graph.

extension Schemas {
    static let consensus = Schema.object([
        member("epoch", .number), member("round", .number), member("committedRound", .number),
        member("commits", .number), member("seat", .orNull(.integer(0...127))),
        member("seats", .integer(1...128)), member("connected", .count),
        member("commitsPerSecond", .number), member("certificates", .number),
        member("certificatesPerSecond", .number), member("batchesUnderWay", .count),
        member("halted", .orNull(.text)),
    ])

    static let validators = Schema.object([
        member("epoch", .number), member("round", .number),
        member(
            "validators",
            .list(
                .object([
                    member("seat", .integer(0...127)), member("key", .hex(32)),
                    member("did", .text), member("address", .text), member("own", .boolean),
                    member("connected", .boolean), member("roundTrip", .orNull(.number)),
                    member("lastRound", .orNull(.number)), member("lagRounds", .number),
                    member("height", .orNull(.number)),
                    member("lagCheckpoints", .orNull(.number)), member("blocks", .number),
                    member("exposed", .boolean), member("fault", .orNull(.text)),
                ]))),
    ])

    static let graph = Schema.object([
        member("epoch", .number), member("seats", .integer(1...128)),
        member("quorum", .integer(1...128)), member("now", .number),
        member("commits", .list(.named("Commit"))), member("next", .number),
        member(
            "tip",
            .object([
                member("slots", .list(.object(slotMembers))), member("blocks", .list(graphBlock)),
            ])),
    ])

    private static let slotMembers = [
        member("round", .number), member("seat", .orNull(.integer(0...127))),
        member("elected", .boolean),
    ]

    private static let outcome = Schema.oneOf([
        "committedDirectly", "committedIndirectly", "skippedDirectly", "skippedIndirectly",
    ])

    private static let graphBlock = Schema.object([
        member("round", .number), member("seat", .integer(0...127)), member("digest", .hex(32)),
        member("time", .number), member("parents", .list(.hex(32))), member("items", .count),
        member("bytes", .count),
    ])

    static let commit = Schema.object([
        member("index", .number), member("epoch", .number), member("round", .number),
        member("time", .number), member("digest", .hex(32)),
        member(
            "verdicts",
            .list(
                .object(
                    slotMembers + [
                        member("outcome", outcome), member("block", .orNull(.hex(32))),
                    ]))),
        member("blocks", .list(graphBlock)),
    ])

    static let batchRoad = Schema.object([
        member("received", .number), member("gateway", .orNull(.integer(0...127))),
        member("certified", .orNull(.number)), member("votes", .list(.integer(0...127))),
        member("final", .orNull(.number)), member("executed", .orNull(.number)),
        member("commit", .orNull(.number)), member("round", .orNull(.number)),
    ])
}
