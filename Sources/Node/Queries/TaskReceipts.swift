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
        if state.law(.division(id)) != nil { keys.append(.division(id)) }
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
        receipt.operations = try operations(about: task)
        while receipt.json().count > TaskReceipt.textBytes, !receipt.operations.isEmpty {
            receipt.operations.removeLast()
        }
        while receipt.json().count > TaskReceipt.textBytes, !receipt.records.isEmpty {
            receipt.records.removeLast()
        }
        return .receipt(receipt)
    }

    /// Receipts of what was done about a task, with what guardians said to it, and of the last
    /// stops of its parties. Long commands, which hold runs and proofs, have receipts of their own.
    private func operations(about task: TaskSummary) throws(NodeFailure) -> [OperationReceipt] {
        var found: [DeedView] = []
        let page = try deeds(about: task.id, after: nil, limit: 4 * TaskReceipt.mostOperations)
        // The first tell how it was posted and given, the last how it ended.
        found = page.items.reversed().filter { $0.operation.command.isTold }
        let room = TaskReceipt.mostOperations - 2 * QueryLimits.stopsOfParty
        if found.count > room {
            found = Array(found.prefix(room / 2)) + Array(found.suffix(room - room / 2))
        }
        let parties = [task.poster, task.worker].filter { !$0.isZero }
        for party in Set(parties).sorted() {
            let deeds = try deeds(about: party, after: nil, limit: QueryLimits.deedsOfParty)
            found += deeds.items.filter { $0.operation.command.isStop }
                .prefix(QueryLimits.stopsOfParty)
        }
        var receipts: [OperationReceipt] = []
        for deed in found {
            let digest = deed.operation.digest
            guard case .receipt(let receipt) = try receipt(operation: digest) else { continue }
            receipts.append(receipt)
        }
        receipts.sort {
            ($0.checkpoint.header.height, $0.checkpoint.index)
                < ($1.checkpoint.header.height, $1.checkpoint.index)
        }
        // What was said to something that is not shown is not shown either.
        let shown = Set(receipts.map(\.digest))
        let answers = found.reduce(into: [Digest: Digest]()) { answers, deed in
            switch deed.operation.command {
            case .law(.approve(let asked)), .law(.refuse(let asked)):
                answers[deed.operation.digest] = asked
            default: break
            }
        }
        return receipts.filter { answers[$0.digest].map(shown.contains) ?? true }
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

extension Command {
    /// Whether a task's receipt tells of a command about it: not where it is one of a batch, or
    /// holds a run or a proof.
    fileprivate var isTold: Bool {
        guard case .law(let command) = self else { return false }
        switch command {
        case .approve, .refuse, .auction, .task(.post): return true
        case .task(.move(_, _, let move)):
            switch move {
            case .prove, .show, .trace: return false
            default: return true
            }
        default: return false
        }
    }

    /// Whether it stops or resumes an agent.
    fileprivate var isStop: Bool {
        switch self {
        case .law(.stop(.agent)), .law(.resume(.agent)): true
        default: false
        }
    }
}
