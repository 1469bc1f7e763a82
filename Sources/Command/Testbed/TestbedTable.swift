// The table of a testbed: one line a validator and second.
import JSON
import Platform
import Primitives

/// Shows what each validator did in the last second.
struct TestbedTable {
    let console: Console
    private let clients: [NodeClient]
    private var last: [Reading]
    private var lastTime: UInt64
    private var isDrawn = false
    private let clock = SystemClock()

    /// Running totals of one validator.
    private struct Reading {
        var records: UInt64 = 0
        var certificates: UInt64 = 0
        var commits: UInt64 = 0
        var height: UInt64 = 0
        /// p50, p90 and p99 of agentFinal and checkpointFinal, of the last minute.
        var times: [UInt64] = []
        /// Whether it answered.
        var isUp = false
    }

    private static let titles = [
        "SECOND", "VALIDATOR", "RECORDS/s", "CERTIFIED/s", "COMMITS/s", "HEIGHT",
        "agentFinal p50", "p90", "p99", "checkpointFinal p50", "p90", "p99",
    ]
    private static let leastWidth = 8

    init(console: Console, addresses: [String]) throws(CommandFailure) {
        self.console = console
        var clients: [NodeClient] = []
        for address in addresses { clients.append(try NodeClient(address)) }
        self.clients = clients
        last = clients.map(Self.read)
        lastTime = clock.monotonicNanoseconds()
    }

    private static func read(_ client: NodeClient) -> Reading {
        guard let status = try? client.get("/v1/status") else { return Reading() }
        return Reading(
            records: status.number("records"),
            certificates: status.number("consensus", "certificates"),
            commits: status.number("consensus", "commits"), height: status.number("height"),
            times: ["agentFinal", "checkpointFinal"].flatMap { name in
                ["p50", "p90", "p99"].map { status.number("latency", name, $0) }
            },
            isUp: true)
    }

    /// Draws one second.
    ///
    /// - Parameter seen: what the load timed; without it the nodes' own times are shown.
    mutating func show(_ seen: [TestbedLoad.Seen]? = nil, second: Int) {
        let now = clock.monotonicNanoseconds()
        let span = max(1, now - lastTime)
        lastTime = now
        var lines = isDrawn ? [] : [line(Self.titles)]
        isDrawn = true
        for (place, client) in clients.enumerated() {
            let reading = Self.read(client)
            let before = last[place]
            last[place] = reading
            let times = seen.map { seen in
                [seen[place].agentFinal.fresh(), seen[place].checkpointFinal.fresh()]
                    .flatMap { [$0.p50, $0.p90, $0.p99] }
            } ?? reading.times
            let rates = [\Reading.records, \.certificates, \.commits].map { path in
                rate(reading[keyPath: path], before[keyPath: path], span)
            }
            lines.append(
                line(
                    ["\(second)", "\(place + 1)"]
                        + (reading.isUp
                            ? rates + [Quantity.count(reading.height)]
                            : ["down", "", "", ""])
                        + times.map { $0 == 0 ? "-" : Quantity.duration($0) }))
        }
        console.print(lines.joined(separator: "\n"))
    }

    private func rate(_ now: UInt64, _ before: UInt64, _ span: UInt64) -> String {
        guard now >= before else { return "0" }
        return Quantity.count(UInt64(Double(now - before) * 1e9 / Double(span)))
    }

    private func line(_ cells: [String]) -> String {
        var line = ""
        for (cell, title) in zip(cells, Self.titles) {
            let width = max(title.count, Self.leastWidth)
            line += (line.isEmpty ? "" : "  ")
                + String(repeating: " ", count: max(0, width - cell.count)) + cell
        }
        return line
    }
}
