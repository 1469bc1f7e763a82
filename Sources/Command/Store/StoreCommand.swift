// `althing store`: looks after the store of a node that is not running.
import Environment
import JSON
import Node
import Platform
import Primitives

enum StoreVerbs {
    static let verb = Verb(
        "store", "Checks, rebuilds, compresses, prunes, archives and describes a store",
        verbs: [
            checkVerb, rebuildVerb, CompactVerb.verb, PruneVerb.verb, ArchiveVerbs.archiveVerb,
            ArchiveVerbs.restoreVerb, infoVerb,
        ])

    private static let checkVerb = Verb(
        "check", "Walks a whole store and recomputes every digest", check
    )
    .discussed(
        "Reads both journals frame by frame, replays every batch, operation and "
            + "checkpoint by the rules of the ledger, checks digests, roots, signatures and "
            + "payloads, and compares the index. Every fault is named with its place; the "
            + "status is 4 where there is one. Segments that lie in an archive are brought back to "
            + "be read. The node must not be running."
    )
    .example("althing store check --data ./althing-data")
    .taking(Option.data.required, .json)

    private static let rebuildVerb = Verb(
        "rebuild", "Makes the index of a store again from its journals", rebuild
    )
    .discussed(
        "The journals are the truth and are not changed; segments in an archive are brought "
            + "back to be read. The node must not be running."
    )
    .example("althing store rebuild --data ./althing-data")
    .taking(Option.data.required, .json)

    private static let infoVerb = Verb("info", "Prints what a store is, without opening it", info)
        .example("althing store info --data ./althing-data")
        .taking(Option.data.required, .json)

    // MARK: check

    private static func check(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let opening = try directory.wholeOpening()
        let lock = try directory.lock()
        defer { lock.release() }
        var progress = Progress(console: call.console, total: 0)
        let report: StoreReport
        do {
            report = try StoreCheck.run(opening) { frames in
                progress.note(Int(clamping: frames)) { done, _ in
                    "\(Quantity.count(UInt64(done))) frames checked"
                }
            }
        } catch {
            throw StoreWords.failure(.storage(error), directory: directory)
        }
        progress.finish()
        if call.has(.json) {
            call.console.print(json(report))
        } else {
            call.console.print(text(report))
        }
        guard report.faults.isEmpty else {
            throw .damaged(
                ["the store in \(directory.path) has \(report.faults.count) fault(s)"]
                    + report.faults.map(StoreWords.sentence)
                    + StoreWords.advice(for: report.faults, directory: directory))
        }
    }

    private static let counted: [(String, KeyPath<StoreReport, UInt64> & Sendable)] = [
        ("frames", \.frames), ("batches", \.batches), ("records", \.records),
        ("operations", \.operations), ("checkpoints", \.checkpoints),
        ("payloadChunks", \.payloadChunks), ("payloadsElsewhere", \.payloadsElsewhere),
        ("prunedBatches", \.prunedBatches), ("archivedSegments", \.archivedSegments),
        ("bytes", \.bytes),
    ]

    private static func text(_ report: StoreReport) -> String {
        var facts = Facts()
        for (name, path) in counted { facts.add(name, Quantity.count(report[keyPath: path])) }
        facts.add("faults", "\(report.faults.count)")
        return facts.text
    }

    private static func json(_ report: StoreReport) -> JSONValue {
        var members = [JSONMember("sound", .bool(report.faults.isEmpty))]
        members += counted.map { JSONMember($0.0, .integer(report[keyPath: $0.1])) }
        let faults = report.faults.map { JSONValue.string(StoreWords.sentence($0)) }
        return .object(members + [JSONMember("faults", .array(faults))])
    }

    // MARK: rebuild

    private static func rebuild(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let opening = try directory.wholeOpening()
        let lock = try directory.lock()
        defer { lock.release() }
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        if !call.has(.json) { call.console.note("making the index again from the journals...") }
        do {
            try StoreRebuild.run(opening)
        } catch {
            throw StoreWords.failure(error, directory: directory)
        }
        let took = clock.monotonicNanoseconds() - start
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("rebuilt", .bool(true)), JSONMember("nanoseconds", .integer(took)),
                ]))
        }
        call.console.print("the index is made again, in \(Quantity.duration(took))")
    }

    // MARK: info

    private static func info(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let genesis = try directory.genesis()
        let journal = directory.size(of: "journal")
        let payloads = directory.size(of: "payloads")
        let index = directory.size(of: "index")
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("chain", .string(genesis.digest.hex)),
                    JSONMember("name", .string(genesis.name)),
                    JSONMember("created", .string(String(genesis.created.nanoseconds))),
                    JSONMember("mode", .string(try directory.mode().rawValue)),
                    JSONMember("journalBytes", .string(String(journal))),
                    JSONMember("payloadBytes", .string(String(payloads))),
                    JSONMember("indexBytes", .string(String(index))),
                ]))
        }
        var facts = Facts()
        facts.add("directory", directory.path)
        facts.add("chain", genesis.digest.hex)
        facts.add("name", genesis.name)
        facts.add("created", Quantity.time(genesis.created))
        facts.add("mode", try directory.mode().rawValue)
        facts.add("journal", Quantity.bytes(journal))
        facts.add("payloads", Quantity.bytes(payloads))
        facts.add("index", Quantity.bytes(index))
        call.console.print(facts.text)
    }
}
