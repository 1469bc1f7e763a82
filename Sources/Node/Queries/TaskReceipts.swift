// The receipt of a finished task: its entry, what it stands on, and the records of the work.
import Ledger
import Merkle
import Primitives
import Records
import Storage

extension Node {
    /// The receipt of a task as of the last checkpoint.
    public func receipt(task id: PostedTaskID) throws(NodeFailure) -> TaskReceiptLookup {
        let state = try asked().core.replica.state
        guard case .task? = state.law(.task(id)) else { return .unknown }
        guard let first = try stateProof(.law(.task(id))),
            let task = TaskSummary(entry: first.value ?? []), TaskSummary.states[task.state] != nil
        else { return .notFinal }
        var keys: [LawKey] = [.task(id)]
        var mandate = MandateID(task.mandate)
        while case .mandate(let entry)? = state.law(.mandate(mandate)),
            keys.count <= TaskReceipt.mostEntries
        {
            keys.append(.mandate(mandate))
            mandate = entry.parent
        }
        if task.posterLaw > 0 { keys.append(.constitution(AgentID(task.poster))) }
        if task.workerLaw > 0 { keys.append(.constitution(AgentID(task.worker))) }
        var entries: [StateEntryPart] = []
        for key in keys {
            guard let view = try stateProof(.law(key)), let value = view.value else {
                return .notFinal
            }
            entries.append(
                StateEntryPart(
                    key: StateKey.law(key).encoded, value: value, path: view.proof.siblings))
        }
        var receipt = TaskReceipt(
            genesis: genesis, entries: entries, records: try work(for: task),
            checkpoint: first.checkpoint)
        receipt.steps = try asked().steps(to: first.checkpoint.header, from: genesis)
        while receipt.json().count > TaskReceipt.textBytes, !receipt.records.isEmpty {
            receipt.records.removeLast()
        }
        return .receipt(receipt)
    }

    /// Receipts of the worker's last records for a task, by digest.
    private func work(for task: TaskSummary) throws(NodeFailure) -> [Receipt] {
        let working = try asked()
        let agent = AgentID(task.worker)
        guard !agent.isZero else { return [] }
        let name = Array(task.id.bytes.prefix(TaskID.width))
        var receipts: [Receipt] = []
        var limit = UInt64.max
        for _ in 0..<QueryLimits.batchesOfTask {
            guard let number = try working.newestBatch(upTo: limit, of: agent) else { break }
            let columns = try working.batch(decoding: number)
            for row in 0..<columns.columns.count where receipts.count < TaskReceipt.mostRecords {
                let record = columns.columns.record(at: row, digests: columns.digests)
                guard record.agent == agent, record.task.bytes == name,
                    case .receipt(let receipt) = try receipt(RecordID(batch: number, row: row))
                else { continue }
                receipts.append(receipt)
            }
            guard number > 0, receipts.count < TaskReceipt.mostRecords else { break }
            limit = number - 1
        }
        return receipts.sorted { $0.recordDigest < $1.recordDigest }
    }
}
