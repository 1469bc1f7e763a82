// The batches of this node's own submitter between their sealing and their execution.
import Ledger
import Primitives
import Records

/// A sealed batch on its way through the committee.
struct OwnBatch {
    let batch: CheckedBatch
    /// The names of its rows; nil where it was read from the journal.
    let names: [String]?
    /// Of its first record, by the monotonic clock; nil where it was read from the journal.
    let arrival: UInt64?
    /// What is in it, for the gate.
    let tally: Tally
    var waiters: [Waiter] = []
    /// Whether it can no longer be displaced.
    var isFinal = false
    /// From the arrival of its first record until it was final, in nanoseconds.
    var finalAfter: UInt64?
    private var rows: [RunID: [Int]]?

    init(batch: CheckedBatch, names: [String]?, arrival: UInt64?, tally: Tally) {
        self.batch = batch
        self.tally = tally
        self.names = names
        self.arrival = arrival
    }

    /// The rows of a run, of whoever owns it.
    mutating func rows(of run: RunID) -> [Int] {
        if let rows { return rows[run] ?? [] }
        var found: [RunID: [Int]] = [:]
        for row in 0..<batch.columns.count {
            found[batch.columns.run(at: row), default: []].append(row)
        }
        rows = found
        return found[run] ?? []
    }
}

/// This node's chain of batches, ahead of what was executed.
struct OwnChain {
    /// Oldest first.
    private(set) var batches: [OwnBatch] = []
    /// Sequence and digest of the last batch that was sealed and not given up; nil while that is
    /// the one executed last.
    private var head: (sequence: UInt64, digest: Digest)?

    var isEmpty: Bool { batches.isEmpty }

    /// Batches that are not final yet.
    var undecided: Int { batches.count { !$0.isFinal } }

    /// What the next batch follows, given the submitter's last executed one.
    func head(
        after executed: (sequence: UInt64, digest: Digest)
    ) -> (sequence: UInt64, digest: Digest) {
        guard let head, head.sequence > executed.sequence else { return executed }
        return head
    }

    mutating func append(_ batch: OwnBatch) {
        batches.append(batch)
        head = (batch.batch.batch.header.sequence, batch.batch.digest)
    }

    /// Changes the batch of that digest; false where there is none.
    @discardableResult
    mutating func change(_ digest: Digest, _ body: (inout OwnBatch) -> Void) -> Bool {
        guard let index = batches.firstIndex(where: { $0.batch.digest == digest }) else {
            return false
        }
        body(&batches[index])
        return true
    }

    /// Calls `body` with every batch that is not executed yet.
    mutating func forEach(_ body: (inout OwnBatch) -> Void) {
        for index in batches.indices { body(&batches[index]) }
    }

    /// Takes out the batch that was executed.
    mutating func remove(_ digest: Digest) -> OwnBatch? {
        guard let index = batches.firstIndex(where: { $0.batch.digest == digest }) else {
            return nil
        }
        return batches.remove(at: index)
    }

    /// Takes out the batch of that digest and all that follow it; empty where there is none.
    mutating func cut(from digest: Digest) -> [OwnBatch] {
        guard let index = batches.firstIndex(where: { $0.batch.digest == digest }) else {
            return []
        }
        let given = Array(batches[index...])
        batches.removeSubrange(index...)
        head = batches.last.map { ($0.batch.batch.header.sequence, $0.batch.digest) }
        return given
    }
}
