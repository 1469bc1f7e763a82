// What holds after `bench records`: records drawn at random have receipts, and the sums of the
// state are those of the journal.
import Cryptography
import Ledger
import Merkle
import Primitives
import Records
import Replica

enum RecordsProof {
    /// Records drawn.
    static let receipts = 1_000

    /// Reads the journal of a run again, and throws where a receipt does not verify or a sum
    /// differs.
    static func check(_ run: RecordsRun, workload: RecordWorkload) throws {
        var batches: [CheckedBatch] = []
        var fault: String?
        try run.journal.replay { frame in
            do {
                guard let kind = JournalEntry.Kind(rawValue: frame.kind), kind == .batch else {
                    return true
                }
                let entry = try JournalEntry(kind: kind, decoding: Array(frame.payload))
                if case .body(_, .batch(let batch)) = entry { batches.append(batch) }
                return true
            } catch {
                fault = "\(error)"
                return false
            }
        }
        if let fault { throw BenchFailure.failed("the journal does not decode: \(fault)") }
        try checkReceipts(of: batches, run.sealed, genesis: workload.genesis)
        try checkSums(of: batches, in: run.replica.state)
    }

    private static func checkReceipts(
        of batches: [CheckedBatch], _ sealed: [SealedCheckpoint], genesis: Genesis
    ) throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<receipts {
            let batch = batches[Int(generator.next() % UInt64(batches.count))]
            let row = Int(generator.next() % UInt64(batch.columns.count))
            let text = try receipt(of: row, in: batch, sealed, genesis).json()
            do { try Receipt(json: text).verify() } catch {
                throw BenchFailure.failed("the receipt of a record does not verify: \(error)")
            }
        }
    }

    private static func receipt(
        of row: Int, in batch: CheckedBatch, _ sealed: [SealedCheckpoint], _ genesis: Genesis
    ) throws -> Receipt {
        let item = CheckpointItem.batch(batch.digest)
        guard let checkpoint = sealed.first(where: { $0.items.contains(item) }),
            let place = checkpoint.items.firstIndex(of: item),
            let path = BatchTree.path(leaves: batch.recordDigests, index: row),
            let itemPath = BatchTree.path(leaves: checkpoint.items.map(\.leaf), index: place)
        else { throw BenchFailure.failed("a batch is in no checkpoint") }
        return Receipt(
            genesis: genesis,
            record: batch.columns.record(at: row, digests: batch.recordDigests),
            batch: Receipt.BatchPart(
                header: batch.batch.header, signature: batch.batch.signature, index: row,
                path: path.siblings),
            checkpoint: CheckpointPart(
                header: checkpoint.checkpoint.header, index: place, path: itemPath.siblings,
                certificate: checkpoint.checkpoint.certificate))
    }

    /// Counts record by record, which no other code of the path does.
    private static func checkSums(of batches: [CheckedBatch], in state: LedgerState) throws {
        var counted: [AgentID: Usage] = [:]
        for batch in batches {
            for row in 0..<batch.columns.count {
                let record = batch.columns.record(at: row, digests: batch.recordDigests)
                counted[record.agent, default: Usage(agent: record.agent)].count(record)
            }
        }
        var records: UInt64 = 0
        for (agent, expected) in counted {
            guard var found = state.usage(agent) else {
                throw BenchFailure.failed("an agent's records left no trace")
            }
            (found.first, found.last) = (expected.first, expected.last)
            guard found == expected else {
                throw BenchFailure.failed("the sums of \(agent) are not those of the journal")
            }
            records += expected.records
        }
        guard records == state.records else {
            throw BenchFailure.failed("\(state.records) records in the state, not \(records)")
        }
    }
}

extension Usage {
    fileprivate mutating func count(_ record: Record) {
        records += 1
        failures += record.outcome == .failure ? 1 : 0
        tokensInput += record.tokens.input
        tokensOutput += record.tokens.output
        tokensCached += record.tokens.cached
        tokensReasoning += record.tokens.reasoning
        gas += record.gas
        cost = cost.adding(record.cost) ?? cost
    }
}
