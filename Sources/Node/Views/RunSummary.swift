// What the node knows of a run without reading its records: the line in a list of runs.
import Primitives
import Records

/// Sums over the records of one run. A view: it can be made again from the journal.
public struct RunSummary: Hashable, Sendable {
    /// Agents named in a summary, at most; further ones are in the records only.
    public static let mostAgents = 8

    public var run: RunID
    public var owner: OwnerID
    /// The name of its root operation, or of the first one seen while there is no root.
    public var name = ""
    /// Whether an operation without a caller was recorded.
    public var hasRoot = false
    /// In order of first sight.
    public var agents: [AgentID] = []
    /// Of the operation that starts first.
    public var start = Instant(nanoseconds: .max)
    /// Of the operation that ends last.
    public var end = Instant(nanoseconds: 0)
    public var records: UInt64 = 0
    public var failures: UInt64 = 0
    public var tokens = TokenCounts()
    public var cost = Amount.zero
    public var gas: UInt64 = 0
    /// Of the root where there is one; before that, failure as soon as an operation failed.
    public var outcome = Outcome.success
    /// The number of the last batch that holds a record of this run.
    public var lastBatch: UInt64 = 0

    public init(run: RunID, owner: OwnerID) {
        self.run = run
        self.owner = owner
    }

    /// Adds one row of a batch; sums stop at the top of their range, since a view must not refuse.
    mutating func add(
        row: Int, of columns: RowsInPlace, agent: AgentID, name rowName: @autoclosure () -> String
    ) {
        let isRoot = columns.caller(at: row).isZero
        if isRoot ? !hasRoot : name.isEmpty { name = rowName() }
        if !agents.contains(agent), agents.count < Self.mostAgents { agents.append(agent) }
        let rowStart = Instant(nanoseconds: columns.value(.start, row))
        start = min(start, rowStart)
        end = max(end, rowStart.advanced(byNanoseconds: columns.value(.duration, row)))
        records += 1
        tokens.input = sum(tokens.input, columns.value(.tokensInput, row))
        tokens.output = sum(tokens.output, columns.value(.tokensOutput, row))
        tokens.cached = sum(tokens.cached, columns.value(.tokensCached, row))
        tokens.reasoning = sum(tokens.reasoning, columns.value(.tokensReasoning, row))
        cost = cost.adding(columns.cost(at: row)) ?? Amount(nanoCredits: .max)
        gas = sum(gas, columns.value(.gas, row))
        note(columns.outcome(at: row), isRoot: isRoot)
    }

    private mutating func note(_ rowOutcome: Outcome, isRoot: Bool) {
        if rowOutcome == .failure { failures += 1 }
        if isRoot {
            outcome = rowOutcome
            hasRoot = true
        } else if !hasRoot, rowOutcome == .failure {
            outcome = .failure
        }
    }

    private func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.write(run)
        writer.write(owner)
        writer.write(name)
        writer.write(UInt8(hasRoot ? 1 : 0))
        writer.write(UInt16(agents.count))
        for agent in agents { writer.write(agent) }
        writer.write(start)
        writer.write(end)
        for number in [
            records, failures, tokens.input, tokens.output, tokens.cached, tokens.reasoning, gas,
            lastBatch,
        ] {
            writer.write(number)
        }
        writer.write(cost)
        writer.write(outcome.rawValue)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        run = try reader.read()
        owner = try reader.read()
        name = try reader.readText(limit: bytes.count)
        hasRoot = try reader.read(UInt8.self) == 1
        agents = try reader.readList(count: Int(try reader.read(UInt16.self)))
        start = try reader.readInstant()
        end = try reader.readInstant()
        records = try reader.read()
        failures = try reader.read()
        tokens.input = try reader.read()
        tokens.output = try reader.read()
        tokens.cached = try reader.read()
        tokens.reasoning = try reader.read()
        gas = try reader.read()
        lastBatch = try reader.read()
        cost = try reader.readAmount()
        outcome = Outcome(rawValue: try reader.read()) ?? .partial
        try reader.finish()
    }
}
