// The batch that is being filled: records go in one by one, and the runs they belong to are kept in
// step.
import Ledger
import Primitives
import Records

/// Records waiting for their batch to be closed by size or by age.
struct OpenBatch {
    private(set) var columns = RecordColumns()
    /// When the first record came, by the monotonic clock.
    private(set) var openedAt: UInt64 = 0
    /// The names of the operations, row by row.
    private(set) var names: [String] = []

    /// Whether it is closed at the end of the turn.
    var isUrgent = false

    var isEmpty: Bool { columns.count == 0 }
    var isFull: Bool { columns.count >= Limits.recordsPerBatch }

    /// Adds a submission as a record of `agent`; the caller checked that the run does not hold it
    /// yet.
    mutating func add(
        _ submission: Submission, agent: AgentID, payload: Digest, to run: inout RunState,
        at monotonic: UInt64
    ) {
        if isEmpty { openedAt = monotonic }
        let record = Self.record(submission, agent: agent, payload: payload)
        let row = UInt32(columns.count)
        columns.append(record, parents: run.parents(of: submission.operation))
        run.note(submission.operation, caller: submission.caller, row: row)
        names.append(submission.name)
    }

    private static func record(
        _ submission: Submission, agent: AgentID, payload: Digest
    ) -> Record {
        var record = Record()
        record.agent = agent
        record.run = submission.run
        record.task = submission.task
        record.operation = submission.operation
        record.caller = submission.caller
        record.kind = submission.kind
        record.outcome = submission.outcome
        record.start = submission.start
        record.duration = submission.duration
        record.tokens = submission.tokens
        record.compute = submission.compute
        record.memory = submission.memory
        record.cost = submission.cost
        record.payloadSize = UInt64(submission.payload.count)
        record.payloadDigest = payload
        record.gas = Gas.record(payloadSize: record.payloadSize)
        return record
    }
}
