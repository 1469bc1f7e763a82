// The recording chapter: batches are accepted in their submitter's order, metered, and added to
// each agent's usage.
import Primitives
import Records

/// The slice of state this chapter reads and writes.
protocol RecordingState: GaugesState {
    var chain: Digest { get }
    var records: UInt64 { get set }
    func agent(_ id: AgentID) -> Agent?
    func submitter(_ id: SubmitterID) -> Submitter?
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant?
    func usage(_ agent: AgentID) -> Usage?
    mutating func set(_ agent: Agent)
    mutating func set(_ submitter: Submitter)
    /// Adds what the records of one batch come to to the usage of their agent.
    mutating func add(_ more: Usage, at time: Instant)
    mutating func add(_ more: Quantities, to account: AccountID, at time: Instant)
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
    /// A total would pass the range of its field; agents are looked at in order of the table.
    case totalOverflow(AgentID)
    /// What the batch adds does not fit below a quota; agents are looked at in order of the table,
    /// then owners in the order of their first agents.
    case overQuota(QuotaReached)
}

/// How far ahead of the ledger's time a submitter's clock may be, in nanoseconds.
public let clockTolerance: UInt64 = 10 * 60 * Nanoseconds.perSecond

/// Where a submitter's chain of batches ends.
public struct ChainHead: Hashable, Sendable {
    /// Of the last batch; 0 before the first.
    public var sequence: UInt64
    /// Digest of the last batch; zero before the first.
    public var last: Digest

    public init(sequence: UInt64, last: Digest) {
        self.sequence = sequence
        self.last = last
    }
}

extension RecordingState {
    /// Accepts a batch that was checked in itself, or changes nothing.
    mutating func apply(
        _ batch: CheckedBatch, at time: Instant
    ) throws(RecordingFailure) -> Effect {
        let totals = try check(batch, head: nil, at: time).totals
        guard let effect = settle(batch, totals: totals, at: time) else { throw .wrongPrevious }
        return effect
    }

    /// Every rule of a batch, its place measured against `head`, or against the state where that is
    /// nil; what its rows come to.
    func check(
        _ batch: CheckedBatch, head: ChainHead?, at time: Instant
    ) throws(RecordingFailure) -> OwnedTotals {
        let submitter = try checkPlace(of: batch.batch.header, head: head, at: time)
        let owners = try checkAgents(batch.columns, submitter: submitter)
        try checkRows(batch.columns, at: time)
        let totals = BatchTotals(of: batch)
        for sum in totals.sums {
            guard usage(sum.agent)?.fits(sum) ?? true else { throw .totalOverflow(sum.agent) }
        }
        var ofOwners = OwnerSums()
        for (sum, owner) in zip(totals.sums, owners) {
            let more = Quantities(sum)
            try checkQuota(of: AccountID(sum.agent), more, at: time)
            ofOwners.add(more, to: owner)
        }
        for (owner, sum) in ofOwners.sums {
            try checkQuota(of: AccountID(owner), sum, at: time)
        }
        return OwnedTotals(totals: totals, owners: owners)
    }

    private func checkQuota(
        of account: AccountID, _ more: Quantities, at time: Instant
    ) throws(RecordingFailure) {
        for gauge in gauges(of: account) {
            if let reached = gauge.refusal(of: more, after: Quantities(), at: time) {
                throw .overQuota(reached)
            }
        }
    }

