// `althing testbed`: several validators on this machine under load, and whether they agree.
import JSON
import Primitives

enum TestbedCommand {
    private static let validators = Option(
        "validators", OptionValue("COUNT", .number(1...16, unit: "validators")),
        "Processes to start, each a validator."
    ).standing(at: "4")
    private static let duration = Option(
        "duration", OptionValue("TIME", .duration(1_000_000_000...3_600_000_000_000)),
        "How long the load lasts."
    ).standing(at: "20s")
    private static let load = Option(
        "load", OptionValue("RECORDS", .number(1...10_000_000, unit: "records a second")),
        "Records a second over all validators, in batches of 512."
    ).standing(at: "50000")
    private static let batches = Option(
        "batches", OptionValue("BATCHES", .number(1...100_000, unit: "batches a second")),
        "Instead of --load: so many batches a second of four records each.")
    private static let operations = Option(
        "operations", OptionValue("COUNT", .number(0...10_000, unit: "operations a second")),
        "Operations a second that the committee must put in order."
    ).standing(at: "40")
    private static let kill = Option(
        "kill", nil, "Ends one validator with kill -9 in the middle, and brings it back.")

    static let verb = Verb("testbed", "Runs several validators here and measures them", run)
        .discussed(
            "Each validator is a process with its own keys, disk and sockets. Batches go to all "
                + "of them over HTTP; a time runs from when a batch was due, so that a validator "
                + "that stalls shows. At the end every checkpoint is compared digest by digest, "
                + "every acknowledged batch is looked up on every validator, and receipts are "
                + "verified; the status is 0 only where all of that holds.",
            "Everything is in a directory that is removed at the end, unless --data names one."
        )
        .example("althing testbed --validators 4 --duration 20s --load 50000")
        .example("althing testbed --batches 1000 --kill --json")
        .taking(validators, duration, load, batches, operations, kill, .data, .set, .json)

    private static func run(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(load, batches)
        let given = call.text(.data)
        if let given, LocalFiles.exists(given) {
            throw .file(FileFault(operation: "create", path: given, cause: .exists))
        }
        var temporary: String?
        if given == nil { temporary = try LocalFiles.makeTemporaryDirectory() }
        defer { if let temporary { LocalFiles.removeTree(temporary) } }
        let folder = given ?? (temporary ?? "/tmp") + "/testbed"
        let plan = plan(call)
        let result = try Testbed.run(
            plan, in: folder, console: call.has(.json) ? nil : call.console)
        call.has(.json)
            ? call.console.print(json(result)) : call.console.print("\n" + text(result))
        guard result.agreement.holds else { throw .refused("the validators do not agree") }
    }

    private static func plan(_ call: Invocation) -> TestbedPlan {
        let count = Int(call.number(validators) ?? 4)
        let operations = Int(call.number(operations) ?? 40)
        let nanoseconds = call.nanoseconds(duration) ?? 20 * Nanoseconds.perSecond
        var shape: LoadShape
        if let rate = call.number(batches).map({ Int($0) }) {
            shape = .light(batchesPerSecond: rate, validators: count)
        } else {
            shape = .heavy(recordsPerSecond: Int(call.number(load) ?? 50_000))
        }
        shape.operationsPerSecond = operations
        var plan = TestbedPlan(
            validators: count, seconds: nanoseconds / Nanoseconds.perSecond, shape: shape,
            kills: call.has(kill))
        plan.settings = call.texts(.set)
        return plan
    }

    private static func text(_ result: TestbedResult) -> String {
        var facts = Facts()
        func line(_ quantiles: Quantiles) -> String {
            "p50 \(Quantity.duration(quantiles.p50)), p90 \(Quantity.duration(quantiles.p90)), "
                + "p99 \(Quantity.duration(quantiles.p99))"
        }
        facts.add("records/s", Quantity.count(UInt64(result.recordsPerSecond)))
        facts.add("batches", Quantity.count(UInt64(result.batches)))
        facts.add("operations", Quantity.count(result.operations))
        facts.add("agentFinal", line(result.agentFinal))
        facts.add("checkpointFinal", line(result.checkpointFinal))
        facts.add("operation executed", line(result.commit))
        facts.add("commits/s", "\(UInt64(result.commitsPerSecond))")
        facts.add("durability", TestbedResult.durability)
        if result.retries > 0 { facts.add("retries", Quantity.count(result.retries)) }
        return facts.text + "\n\n" + result.agreement.text(validators: result.plan.validators)
    }

    private static func json(_ result: TestbedResult) -> JSONValue {
        func object(_ quantiles: Quantiles) -> JSONValue {
            .object([
                JSONMember("count", .integer(quantiles.count)),
                JSONMember("p50", .string("\(quantiles.p50)")),
                JSONMember("p90", .string("\(quantiles.p90)")),
                JSONMember("p99", .string("\(quantiles.p99)")),
            ])
        }
        var members = [
            JSONMember("validators", .integer(result.plan.validators)),
            JSONMember("seconds", .integer(result.plan.seconds)),
            JSONMember("records", .string("\(result.records)")),
            JSONMember("recordsPerSecond", .integer(UInt64(result.recordsPerSecond))),
            JSONMember("batches", .integer(result.batches)),
            JSONMember("operations", .string("\(result.operations)")),
            JSONMember("retries", .string("\(result.retries)")),
            JSONMember("commitsPerSecond", .integer(UInt64(result.commitsPerSecond))),
            JSONMember("agentFinal", object(result.agentFinal)),
            JSONMember("checkpointFinal", object(result.checkpointFinal)),
            JSONMember("commit", object(result.commit)),
            JSONMember("durability", .string(TestbedResult.durability)),
            JSONMember("verdict", result.agreement.json),
        ]
        if let restart = result.restartNanoseconds {
            members.append(JSONMember("restart", .string("\(restart)")))
        }
        return .object(members)
    }
}

extension LoadShape {
    /// Few records in many batches: latency.
    static func light(batchesPerSecond: Int, validators: Int) -> LoadShape {
        // A sender waits for its answer: enough of them that what is due is sent, not queued here,
        // while answers take 100 ms.
        let senders = max(2, min(64, batchesPerSecond / validators / 10))
        return LoadShape(
            batchesPerSecond: batchesPerSecond, recordsPerBatch: 4, operationsPerSecond: 40,
            senders: senders)
    }

    /// Batches of 512 records, the size in which the SDKs export.
    static func heavy(recordsPerSecond: Int) -> LoadShape {
        LoadShape(
            batchesPerSecond: max(1, recordsPerSecond / 512), recordsPerBatch: 512,
            operationsPerSecond: 40, senders: 4)
    }

    /// Batches of 8,192 records made beforehand and sent as fast as they are answered: what the
    /// validators can do.
    static func saturating(records: Int, validators: Int) -> LoadShape {
        let (batch, senders) = (8_192, 8)
        return LoadShape(
            batchesPerSecond: 1, recordsPerBatch: batch, operationsPerSecond: 0,
            senders: max(1, senders / validators), preparedBatches: records / batch / senders)
    }
}
