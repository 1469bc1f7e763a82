// Tables of plain text: columns aligned by spaces, one row a line.

struct Table {
    struct Column {
        var title: String
        var isNumber: Bool
        /// Longer cells are cut, with an ellipsis; 0 for no limit.
        var limit: Int

        static func text(_ title: String, limit: Int = 0) -> Column {
            Column(title: title, isNumber: false, limit: limit)
        }

        static func number(_ title: String) -> Column {
            Column(title: title, isNumber: true, limit: 0)
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private var styles: [Style?] = []

    init(_ columns: Column...) { self.columns = columns }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with a cell for each column. Control characters in cells are replaced.
    mutating func add(_ cells: String..., style: Style? = nil) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        let shown = zip(cells, columns).map { Self.cut(printable($0), $1.limit) }
        rows.append(shown)
        styles.append(style)
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        limit > 0 && text.count > limit ? text.prefix(limit - 1) + "…" : text
    }

    /// The table, without a line break at its end; the titles are bold on a terminal.
    func text(for console: Console) -> String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in
            rows.reduce(titles[column].count) { max($0, $1[column].count) }
        }
        var lines: [String] = []
        if titles.contains(where: { !$0.isEmpty }) {
            lines.append(console.styled(line(titles, widths), .bold))
        }
        for (row, style) in zip(rows, styles) {
            let line = line(row, widths)
            lines.append(style.map { console.styled(line, $0) } ?? line)
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let gap = String(repeating: " ", count: widths[index] - cell.count)
            line += (index == 0 ? "" : "  ") + (columns[index].isNumber ? gap + cell : cell + gap)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and values, one pair a line.
struct Facts {
    private var rows: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String) { rows.append((name, printable(value))) }

    var text: String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            row.name + String(repeating: " ", count: width - row.name.count + 2) + row.value
        }.joined(separator: "\n")
    }
}
