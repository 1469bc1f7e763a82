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

    static let verb = Verb("demo", "Shows all of it in less than a minute", run)
        .discussed(
            "Starts a node in the development mode, sends it sample traces over "
                + "OTLP/HTTP for ten seconds, fetches one receipt, verifies it offline, and "
                + "shows that a spoiled byte is found. Without --data everything is in a "
                + "temporary directory that is removed at the end."
        )
        .example("althing demo")
        .example("althing demo --once --data ./althing-demo")
        .taking(once, .data, port)

    private static let loadNanoseconds = 10 * Nanoseconds.perSecond

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let given = call.text(.data)
        let path: String
        if let given { path = given } else { path = try LocalFiles.makeTemporaryDirectory() }
        defer { if given == nil { LocalFiles.removeTree(path) } }
        let stop = Gate()
        do {
            try Signals.onTermination { _ in stop.open() }
        } catch { throw .system(error) }
        let node = try start(in: path, call)
        defer { node.stop() }
        call.console.print("A node of the development mode runs in \(path).")
        call.console.print("Dashboard: \(node.address)/\n")
        guard try feed(node, stop, call) else { return }
        try DemoReceipt(
            client: try NodeClient(node.address), console: call.console, folder: path,
            trusted: node.setup.genesis.digest
        ).show()
        guard !call.has(once) else { return }
        call.console.print(
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
        configuration.chainName = "demo"
        configuration.gateway.logLevel = .warning
        let setup = try NodeSetup(
            DataDirectory(path: path), mode: .development, chainName: configuration.chainName
        ) { _ throws(CommandFailure) in Passphrase.development }
        return try RunningNode(setup, configuration)
    }

    /// Sends the samples and draws the table; false where the user asked to stop.
    private static func feed(
        _ node: RunningNode, _ stop: Gate, _ call: Invocation
    ) throws(CommandFailure) -> Bool {
        let templates = try Samples.recordings().map { $0.compactMap(TraceTemplate.init) }
        let load = try DemoLoad(recordings: templates)
        defer { load.stop() }
        let client = try NodeClient(node.address)
        var table = DemoTable(console: call.console)
        load.start(to: node.address, for: loadNanoseconds)
        var second = 0
        var hasEnded = false
        while !hasEnded {
            hasEnded = load.hasEnded(within: Nanoseconds.perSecond)
            second += 1
            table.show(try client.get("/v1/status"), second: second)
            if stop.wait(nanoseconds: 0) { return false }
        }
        if let failure = load.failure { throw failure }
        call.console.print(
            "\n\(Quantity.count(load.spans)) spans sent, each answered when it was durable; "
                + "\(load.refused) refused.")
        return true
    }
}