    /// Carries out a batch that was judged before; nil, and nothing changed, where it is not the
    /// submitter's next one. Totals stay at the end of their range rather than pass it.
    mutating func settle(
        _ batch: CheckedBatch, totals: BatchTotals, at time: Instant
    ) -> Effect? {
        let header = batch.batch.header
        guard header.chain == chain, var submitter = submitter(header.submitter),
            header.key == submitter.key,
            header.sequence == submitter.sequence.addingReportingOverflow(1).partialValue,
            header.sequence > 0, header.previous == submitter.last
        else { return nil }
        submitter.sequence = header.sequence
        submitter.last = batch.digest
        set(submitter)
        var begun: [Agent] = []
        var ofOwners = OwnerSums()
        for sum in totals.sums {
            guard var agent = agent(sum.agent) else { continue }
            add(sum, at: time)
            let more = Quantities(sum)
            add(more, to: AccountID(sum.agent), at: time)
            ofOwners.add(more, to: agent.owner)
            guard agent.status == .registered else { continue }
            agent.status = .active
            begun.append(agent)
        }
        for agent in begun { set(agent) }
        for (owner, sum) in ofOwners.sums { add(sum, to: AccountID(owner), at: time) }
        records &+= UInt64(header.count)
        return .batchAccepted(batch.digest, submitter: submitter.id)
    }

    private func checkPlace(
        of header: BatchHeader, head: ChainHead?, at time: Instant
    ) throws(RecordingFailure) -> SubmitterID {
        guard header.chain == chain else { throw .wrongChain }
        guard let submitter = submitter(header.submitter) else { throw .submitterUnknown }
        guard header.key == submitter.key else { throw .wrongKey }
        let head = head ?? ChainHead(sequence: submitter.sequence, last: submitter.last)
        guard header.sequence > head.sequence else {
            throw .replayed(sequence: header.sequence, last: head.sequence)
        }
        guard header.sequence == head.sequence + 1 else {
            throw .gap(sequence: header.sequence, last: head.sequence)
        }
        guard header.previous == head.last else { throw .wrongPrevious }
        guard header.closed <= time.advanced(byNanoseconds: clockTolerance) else {
            throw .closedInFuture
        }
        return submitter.id
    }

    /// The agents of the batch, in the order of its table; their owners.
    private func checkAgents(
        _ columns: RecordColumns, submitter: SubmitterID
    ) throws(RecordingFailure) -> [OwnerID] {
        var owners: [OwnerID] = []
        owners.reserveCapacity(columns.agents.entries.count)
        for id in columns.agents.entries {
            guard let agent = agent(id) else { throw .agentUnknown(id) }
            guard agent.status == .registered || agent.status == .active else {
                throw .agentNotActive(id)
            }
            // Neighbours in a table mostly have one owner, whose grant was looked up just now.
            if owners.last != agent.owner {
                guard let grant = grant(agent.owner, submitter), grant.inForce else {
                    throw .notAuthorized(id)
                }
            }
            owners.append(agent.owner)
        }
        return owners
    }

    /// The bounds of all rows are those of their columns; only where one is passed, or a gas is
    /// wrong, rows are read to name the first.
    private func checkRows(
        _ columns: RecordColumns, at time: Instant
    ) throws(RecordingFailure) {
        let latest = time.advanced(byNanoseconds: clockTolerance).nanoseconds
        if columns.isUsual(startingBy: latest) { return }
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
}

extension RecordColumns {
    /// Whether tokens and cost of one row are within the limits of a record.
    fileprivate func hasUsualQuantities(at row: Int) -> Bool {
        let most = Limits.tokensPerRecord
        return value(.tokensInput, row) <= most && value(.tokensOutput, row) <= most
            && value(.tokensCached, row) <= most && value(.tokensReasoning, row) <= most
            && cost(at: row) <= Limits.costPerRecord
    }

    /// Whether the largest value of each column keeps the limit of a record, and every gas is
    /// right.
    /// False also where the highest cost may be within its limit, but its halves do not tell.
    fileprivate func isUsual(startingBy latest: UInt64) -> Bool {
        let tokens = max(
            highest(.tokensInput), highest(.tokensOutput), highest(.tokensCached),
            highest(.tokensReasoning))
        let cost = UInt128(highest(.costHigh)) << 64 | UInt128(highest(.costLow))
        guard highest(.start) <= latest, highest(.payloadSize) <= UInt64(Limits.payloadBytes),
            tokens <= Limits.tokensPerRecord,
            Amount(nanoCredits: cost) <= Limits.costPerRecord
        else { return false }
        return allRows(.gas, .payloadSize) { $0 == Gas.record(payloadSize: $1) }
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
