// The live table of the demonstration: in place on a terminal, one row a second otherwise.
import JSON
import Primitives

struct DemoTable {
    private let console: Console
    private var isDrawn = false
    private static let titles = [
        "SECOND", "SPANS", "RECORDS", "BATCHES", "CHECKPOINTS", "AGENT-FINAL p50", "p99",
        "CHECKPOINT-FINAL p50", "p99",
    ]
    /// The narrowest a column is, so that rows stay below each other as numbers grow.
    private static let leastWidth = 9

    init(console: Console) { self.console = console }

    /// Shows the numbers of a node's status.
    mutating func show(_ status: JSONValue, second: Int) {
        defer { isDrawn = true }
        guard console.isTerminal else {
            if !isDrawn { console.print(line(Self.titles)) }
            return console.print(line(["\(second)"] + counts(status) + times(status)))
        }
        let block = lines(status, second)
        // Up to where the block began; each line is cleared as it is drawn.
        if isDrawn { console.write("\u{1B}[\(block.count)A") }
        console.write(block.map { "\r\u{1B}[K\($0)\n" }.joined())
    }

    private func counts(_ status: JSONValue) -> [String] {
        [
            Quantity.count(status.number("spans", "received")),
            Quantity.count(status.number("records")), Quantity.count(status.number("batches")),
            Quantity.count(status.number("height")),
        ]
    }

    /// p50 and p99 of both latencies.
    private func times(_ status: JSONValue) -> [String] {
        ["agentFinal", "checkpointFinal"].flatMap { name in
            ["p50", "p99"].map { Quantity.duration(status.number("latency", name, $0)) }
        }
    }

    /// The block for a terminal, narrow enough for 80 columns.
    private func lines(_ status: JSONValue, _ second: Int) -> [String] {
        let (counts, times) = (counts(status), times(status))
        var facts = Facts()
        facts.add("second", "\(second)")
        for (name, value) in zip(["spans received", "records", "batches", "checkpoints"], counts) {
            facts.add(name, value)
        }
        facts.add("agentFinal", "p50 \(times[0]), p99 \(times[1])")
        facts.add("checkpointFinal", "p50 \(times[2]), p99 \(times[3])")
        return facts.text.split(separator: "\n").map(String.init)
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
