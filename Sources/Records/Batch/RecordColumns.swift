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
        places.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated()
        where places.updateValue(UInt32(index), forKey: entry) != nil {
            return nil
        }
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

/// Up to `Limits.recordsPerBatch` records, field by field.
public struct RecordColumns: Sendable {
    public private(set) var count = 0
    public internal(set) var agents = IdentifierTable<AgentID>()
    public internal(set) var runs = IdentifierTable<RunID>()
    public internal(set) var tasks = IdentifierTable<TaskID>()
    /// Row-major: the `stride` numbers of row 0, then those of row 1, and so on. Rows are hashed
    /// one
    /// by one and columns are encoded once, so the rows lie together.
    var words: [UInt64] = []
    static let stride = NumericColumn.allCases.count
    var operations: [OperationID] = []
    var payloadDigests: [Digest] = []
    /// All rows' parents, one row after the other; row i has `parentCount[i]` of them.
    var parents: [ParentReference] = []
    /// `count + 1` places in `parents`: row i's are `parentStarts[i]..<parentStarts[i + 1]`.
    var parentStarts: [Int] = [0]

    public init() {}

    /// Adds a record; `record.parents` is ignored in favour of `parents`, which may name earlier
    /// rows.
    ///
    /// The caller keeps `count` below `Limits.recordsPerBatch` and parents within their limit.
    public mutating func append(_ record: Record, parents references: [ParentReference]) {
        precondition(count < Limits.recordsPerBatch, "the caller closes a full batch")
        precondition(references.count <= Limits.parentsPerRecord, "the caller limits parents")
        words.append(UInt64(agents.place(of: record.agent)))
        words.append(UInt64(runs.place(of: record.run)))
        words.append(UInt64(tasks.place(of: record.task)))
        words.append(UInt64(littleEndian: record.caller.word))
        words.append(UInt64(record.kind.rawValue))
        words.append(UInt64(record.outcome.rawValue))
        words.append(record.start.nanoseconds)
        words.append(record.duration)
        words.append(record.tokens.input)
        words.append(record.tokens.output)
        words.append(record.tokens.cached)
        words.append(record.tokens.reasoning)
        words.append(record.compute)
        words.append(record.memory)
        words.append(UInt64(truncatingIfNeeded: record.cost.nanoCredits))
        words.append(UInt64(truncatingIfNeeded: record.cost.nanoCredits >> 64))
        words.append(record.gas)
        words.append(record.payloadSize)
        words.append(UInt64(references.count))
        operations.append(record.operation)
        payloadDigests.append(record.payloadDigest)
        parents.append(contentsOf: references)
        parentStarts.append(parents.count)
        count += 1
    }

    /// Sets the number of rows after the columns were filled by the decoder.
    mutating func setDecodedCount(_ rows: Int) { count = rows }

    public func agent(at row: Int) -> AgentID { agents.entries[Int(value(.agent, row))] }
    public func run(at row: Int) -> RunID { runs.entries[Int(value(.run, row))] }
    public func operation(at row: Int) -> OperationID { operations[row] }
    public func payloadDigest(at row: Int) -> Digest { payloadDigests[row] }

    /// One value of a numeric column.
    public func value(_ column: NumericColumn, _ row: Int) -> UInt64 {
        words[row * Self.stride + column.rawValue]
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
    public func parents(at row: Int) -> ArraySlice<ParentReference> {
        parents[parentStarts[row]..<parentStarts[row + 1]]
    }

    /// The record at `row`; `digests` are those of the whole batch, which parents inside it need.
    public func record(at row: Int, digests: [Digest]) -> Record {
        var record = Record()
        record.agent = agent(at: row)
        record.run = run(at: row)
        record.task = tasks.entries[Int(value(.task, row))]
        record.operation = operations[row]
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
        record.payloadDigest = payloadDigests[row]
        record.parents = parents(at: row).map { reference in
            switch reference {
            case .row(let other): digests[Int(other)]
            case .digest(let digest): digest
            }
        }
        return record
    }
}
