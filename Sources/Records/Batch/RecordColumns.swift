// The records of a batch as columns: one array a field, with tables for what repeats.
import Primitives

/// Where a record's parent stands.
public enum ParentReference: Hashable, Sendable {
    /// An earlier row of the same batch.
    case row(UInt32)
    /// A record of another batch.
    case digest(Digest)
}

/// A table of distinct identifiers in order of first use.
public struct IdentifierTable<Identifier: FixedBytes>: Sendable {
    public private(set) var entries: [Identifier] = []
    /// Empty in a decoded table, which is not added to.
    private var places: [Identifier: UInt32] = [:]

    public init() {}

    /// The place of `identifier`, which is added where it is new.
    public mutating func place(of identifier: Identifier) -> UInt32 {
        if let place = places[identifier] { return place }
        let place = UInt32(entries.count)
        entries.append(identifier)
        places[identifier] = place
        return place
    }

    /// Takes the entries of a decoded table; nil where one stands twice.
    init?(_ entries: [Identifier]) {
        self.entries = entries
        guard entries.count > 1 else { return }
        var seen = Set<Identifier>(minimumCapacity: entries.count)
        for entry in entries where !seen.insert(entry).inserted { return nil }
    }
}

/// The numeric columns in the order of the encoding (docs/spec/record.md §7).
public enum NumericColumn: Int, CaseIterable, Sendable {
    case agent, run, task
    case caller
    case kind, outcome
    case start, duration
    case tokensInput, tokensOutput, tokensCached, tokensReasoning
    case compute, memory
    case costLow, costHigh
    case gas, payloadSize
    case parentCount
}

/// Up to `Limits.recordsPerBatch` records, field by field: rows that are being added, or the rows
/// of an encoded body, which are read where they lie.
public struct RecordColumns: Sendable {
    public internal(set) var count = 0
    public internal(set) var agents = IdentifierTable<AgentID>()
    public internal(set) var runs = IdentifierTable<RunID>()
    public internal(set) var tasks = IdentifierTable<TaskID>()
    /// The rows, while there is no body.
    var open = OpenRows()
    /// The rows of a body.
    var packed: PackedRows?

    public init() {}

    /// Adds a record; `record.parents` is ignored in favour of `parents`, which may name earlier
    /// rows. To rows of a body it adds after unpacking them, once.
    ///
    /// The caller keeps `count` below `Limits.recordsPerBatch` and parents within their limit.
    public mutating func append(_ record: Record, parents references: [ParentReference]) {
        precondition(count < Limits.recordsPerBatch, "the caller closes a full batch")
        precondition(references.count <= Limits.parentsPerRecord, "the caller limits parents")
        if packed != nil { self = unpacked() }
        open.words.append(UInt64(agents.place(of: record.agent)))
        open.words.append(UInt64(runs.place(of: record.run)))
        open.words.append(UInt64(tasks.place(of: record.task)))
        open.append(record, parents: references)
        count += 1
    }

    /// The same rows, added one by one: encoding them again is a check of an encoding.
    public func unpacked() -> RecordColumns {
        var columns = RecordColumns()
        for row in 0..<count {
            columns.append(recordAlone(at: row), parents: parents(at: row))
        }
        return columns
    }

    public func agent(at row: Int) -> AgentID { agents.entries[Int(value(.agent, row))] }
    public func run(at row: Int) -> RunID { runs.entries[Int(value(.run, row))] }

    public func operation(at row: Int) -> OperationID {
        packed?.operation(at: row) ?? open.operations[row]
    }

    public func payloadDigest(at row: Int) -> Digest {
        packed?.payloadDigest(at: row) ?? open.payloadDigests[row]
    }

    /// One value of a numeric column.
    public func value(_ column: NumericColumn, _ row: Int) -> UInt64 {
        packed?.value(column, row) ?? open.words[row * OpenRows.stride + column.rawValue]
    }

    public func cost(at row: Int) -> Amount {
        Amount(nanoCredits: UInt128(value(.costHigh, row)) << 64 | UInt128(value(.costLow, row)))
    }

    public func caller(at row: Int) -> OperationID {
        OperationID(word: value(.caller, row).littleEndian)
    }

    public func outcome(at row: Int) -> Outcome {
        Outcome(rawValue: UInt8(truncatingIfNeeded: value(.outcome, row))) ?? .partial
    }

    /// The references to the parents of one row.
    public func parents(at row: Int) -> [ParentReference] {
        packed?.parents(at: row)
            ?? Array(open.parents[open.parentStarts[row]..<open.parentStarts[row + 1]])
    }

    /// The record at `row`; `digests` are those of the whole batch, which parents inside it need.
    public func record(at row: Int, digests: [Digest]) -> Record {
        var record = recordAlone(at: row)
        record.parents = parents(at: row).map { reference in
            switch reference {
            case .row(let other): digests[Int(other)]
            case .digest(let digest): digest
            }
        }
        return record
    }

    /// The record at `row` without its parents.
    private func recordAlone(at row: Int) -> Record {
        var record = Record()
        record.agent = agent(at: row)
        record.run = run(at: row)
        record.task = tasks.entries[Int(value(.task, row))]
        record.operation = operation(at: row)
        record.caller = caller(at: row)
        record.kind = RecordKind(rawValue: UInt8(truncatingIfNeeded: value(.kind, row))) ?? .other
        record.outcome = outcome(at: row)
        record.start = Instant(nanoseconds: value(.start, row))
        record.duration = value(.duration, row)
        record.tokens = TokenCounts(
            input: value(.tokensInput, row), output: value(.tokensOutput, row),
            cached: value(.tokensCached, row), reasoning: value(.tokensReasoning, row))
        record.compute = value(.compute, row)
        record.memory = value(.memory, row)
        record.cost = cost(at: row)
        record.gas = value(.gas, row)
        record.payloadSize = value(.payloadSize, row)
        record.payloadDigest = payloadDigest(at: row)
        return record
    }
}
