// Tasks by who has a part in them: the poster, the worker, each verifier.
import Ledger
import Primitives
import Storage

/// What somebody is to a task; the number is the first byte of its keys in the index.
public enum TaskParty: UInt8, CaseIterable, Sendable {
    case poster = 1
    /// Who has it now.
    case worker
    case verifier
}

extension PostedTask {
    /// Everybody who has a part in it, with which.
    func parties() -> [(party: TaskParty, account: AccountID)] {
        var parties: [(TaskParty, AccountID)] = [(.poster, poster)]
        if !worker.isZero { parties.append((.worker, worker)) }
        if case .redundant(_, let verifiers, _) = terms.verification {
            parties += verifiers.map { (.verifier, $0) }
        }
        return parties
    }
}

extension IndexKey {
    /// Whether all tasks of the state are in `Space.tasks`.
    static let tasks = Array("tasks".utf8)

    /// Those that have not ended come first.
    static func tasks(of account: AccountID, as party: TaskParty) -> [UInt8] {
        [party.rawValue] + account.bytes
    }

    static func task(
        _ id: PostedTaskID, of account: AccountID, as party: TaskParty, hasEnded: Bool
    ) -> [UInt8] {
        // Made for each change of a task: in one piece.
        [UInt8](unsafeUninitializedCapacity: 66) { buffer, count in
            let start = UnsafeMutableRawPointer(buffer.baseAddress!)
            buffer[0] = party.rawValue
            account.store(to: start + 1)
            buffer[33] = hasEnded ? 1 : 0
            id.store(to: start + 34)
            count = 66
        }
    }
}

extension Store {
    /// Brings the places of a task up to date with its entry.
    ///
    /// Who lost a task is found by the entry before; where that cannot be read, or is not in the
    /// index yet, a place too many stays, which readers pass over.
    func index(_ id: PostedTaskID, value: [UInt8]) {
        guard case .task(let task)? = try? LawEntry(decoding: value, kind: .task) else { return }
        if task.attempt > 0,
            let before = try? index.get(StateKey.law(.task(id)).encoded, in: Space.state),
            case .task(let old)? = try? LawEntry(decoding: before, kind: .task),
            old.worker != task.worker, !old.worker.isZero
        {
            remove(id, of: old.worker, as: .worker)
        }
        let hasEnded = task.state.isFinal
        for (party, account) in task.parties() {
            if hasEnded {
                let open = IndexKey.task(id, of: account, as: party, hasEnded: false)
                delete(open, in: Space.tasks)
            }
            put(IndexKey.task(id, of: account, as: party, hasEnded: hasEnded), [], in: Space.tasks)
        }
    }

    private func remove(_ id: PostedTaskID, of account: AccountID, as party: TaskParty) {
        for hasEnded in [false, true] {
            let key = IndexKey.task(id, of: account, as: party, hasEnded: hasEnded)
            delete(key, in: Space.tasks)
        }
    }

    /// Puts the tasks of the state into the index where an earlier version left them out.
    func indexTasksOnce() throws(StorageFailure) {
        guard try index.get(IndexKey.tasks, in: Space.meta) == nil else { return }
        var scan = IndexScan(Space.state)
        scan.prefix = [LawKind.task.rawValue]
        for entry in try index.entries(scan) {
            guard case .law(let key)? = StateKey(decoding: entry.key) else { continue }
            index(PostedTaskID(key.identifier), value: entry.value)
        }
        put(IndexKey.tasks, [], in: Space.meta)
        try commitIndex()
    }
}
