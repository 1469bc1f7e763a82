// `althing record import`: recorded traces into a node, over the same door as any exporter.
import JSON
import Primitives
import Telemetry

extension Option {
    static let token = Option(
        "token", OptionValue("TEXT", .text),
        "Bearer token of a sender; other users of this machine can read it off the process list.")
    static let tokenFile = Option(
        "token-file", OptionValue("FILE", .file),
        "File with the token, readable by its owner only.")
}

enum ImportCommand {
    private static let file = Positional("FILE", .file, "The recording; - for standard input.")

    static let verb = Verb("import", "Sends recorded traces to a node", run)
        .discussed(
            "The format is recognised by its content: OTLP/JSON lines, tau-bench "
                + "results, or the output.jsonl of OpenHands. What was recorded before is not "
                + "recorded twice."
        )
        .example("althing record import traces.otlp.jsonl --node http://127.0.0.1:4318")
        .taking(.token, .tokenFile, .node, .json)
        .expecting(file)

    /// Bytes of a recording, at most: what the JSON parser takes.
    private static let mostBytes = JSONLimits.mostBytes

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let path = try call.required(file)
        let bytes = try LocalFiles.read(path, limit: mostBytes)
        let recording: (source: Trajectory.Source, requests: [[UInt8]])
        do {
            recording = try Trajectory.requests(from: bytes)
        } catch {
            throw .file(FileFault(operation: "read", path: path, cause: .content("\(error)")))
        }
        let client = try call.client(token: try token(call))
        let before = try? client.get("/v1/status")
        var sender = TraceSender(client: client)
        var progress = Progress(console: call.console, total: recording.requests.count)
        for (index, request) in recording.requests.enumerated() {
            try sender.send(request)
            progress.note(index + 1) { "\($0) of \($1) requests sent" }
        }
        progress.finish()
        let after = try? client.get("/v1/status")
        let report = ImportReport(
            source: name(of: recording.source), counts: sender.counts,
            news: news(before, after, accepted: sender.counts.accepted))
        report.print(call)
        guard sender.counts.refused == 0 else {
            throw .refused(
                "\(sender.counts.refused) of \(sender.counts.spans) spans were refused: "
                    + printable(sender.counts.firstReason))
        }
    }

    static func token(_ call: Invocation) throws(CommandFailure) -> String? {
        try call.exclude(.token, .tokenFile)
        guard let file = call.text(.tokenFile) else { return call.text(.token) }
        let bytes = try LocalFiles.readSecret(file, limit: 4_096)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    private static func name(of source: Trajectory.Source) -> String {
        switch source {
        case .openTelemetry: "otlp-json"
        case .tauBench: "tau-bench"
        case .openHands: "openhands"
        }
    }

    /// How many of the accepted spans were new, by the node's counters; nil where somebody else
    /// sent at the same time and the difference says nothing.
    private static func news(
        _ before: JSONValue?, _ after: JSONValue?, accepted: UInt64
    ) -> UInt64? {
        guard let before, let after else { return nil }
        let recorded = after.number("spans", "recorded")
            .subtractingReportingOverflow(before.number("spans", "recorded"))
        let duplicates = after.number("spans", "duplicates")
            .subtractingReportingOverflow(before.number("spans", "duplicates"))
        let (sum, overflow) = recorded.partialValue
            .addingReportingOverflow(duplicates.partialValue)
        guard !recorded.overflow, !duplicates.overflow, !overflow, sum == accepted else {
            return nil
        }
        return recorded.partialValue
    }
}

/// What an import came to.
struct ImportReport {
    let source: String
    let counts: TraceSender.Counts
    /// Spans that were not recorded before; nil where that is not known.
    let news: UInt64?

    func print(_ call: Invocation) {
        guard !call.has(.json) else { return call.console.print(json) }
        var facts = Facts()
        facts.add("format", source)
        facts.add("requests", Quantity.count(counts.requests))
        facts.add("spans", Quantity.count(counts.spans))
        facts.add("accepted", Quantity.count(counts.accepted))
        if let news {
            facts.add("recorded", Quantity.count(news))
            facts.add("known before", Quantity.count(counts.accepted - news))
        }
        facts.add("refused", Quantity.count(counts.refused))
        call.console.print(facts.text)
    }

    private var json: JSONValue {
        .object([
            JSONMember("format", .string(source)),
            JSONMember("requests", .integer(counts.requests)),
            JSONMember("spans", .integer(counts.spans)),
            JSONMember("accepted", .integer(counts.accepted)),
            JSONMember("recorded", news.map { .integer($0) } ?? .null),
            JSONMember("knownBefore", news.map { .integer(counts.accepted - $0) } ?? .null),
            JSONMember("refused", .integer(counts.refused)),
        ])
    }
}
