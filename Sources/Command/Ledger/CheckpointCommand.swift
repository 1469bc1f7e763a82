// `althing batch` and `checkpoint`: what the node accepted and what its validators certified.
import JSON
import Primitives

enum BatchVerbs {
    static let verb = Verb(
        "batch", "Lists and shows batches of records",
        verbs: [
            Verb("list", "Lists batches, newest first", list)
                .example("althing batch list --limit 10")
                .taking(.limit, .node, .json),
            Verb("show", "Prints one batch", show)
                .example("althing batch show 17")
                .taking(.node, .json)
                .expecting(number),
        ])

    private static let number = Positional(
        "NUMBER", .number(1...UInt64.max, unit: "batches"), "The number of the batch.")

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let items = try call.items("/v1/batches")
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .number("BATCH"), .number("RECORDS"), .number("SIZE"), .text("CLOSED"),
            .number("AGENT-FINAL AFTER"), .number("CHECKPOINT"), .text("DIGEST"))
        for batch in items {
            table.add(
                batch.text("number"), Quantity.count(batch.number("count")),
                Quantity.bytes(batch.number("bytes")), batch.time("closed"),
                batch.optionalNumber("agentFinalAfter").map(Quantity.duration) ?? "-",
                batch.optionalNumber("checkpoint").map(String.init) ?? "-",
                short(batch.text("digest")))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let batch = try call.client().get("/v1/batches/\(try call.required(number))")
        guard !call.has(.json) else { return call.console.print(batch) }
        var facts = Facts()
        facts.add("batch", batch.text("number"))
        facts.add("digest", batch.text("digest"))
        facts.add("submitter", batch.text("submitter"))
        facts.add("sequence", batch.text("sequence"))
        facts.add("records", Quantity.count(batch.number("count")))
        facts.add("root", batch.text("root"))
        facts.add("closed", batch.time("closed"))
        facts.add("size", Quantity.bytes(batch.number("bytes")))
        facts.add("checkpoint", batch.optionalNumber("checkpoint").map(String.init) ?? "not yet")
        call.console.print(facts.text)
    }
}

enum CheckpointVerbs {
    static let verb = Verb(
        "checkpoint", "Lists and shows checkpoints",
        verbs: [
            Verb("list", "Lists checkpoints, newest first", list)
                .example("althing checkpoint list --limit 10")
                .taking(.limit, .node, .json),
            Verb("show", "Prints one checkpoint with what it certifies", show)
                .example("althing checkpoint show 3")
                .taking(.node, .json)
                .expecting(height),
        ])

    private static let height = Positional(
        "HEIGHT", .number(1...UInt64.max, unit: "checkpoints"), "The height of the checkpoint.")

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let items = try call.items("/v1/checkpoints")
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .number("HEIGHT"), .text("TIME"), .number("ITEMS"), .number("RECORDS"),
            .number("SIGNATURES"), .text("STATE ROOT"), .text("DIGEST"))
        for checkpoint in items {
            table.add(
                checkpoint.text("height"), checkpoint.time("time"),
                Quantity.count(checkpoint.number("items")),
                Quantity.count(checkpoint.number("records")),
                "\(checkpoint.list("certificate").count)", short(checkpoint.text("stateRoot")),
                short(checkpoint.text("digest")))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let checkpoint = try call.client().get("/v1/checkpoints/\(try call.required(height))")
        guard !call.has(.json) else { return call.console.print(checkpoint) }
        var facts = Facts()
        for name in ["height", "digest", "previous"] { facts.add(name, checkpoint.text(name)) }
        facts.add("time", checkpoint.time("time"))
        facts.add("records", Quantity.count(checkpoint.number("records")))
        facts.add("state root", checkpoint.text("stateRoot"))
        facts.add("items root", checkpoint.text("itemsRoot"))
        for entry in checkpoint.list("certificate") {
            facts.add("signed by", entry.text("validator"))
        }
        call.console.print(facts.text)
        var contents = Table(.text("KIND"), .text("NUMBER"), .text("DIGEST"))
        for item in checkpoint.list("contents") {
            contents.add(
                item.text("kind"), item.optionalNumber("number").map(String.init) ?? "",
                item.text("digest"))
        }
        if !contents.isEmpty { call.console.print("\n" + contents.text(for: call.console)) }
    }
}
