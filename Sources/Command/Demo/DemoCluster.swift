// The demonstration with several validators: they agree, also when one of them is killed.
import Gateway
import JSON
import Platform
import Primitives

struct DemoCluster {
    /// An absolute path.
    let folder: String
    let validators: Int
    /// Whether the last validator is killed in the middle, and brought back.
    let kills: Bool
    /// Whether nothing is told but the story of one task.
    let isStoryOnly: Bool
    let console: Console

    /// Tells the story and returns it as JSON; nil where the user asked to stop before its end.
    ///
    /// - Parameter staysOpen: whether it waits for `stop` at the end, with everything running.
    /// - Throws: also where the validators do not agree.
    func show(
        for nanoseconds: UInt64, _ stop: Gate, staysOpen: Bool
    ) throws(CommandFailure) -> JSONValue? {
        var chain = ChainPlan(name: "demo")
        chain.settings.interval = 250 * Nanoseconds.perMillisecond
        let cluster = try Cluster(
            count: validators, in: folder + "/demo", chain: chain)
        defer { cluster.stop() }
        let addresses = cluster.seats.map(\.address)
        console.print("\(validators) validators of a chain of their own run in \(folder)/demo:")
        for (place, address) in addresses.enumerated() {
            console.print("  validator \(place + 1)  dashboard \(address)/")
        }
        try cluster.waitUntilLinked()
        try waitUntilOpen(cluster)
        var members: [JSONMember] = []
        if !isStoryOnly {
            guard let told = try showLoad(cluster, nanoseconds, stop) else { return nil }
            members = told
        }
        var story = try DemoStory(
            in: folder, cluster: cluster, showsCommands: isStoryOnly, console: console)
        members.append(JSONMember("story", try story.tell().json))
        if staysOpen {
            console.print(
                "\nThe dashboards stay open.\nYour own agents: "
                    + "OTEL_EXPORTER_OTLP_ENDPOINT=\(addresses[0])\nCtrl-C ends the validators.")
            stop.wait()
        }
        return .object(members)
    }

    /// Feeds all of them, asks whether they agree, and shows a receipt; nil where the user asked to
    /// stop.
    private func showLoad(
        _ cluster: Cluster, _ nanoseconds: UInt64, _ stop: Gate
    ) throws(CommandFailure) -> [JSONMember]? {
        let addresses = cluster.seats.map(\.address)
        guard let load = try feed(cluster, addresses, nanoseconds, stop) else { return nil }
        var check = try AgreementCheck(genesis: cluster.genesis, addresses: addresses)
        let agreement = try check.run(
            acknowledged: load.acknowledged, patience: 20 * Nanoseconds.perSecond)
        console.print(agreement.text(validators: validators))
        guard agreement.holds else { throw .refused("the validators do not agree") }
        let client = try NodeClient(addresses[0])
        let outcome = try DemoReceipt(
            client: client, console: console, folder: folder, trusted: cluster.genesis.digest
        ).show()
        let summary = DemoCommand.summary(load, outcome, status: try client.get("/v1/status"))
        return (summary.object ?? []) + [JSONMember("verdict", agreement.json)]
    }

    /// Waits until every validator lets anybody record, and its owner has money to give: four
    /// operations each.
    private func waitUntilOpen(_ cluster: Cluster) throws(CommandFailure) {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ 30 * Nanoseconds.perSecond
        for seat in cluster.seats {
            let client = try NodeClient(seat.address)
            while try client.get("/v1/status").number("operations") < 4 * UInt64(validators) {
                guard clock.monotonicNanoseconds() < deadline else {
                    throw .failed("the validators do not carry out operations")
                }
                Pause.milliseconds(20)
            }
        }
    }

    /// Sends the samples to all and draws the table; nil where the user asked to stop.
    private func feed(
        _ cluster: Cluster, _ addresses: [String], _ nanoseconds: UInt64, _ stop: Gate
    ) throws(CommandFailure) -> DemoLoad? {
        let templates = try Samples.recordings().map { $0.compactMap(TraceTemplate.init) }
        let load = try DemoLoad(recordings: templates)
        defer { load.stop() }
        var table = try TestbedTable(console: console, addresses: addresses)
        load.start(to: addresses, for: nanoseconds)
        var second: UInt64 = 0
        var hasEnded = false
        while !hasEnded {
            hasEnded = load.hasEnded(within: Nanoseconds.perSecond)
            second += 1
            table.show(second: Int(second))
            if kills { try disturb(cluster, second, of: nanoseconds / Nanoseconds.perSecond) }
            if stop.wait(nanoseconds: 0) { return nil }
        }
        if let failure = load.failure { throw failure }
        console.print(
            "\n\(Quantity.count(load.spans)) spans sent, each answered when a quorum had it on "
                + "disk; \(load.refused) refused.")
        return load
    }

    private func disturb(
        _ cluster: Cluster, _ second: UInt64, of all: UInt64
    ) throws(CommandFailure) {
        let last = cluster.seats.count - 1
        if second == max(1, all / 3) {
            console.print("kill -9 of validator \(last + 1)")
            cluster.kill(last)
        }
        if second == max(2, all * 2 / 3) {
            try cluster.start(last)
            try cluster.waitUntilServing(last)
            console.print("validator \(last + 1) is back")
        }
    }
}
