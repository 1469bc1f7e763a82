// What a proof is about, as the protocol sees it: tables, public tuples and a statement.
import BinaryFields
import Ligerito
import Primitives

/// The public side of a proof. Everything in it follows from the statement.
package struct ProofProblem: Sendable {
    /// A table that is used, and its number of active rows, at least 1.
    package struct Part: Sendable {
        package let table: Table
        package let runs: RowRuns

        package var active: Int { runs.active }
        package var logRows: Int { TableKind.logarithm(active: active) }

        package init(table: Table, runs: RowRuns) {
            self.table = table
            self.runs = runs
        }
    }

    /// What is absorbed first. It must determine the tables and the public tuples: these are not
    /// absorbed themselves, and nobody may choose them after a challenge.
    package let statement: [UInt8]
    package let parts: [Part]
    /// Tuples that the verifier itself puts in and takes out.
    package let pushes: [Tuple]
    package let pulls: [Tuple]
    /// Words that boundaries expect, of each run of the first table.
    package let ends: [RunWords]
    /// More queries than one proof by itself needs, for so many bits of soundness besides.
    package let margin: Int

    package init(
        statement: [UInt8], parts: [Part], pushes: [Tuple], pulls: [Tuple],
        ends: [RunWords], margin: Int
    ) {
        self.statement = statement
        self.parts = parts
        self.pushes = pushes
        self.pulls = pulls
        (self.ends, self.margin) = (ends, margin)
    }

    /// Kinds of the tables, ends of their runs, and the words: absorbed after the statement.
    package var shape: [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt32(parts.count))
        for part in parts {
            writer.write(UInt32(part.table.kind.rawValue))
            writer.write(UInt32(part.runs.ends.count))
            for end in part.runs.ends { writer.write(UInt32(end)) }
        }
        writer.write(UInt32(ends.count))
        for run in ends {
            writer.write(run.entry)
            writer.write(run.exit)
        }
        return writer.bytes
    }

    package func expected(_ boundary: Boundary, run: Int) -> UInt64 {
        ends[run].expected(boundary)
    }
}

/// The words that the boundaries of one run expect.
package struct RunWords: Hashable, Sendable {
    /// Position of the first instruction.
    package let entry: UInt64
    /// Position after the last step, and from bit 20 on that of the last instruction.
    package let exit: UInt64

    package init(entry: UInt64, exit: UInt64) { (self.entry, self.exit) = (entry, exit) }

    package func expected(_ boundary: Boundary) -> UInt64 {
        switch boundary.expected {
        case .zero: 0
        case .entry: entry
        case .exit: exit
        }
    }
}

/// Where everything stands: columns in the committed vector, flushes among the leaves of the
/// products, constraints in the zero test.
package struct ProofLayout: Sendable {
    /// A flush or a constraint or a column, by its part and its number there.
    package struct Item: Hashable, Sendable {
        package let part: Int
        package let index: Int
    }

    package let parameters: LigeritoParameters
    package let columns: [Item]
    package let columnStack: AlignedStack
    /// Pushes, then pulls: one stack of leaves each, of one size.
    package let flushes: [[Item]]
    package let leafStacks: [AlignedStack]
    package let constraints: [Item]
    package let constraintStack: AlignedStack
    /// Rows of the longest table, as a power of two.
    package let logRows: Int

    /// Nil where a table has more rows than it may, or all of them more than can be committed.
    package init?(_ problem: ProofProblem) {
        let parts = problem.parts
        guard !parts.isEmpty, parts.allSatisfy({
            // A table without boundaries of runs has one.
            $0.active > 0 && $0.active <= $0.table.kind.mostRows
                && $0.runs.ends.count <= problem.ends.count
        }) else { return nil }
        func items(_ count: (Table) -> [Int]) -> [Item] {
            parts.indices.flatMap { part in
                count(parts[part].table).map { Item(part: part, index: $0) }
            }
        }
        func logs(_ items: [Item]) -> [Int] { items.map { parts[$0.part].logRows } }
        let longest = parts.map(\.logRows).max() ?? 0
        logRows = longest
        columns = items { Array($0.columns.indices) }
        constraints = items { Array($0.constraints.indices) }
        flushes = [Flush.Direction.push, .pull].map { direction in
            items { table in
                table.flushes.indices.filter { table.flushes[$0].direction == direction }
            }
        }
        // An element holds two rows of a column.
        columnStack = AlignedStack(
            logSizes: logs(columns).map { $0 - 1 }, least: LigeritoParameters.sizes.lowerBound)
        constraintStack = AlignedStack(logSizes: logs(constraints), least: 4)
        let loose = flushes.map { AlignedStack(logSizes: logs($0), least: longest) }
        let depth = loose.map(\.logSize).max() ?? longest
        leafStacks = flushes.map { AlignedStack(logSizes: logs($0), least: depth) }
        guard depth < 32, constraintStack.logSize < 32,
            let standard = LigeritoParameters.standard(
                logElements: columnStack.logSize, margin: problem.margin)
        else { return nil }
        parameters = standard
    }

    /// Number of variables of the products' leaves.
    package var leafVariables: Int { leafStacks[0].logSize }
}
