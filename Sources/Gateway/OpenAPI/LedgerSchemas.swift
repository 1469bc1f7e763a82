// The schemas of documents about the node, identities, batches and outcomes.

extension Schemas {
    static let status = Schema.object([
        member("version", .text), member("commit", .text), member("chain", .hex(32)),
        member("name", .text), member("mode", .oneOf(["development", "production"])),
        member("started", .number), member("now", .number), member("height", .number),
        member("records", .number), member("batches", .number), member("operations", .number),
        member("agents", .number),
        member(
            "spans",
            .object([
                member("received", .number), member("recorded", .number),
                member("duplicates", .number), member("refused", .number),
            ])),
        member("payloads", .object([member("rawBytes", .number), member("storedBytes", .number)])),
        member("validators", .list(.object([member("key", .hex(32)), member("did", .text)]))),
        member(
            "latency",
            .object([
                member("agentFinal", .named("Latency")),
                member("checkpointFinal", .named("Latency")),
            ])),
        member("consensus", .named("Consensus")),
        member(
            "store",
            .object([
                member("journalBytes", .number), member("payloadBytes", .number),
                member("recordsPruned", .number), member("payloadsPruned", .number),
                member(
                    "compaction",
                    .object([
                        member("bytesPerSecond", .number), member("segments", .number),
                        member("bytesBefore", .number), member("bytesAfter", .number),
                        member("waiting", .number), member("failures", .number),
                    ])),
            ])),
    ])

    static let agent = Schema.object([
        member("agent", .hex(32)), member("owner", .hex(32)), member("ownerName", .text),
        member("name", .text), member("version", .text),
        member("status", .oneOf(["registered", "active", "suspended", "retired"])),
        member("capabilities", .list(.text)), member("metadata", .hex(32)),
        member("key", .orNull(.hex(32))), member("registered", .number),
        member("usage", .named("Usage")),
    ])

    static let usage = Schema.object([
        member("records", .number), member("failures", .number),
        member("tokens", .named("Tokens")), member("cost", .number), member("gas", .number),
        member("first", .number), member("last", .number),
    ])

    static let stateProof = Schema.object([
        member("key", .hex(32)), member("value", .orNull(.hexText)),
        member("siblings", .list(.hex(32))),
        member(
            "neighbour", .orNull(.object([member("key", .hex(32)), member("value", .hex(32))]))),
        member("height", .number), member("stateRoot", .hex(32)), member("checkpoint", .hexText),
    ])

    static let owner = Schema.object([
        member("owner", .hex(32)), member("name", .text), member("registered", .number),
        member(
            "keys",
            .list(
                .object([
                    member("key", .hex(32)), member("did", .text), member("added", .number),
                    member("revoked", .orNull(.number)),
                ]))),
        member(
            "submitters",
            .list(
                .object([
                    member("submitter", .hex(32)), member("key", .orNull(.hex(32))),
                    member("rights", .list(.oneOf(["record", "registerAgents"]))),
                ]))),
    ])

    static let agentInstance = Schema.object([
        member("agent", .hex(32)),
        member(
            "instance",
            .orNull(
                .object([
                    member("program", .hex(32)),
                    member("status", .oneOf(["running", "ended", "faulty"])),
                    member("sequence", .number), member("root", .hex(32)),
                    member("time", .number), member("deposit", .number), member("spent", .number),
                    member("transferLimit", .number),
                    member("evidence", .oneOf(["reexecution", "proof"])),
                    member("readable", .boolean), member("call", .orNull(pendingCall)),
                ]))),
    ])
    static let agentKey = Schema.object([
        member("agent", .hex(32)), member("key", .hex(32)), member("proof", .hex(64)),
    ])
    static let agentAnswer = Schema.object([
        member("agent", .hex(32)), member("output", .list(.number)),
        member("transitions", .integer(0...Int(Int32.max))), member("sequence", .number),
        member("root", .hex(32)), member("steps", .number),
    ])
    static let hosted = Schema.object([
        member("agent", .hex(32)), member("owner", .hex(32)), member("program", .hex(32)),
        member("sequence", .number), member("root", .hex(32)), member("steps", .number),
        member("gas", .number), member("deposit", .number),
        member("waiting", .integer(0...Int(Int32.max))), optional("calls", .hex(32)),
        optional("trouble", .text),
    ])
    private static let pendingCall = Schema.object([
        member("kind", .oneOf(["call", "transfer", "state"])), member("callee", .hex(32)),
        member("words", .list(.number)), member("since", .number),
        member("approval", .orNull(.hex(32))),
        member(
            "answer",
            .orNull(
                .object([
                    member("status", .oneOf(["done", "refused", "abandoned"])),
                    member("words", .list(.number)),
                    member(
                        "by",
                        .orNull(
                            .object([
                                member("agent", .hex(32)), member("sequence", .number),
                                member("root", .hex(32)),
                            ]))),
                ]))),
    ])

    static let signer = Schema.object([member("key", .hex(32)), member("next", .number)])

    static let batch = Schema.object([
        member("number", .number), member("digest", .hex(32)), member("submitter", .hex(32)),
        member("sequence", .number), member("count", .integer(1...65_536)),
        member("root", .hex(32)), member("closed", .number), member("bytes", .number),
        member("agentFinalAfter", .orNull(.number)), member("checkpoint", .orNull(.number)),
        member("road", .orNull(batchRoad)),
    ])

    static let genesis = Schema.object([
        member("chain", .hex(32)), member("name", .text), member("created", .number),
        member("validators", .list(.hex(32))),
        optional(
            "settings",
            .object([
                member("leaders", .number), optional("knownRounds", .number),
                optional("evidence", .number), optional("transitionGas", .number),
                member("depth", .number), member("interval", .number),
                member("idleInterval", .number), member("epoch", .number),
            ])),
    ])

    static let searchList = Schema.object([
        member(
            "items",
            .list(
                .object([
                    member("kind", .oneOf(["run", "agent", "record", "batch", "checkpoint"])),
                    member("id", .text), member("title", .text),
                ])))
    ])

    static let operationOutcome = Schema.object([
        member("digest", .hex(32)),
        member(
            "effects",
            .list(
                .object([
                    member("kind", .text), optional("owner", .hex(32)), optional("agent", .hex(32)),
                    optional("submitter", .hex(32)), optional("digest", .hex(32)),
                    optional("account", .hex(32)), optional("approval", .hex(32)),
                    optional("task", .hex(32)), optional("mandate", .hex(32)),
                    optional("offer", .hex(32)), optional("nanoCredits", .number),
                ]))),
        member("checkpoint", .orNull(.number)),
    ])

    static let batchOutcome = Schema.object([
        member("number", .orNull(.number)), member("digest", .hex(32)),
    ])
}
