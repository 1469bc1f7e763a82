// `althing demo`: a node, traces, a table, a receipt, and a spoiled receipt, in less than a minute.
import Gateway
import JSON
import Platform
import Primitives

enum DemoCommand {
    private static let once = Option(
        "once", nil, "Ends by itself instead of leaving the node open.")
    private static let port = Option(
        "port", OptionValue("PORT", .number(0...65_535, unit: "ports")),
        "Where the node listens on this machine; 0 takes a free port."
    ).standing(at: "0")

    private static let validators = Option(
        "validators", OptionValue("COUNT", .number(1...16, unit: "validators")),
        "How many validators to start, each a process; 1 runs a node inside this one."
    ).standing(at: "4")
    private static let kill = Option(
        "kill", nil, "Ends one validator with kill -9 in the middle, and brings it back.")

    private static let story = Option(
        "story", nil, "Only the story of one task, which is told last otherwise.")

    static let verb = Verb("demo", "Shows all of it in less than a minute", run)
        .discussed(
            "Starts four validators in the development mode, sends them sample traces over "
                + "OTLP/HTTP for ten seconds, says whether all of them agree, fetches one "
                + "receipt, verifies it offline, and shows that a spoiled byte is found. Then "
                + "tells the story of one task: a mandate, sealed bids, a guardian who agrees, a "
                + "proof, the payment, a stop, and a receipt of all of it; --story prints the "
                + "command for each step. Without --data everything is in a temporary directory "
                + "that is removed at the end."
        )
        .example("althing demo")
        .example("althing demo --once --data ./althing-demo")
        .example("althing demo --once --json")
        .example("althing demo --once --kill")
        .example("althing demo --story --once --data ./althing-story")
        .taking(validators, kill, story, once, .data, port, .json)

    private static let loadNanoseconds = 10 * Nanoseconds.perSecond

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let given = call.text(.data)
        let path: String
        if let given { path = LocalFiles.absolute(given) } else {
            path = try LocalFiles.makeTemporaryDirectory()
        }
        defer { if given == nil { LocalFiles.removeTree(path) } }
        let console = progress(of: call)
        let stop = Gate()
        do {
            try Signals.onTermination { _ in stop.open() }
        } catch { throw .system(error) }
        let count = Int(call.number(validators) ?? 4)
        if count > 1 || call.has(story) {
            let demo = DemoCluster(
                folder: path, validators: count, kills: call.has(kill),
                isStoryOnly: call.has(story), console: console)
            let summary = try demo.show(
                for: loadNanoseconds, stop, staysOpen: !call.has(once))
            if let summary, call.has(.json) { call.console.print(summary) }
            return
        }
        let node = try start(in: path, call)
        defer { node.stop() }
        console.print("A node of the development mode runs in \(path).")
        console.print("Dashboard: \(node.address)/\n")
        guard let load = try feed(node, stop, console) else { return }
        let client = try NodeClient(node.address)
        let outcome = try DemoReceipt(
            client: client, console: console, folder: path, trusted: node.setup.genesis.digest
        ).show()
        if call.has(.json) {
            call.console.print(summary(load, outcome, status: try client.get("/v1/status")))
        }
        guard !call.has(once) else { return }
        console.print(
            "\nThe dashboard stays open at \(node.address)/\n"
                + "Your own agents: OTEL_EXPORTER_OTLP_ENDPOINT=\(node.address)\n"
                + "Ctrl-C ends the node.")
        stop.wait()
    }

    private static func start(
        in path: String, _ call: Invocation
    ) throws(CommandFailure) -> RunningNode {
        var configuration = Configuration()
        configuration.listen = "127.0.0.1:\(call.number(port) ?? 0)"
        configuration.gateway.logLevel = .warning
        let setup = try NodeSetup(
            DataDirectory(path: path), mode: .development, chain: ChainPlan(name: "demo")
        ) { _ throws(CommandFailure) in Passphrase.development }
        return try RunningNode(setup, configuration)
    }

    /// Where the story is told: on standard error where standard output is for the JSON object.
    private static func progress(of call: Invocation) -> Console {
        var console = call.console
        guard call.has(.json) else { return console }
        console.write = console.writeError
        console.isTerminal = console.isErrorTerminal
        return console
    }

    static func summary(
        _ load: DemoLoad, _ outcome: DemoReceipt.Outcome, status: JSONValue
    ) -> JSONValue {
        func member(_ key: String, _ value: JSONValue) -> JSONMember {
            JSONMember(key, value)
        }
        return .object([
            member("spans", .string("\(load.spans)")),
            member("refused", .string("\(load.refused)")), member("status", status),
            member(
                "receipt",
                .object([
                    member("record", .string(outcome.record)),
                    member("bytes", .number(JSONNumber(outcome.bytes))),
                    member("file", .string(outcome.file)), member("verified", .bool(true)),
                ])),
            member("spoiled", .object([member("part", .string(outcome.spoiledPart))])),
        ])
    }

    /// Sends the samples and draws the table; nil where the user asked to stop.
    private static func feed(
        _ node: RunningNode, _ stop: Gate, _ console: Console
    ) throws(CommandFailure) -> DemoLoad? {
        let templates = try Samples.recordings().map { $0.compactMap(TraceTemplate.init) }
        let load = try DemoLoad(recordings: templates)
        defer { load.stop() }
        let client = try NodeClient(node.address)
        var table = DemoTable(console: console)
        load.start(to: [node.address], for: loadNanoseconds)
        var second = 0
        var hasEnded = false
        while !hasEnded {
            hasEnded = load.hasEnded(within: Nanoseconds.perSecond)
            second += 1
            table.show(try client.get("/v1/status"), second: second)
            if stop.wait(nanoseconds: 0) { return nil }
        }
        if let failure = load.failure { throw failure }
        console.print(
            "\n\(Quantity.count(load.spans)) spans sent, each answered when it was durable; "
                + "\(load.refused) refused.")
        return load
    }
}
