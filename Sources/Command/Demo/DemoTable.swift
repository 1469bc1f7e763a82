// The live table of the demonstration: one row, drawn over in place on a terminal, a new line otherwise.
import JSON
import Primitives

struct DemoTable {
    private let console: Console
    private var hasTitles = false
    private static let titles = [
        "SECOND", "SPANS", "RECORDS", "BATCHES", "CHECKPOINTS", "AGENT-FINAL p50", "p99",
        "CHECKPOINT-FINAL p50", "p99",
    ]
    /// The narrowest a column is, so that rows stay below each other as numbers grow.
    private static let leastWidth = 9

    init(console: Console) { self.console = console }

    /// Shows the numbers of a node's status.
    mutating func show(_ status: JSONValue, second: Int) {
        if !hasTitles { console.print(console.styled(line(Self.titles), .bold)) }
        hasTitles = true
        let row = line([
            "\(second)", Quantity.count(status.number("spans", "received")),
            Quantity.count(status.number("records")), Quantity.count(status.number("batches")),
            Quantity.count(status.number("height")),
            Quantity.duration(status.number("latency", "agentFinal", "p50")),
            Quantity.duration(status.number("latency", "agentFinal", "p99")),
            Quantity.duration(status.number("latency", "checkpointFinal", "p50")),
            Quantity.duration(status.number("latency", "checkpointFinal", "p99")),
        ])
        console.write(console.isTerminal ? "\r\u{1B}[K" + row : row + "\n")
    }

    /// Leaves the last row standing.
    func finish() {
        if console.isTerminal, hasTitles { console.write("\n") }
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
