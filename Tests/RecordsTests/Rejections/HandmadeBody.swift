// A batch body written part by part, so that a test can spoil one part and keep the rest.
import Primitives
import TestSupport

/// Two rows of one agent and two runs; row 1 has row 0 and a record outside as its parents.
struct HandmadeBody {
    struct Numbers {
        var width: UInt8
        var base: UInt64
        /// Differences to `base`.
        var values: [UInt64]
    }

    var version: UInt16 = 1
    var count: UInt32 = 2
    var agents = [AgentID(repeating: 1)]
    var runs = [RunID(repeating: 1), RunID(repeating: 2)]
    var tasks = [TaskID()]
    /// The 19 numeric columns in the order of docs/spec/record.md §7.
    var columns: [Numbers]
    var parents: [UInt32] = [0, 1 << 31]
    var external = [Digest(repeating: 9)]
    /// What the body says the number of parents is; nil for the truth.
    var parentTotal: UInt32?
    var externalTotal: UInt32?
    /// Entries of a table as the body counts them; nil for the truth.
    var agentTotal: UInt32?
    var trailing: [UInt8] = []

    static let agent = 0
    static let run = 1
    static let caller = 3
    static let kind = 4
    static let outcome = 5
    static let duration = 7
    static let parentCount = 18

    init() {
        columns = Array(repeating: Numbers(width: 0, base: 0, values: [0, 0]), count: 19)
        columns[Self.run] = Numbers(width: 1, base: 0, values: [0, 1])
        columns[Self.kind] = Numbers(width: 1, base: 2, values: [0, 1])
        columns[Self.outcome].base = 1
        columns[Self.duration] = Numbers(width: 2, base: 1_000, values: [0, 300])
        columns[Self.parentCount] = Numbers(width: 1, base: 0, values: [0, 2])
    }

    /// The same body with one change.
    func spoiled(_ change: (inout HandmadeBody) -> Void) -> [UInt8] {
        var copy = self
        change(&copy)
        return copy.bytes
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(version)
        writer.write(count)
        writer.write(agentTotal ?? UInt32(agents.count))
        for agent in agents { writer.write(agent) }
        writer.write(UInt32(runs.count))
        for run in runs { writer.write(run) }
        writer.write(UInt32(tasks.count))
        for task in tasks { writer.write(task) }
        for column in columns[..<Self.caller] { Self.write(column, to: &writer) }
        for row in 0..<2 { writer.write(OperationID(repeating: UInt8(row))) }
        for column in columns[Self.caller..<Self.parentCount] { Self.write(column, to: &writer) }
        for row in 0..<2 { writer.write(Digest(repeating: UInt8(row))) }
        Self.write(columns[Self.parentCount], to: &writer)
        writer.write(parentTotal ?? UInt32(parents.count))
        for parent in parents { writer.write(parent) }
        writer.write(externalTotal ?? UInt32(external.count))
        for digest in external { writer.write(digest) }
        writer.append(trailing)
        return writer.bytes
    }

    private static func write(_ column: Numbers, to writer: inout ByteWriter) {
        writer.write(column.width)
        writer.write(column.base)
        for value in column.values {
            for index in 0..<UInt64(column.width) {
                // A width of nine or more is refused before its values are read.
                writer.write(index < 8 ? UInt8(truncatingIfNeeded: value >> (8 * index)) : 0)
            }
        }
    }
}
