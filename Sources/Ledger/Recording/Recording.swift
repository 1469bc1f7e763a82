// The recording chapter: batches are accepted in their submitter's order, metered, and added to
// each agent's usage.
import Primitives
import Records

/// The slice of state this chapter reads and writes.
protocol RecordingState {
    var chain: Digest { get }
    var records: UInt64 { get set }
    func agent(_ id: AgentID) -> Agent?
    func submitter(_ id: SubmitterID) -> Submitter?
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant?
    func usage(_ agent: AgentID) -> Usage?
    mutating func set(_ agent: Agent)
    mutating func set(_ submitter: Submitter)
    mutating func set(_ usage: Usage)
}

extension LedgerState: RecordingState {}

/// Why a batch is refused. The checks are made in this order; rows are looked at in order.
public enum RecordingFailure: Error, Hashable, Sendable {
    case wrongChain
    case submitterUnknown
    /// The header's key is not the submitter's.
    case wrongKey
    /// The batch was accepted before, or another one of that sequence was.
    case replayed(sequence: UInt64, last: UInt64)
    /// A batch before this one is missing.
    case gap(sequence: UInt64, last: UInt64)
    /// `previous` is not the digest of the submitter's last batch.
    case wrongPrevious
    /// The batch says it was closed later than the ledger's time allows.
    case closedInFuture
    case agentUnknown(AgentID)
    /// The agent is suspended or retired.
    case agentNotActive(AgentID)
    /// The agent's owner did not let this submitter record.
    case notAuthorized(AgentID)
    case startInFuture(row: Int)
    case payloadTooLarge(row: Int)
    /// Tokens or cost over the limit of one record.
    case quantityTooLarge(row: Int)
    case wrongGas(row: Int)
    /// A total would pass the range of its field.
    case totalOverflow(AgentID)
}

/// How far ahead of the ledger's time a submitter's clock may be, in nanoseconds.
public let clockTolerance: UInt64 = 10 * 60 * Nanoseconds.perSecond

extension RecordingState {
    /// Accepts a batch that was checked in itself, or changes nothing.
    mutating func apply(
        _ batch: CheckedBatch, at time: Instant
    ) throws(RecordingFailure) -> Effect {
        var submitter = try checkPlace(of: batch.batch.header, at: time)
        var agents = try checkAgents(batch.columns, submitter: submitter.id)
        try checkRows(batch.columns, at: time)
        let usages = try meter(batch.columns, at: time)

        submitter.sequence = batch.batch.header.sequence
        submitter.last = batch.digest
        set(submitter)
        for usage in usages { set(usage) }
        for index in agents.indices where agents[index].status == .registered {
            agents[index].status = .active
            set(agents[index])
        }
        records += UInt64(batch.columns.count)
        return .batchAccepted(batch.digest, submitter: submitter.id)
    }

    private func checkPlace(
        of header: BatchHeader, at time: Instant
    ) throws(RecordingFailure) -> Submitter {
        guard header.chain == chain else { throw .wrongChain }
        guard let submitter = submitter(header.submitter) else { throw .submitterUnknown }
        guard header.key == submitter.key else { throw .wrongKey }
        guard header.sequence > submitter.sequence else {
            throw .replayed(sequence: header.sequence, last: submitter.sequence)
        }
        guard header.sequence == submitter.sequence + 1 else {
            throw .gap(sequence: header.sequence, last: submitter.sequence)
        }
        guard header.previous == submitter.last else { throw .wrongPrevious }
        guard header.closed <= time.advanced(byNanoseconds: clockTolerance) else {
            throw .closedInFuture
        }
        return submitter
    }

    /// The agents of the batch, in the order of its table.
    private func checkAgents(
        _ columns: RecordColumns, submitter: SubmitterID
    ) throws(RecordingFailure) -> [Agent] {
        var agents: [Agent] = []
        agents.reserveCapacity(columns.agents.entries.count)
        for id in columns.agents.entries {
            guard let agent = agent(id) else { throw .agentUnknown(id) }
            guard agent.status == .registered || agent.status == .active else {
                throw .agentNotActive(id)
            }
            guard let grant = grant(agent.owner, submitter), grant.inForce else {
                throw .notAuthorized(id)
            }
            agents.append(agent)
        }
        return agents
    }

    private func checkRows(_ columns: RecordColumns, at time: Instant) throws(RecordingFailure) {
        let latest = time.advanced(byNanoseconds: clockTolerance).nanoseconds
        for row in 0..<columns.count {
            guard columns.value(.start, row) <= latest else { throw .startInFuture(row: row) }
            let size = columns.value(.payloadSize, row)
            guard size <= UInt64(Limits.payloadBytes) else { throw .payloadTooLarge(row: row) }
            guard columns.hasUsualQuantities(at: row) else { throw .quantityTooLarge(row: row) }
            guard columns.value(.gas, row) == Gas.record(payloadSize: size) else {
                throw .wrongGas(row: row)
            }
        }
    }

    /// The new usage of every agent of the batch, in the order of its table.
    private func meter(
        _ columns: RecordColumns, at time: Instant
    ) throws(RecordingFailure) -> [Usage] {
        var usages = columns.agents.entries.map { id in
            var usage = usage(id) ?? Usage(agent: id)
            if usage.records == 0 { usage.first = time }
            usage.last = time
            return usage
        }
        for row in 0..<columns.count {
            let place = Int(columns.value(.agent, row))
            guard usages[place].add(row: row, of: columns) else {
                throw .totalOverflow(usages[place].agent)
            }
        }
        return usages
    }
}

extension RecordColumns {
    /// Whether tokens and cost of one row are within the limits of a record.
    fileprivate func hasUsualQuantities(at row: Int) -> Bool {
        let most = Limits.tokensPerRecord
        return value(.tokensInput, row) <= most && value(.tokensOutput, row) <= most
            && value(.tokensCached, row) <= most && value(.tokensReasoning, row) <= most
            && cost(at: row) <= Limits.costPerRecord
    }
}

extension Usage {
    /// Adds one record; false where a total would overflow.
    fileprivate mutating func add(row: Int, of columns: RecordColumns) -> Bool {
        var overflow = false
        func sum(_ total: UInt64, _ more: UInt64) -> UInt64 {
            let (sum, carry) = total.addingReportingOverflow(more)
            overflow = overflow || carry
            return sum
        }
        records = sum(records, 1)
        let failed = columns.value(.outcome, row) == UInt64(Outcome.failure.rawValue)
        failures = sum(failures, failed ? 1 : 0)
        tokensInput = sum(tokensInput, columns.value(.tokensInput, row))
        tokensOutput = sum(tokensOutput, columns.value(.tokensOutput, row))
        tokensCached = sum(tokensCached, columns.value(.tokensCached, row))
        tokensReasoning = sum(tokensReasoning, columns.value(.tokensReasoning, row))
        gas = sum(gas, columns.value(.gas, row))
        guard !overflow, let total = cost.adding(columns.cost(at: row)) else { return false }
        cost = total
        return true
    }
}

/// What the ledger charges, in micro-credits (REP-4).
public enum Gas {
    /// 0.01 credit for each record.
    public static let perRecord: UInt64 = 10_000
    /// 0.001 credit for each KiB of payload, begun ones counted whole.
    public static let perKibibyte: UInt64 = 1_000

    /// The gas of a record whose payload has `payloadSize` bytes, at most `Limits.payloadBytes`.
    @inlinable public static func record(payloadSize: UInt64) -> UInt64 {
        perRecord + perKibibyte * ((min(payloadSize, 1 << 40) + 1023) / 1024)
    }
}
