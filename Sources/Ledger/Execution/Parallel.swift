// Many items at once: what does not conflict is carried out apart, and the result is the serial one.
import Primitives
import Records

/// Calls its body once for each number below the count, in any order, on any threads, and returns
/// when all calls have returned.
public typealias ParallelFor = (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

extension Ledger {
    /// Settles items in their order; the state, its changes and what is returned are those of one
    /// `settle` after the other.
    ///
    /// Rows are metered on all threads. Items that touch an entry in common, of which one writes
    /// it, are carried out in order by one thread on a draft of the state; the drafts' writes are
    /// then made in the order of the items.
    public static func settle(
        _ items: [Item], at time: Instant, to state: inout LedgerState, on parallel: ParallelFor
    ) -> [Settled] {
        let items = metered(items, on: parallel)
        let groups = ConflictGroups.make(items.map(AccessSet.init(of:)))
        guard groups.count > 1 else { return items.map { state.settle($0, at: time) } }
        let traces = trace(items, groups, at: time, in: state, on: parallel)
        return traces.map { trace in
            state.commit(trace)
            return trace.settled
        }
    }

    /// The items with the totals of every batch.
    static func metered(_ items: [Item], on parallel: ParallelFor) -> [Item] {
        let open = items.indices.filter { index in
            if case .batch(_, nil) = items[index] { return true }
            return false
        }
        let totals = map(open.count, on: parallel) { number -> Item in
            let item = items[open[number]]
            guard case .batch(let batch, _) = item else { return item }
            return .batch(batch, BatchTotals(of: batch))
        }
        var items = items
        for (index, item) in zip(open, totals) { items[index] = item }
        return items
    }

    /// What carrying out each item would do. The state is let go when this returns, so that the
    /// writes that follow copy nothing.
    private static func trace(
        _ items: [Item], _ groups: [[Int]], at time: Instant, in state: LedgerState,
        on parallel: ParallelFor
    ) -> [Trace] {
        let traces = map(groups.count, on: parallel) { number in
            var draft = Draft(of: state)
            return groups[number].map { draft.trace(items[$0], at: time) }
        }
        var inOrder = [Trace](repeating: Trace(), count: items.count)
        for (group, traces) in zip(groups, traces) {
            for (item, trace) in zip(group, traces) { inOrder[item] = trace }
        }
        return inOrder
    }

    private static func map<Result: Sendable>(
        _ count: Int, on parallel: ParallelFor, _ body: @escaping @Sendable (Int) -> Result
    ) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            // Each call writes its own element.
            nonisolated(unsafe) let results = start
            parallel(count) { number in
                (results + number).initialize(to: body(number))
            }
            initialized = count
        }
    }
}

/// What one item did to a draft.
struct Trace: Sendable {
    var settled = Settled.misplaced
    /// In order.
    var writes: [Entry] = []
    /// Added to the number of records.
    var records: UInt64 = 0
}

extension Draft {
    mutating func trace(_ item: Item, at time: Instant) -> Trace {
        let before = records
        let settled = settle(item, at: time)
        return Trace(settled: settled, writes: takeWrites(), records: records &- before)
    }
}

extension LedgerState {
    mutating func commit(_ trace: Trace) {
        for entry in trace.writes { set(entry) }
        records &+= trace.records
    }

    private mutating func set(_ entry: Entry) {
        switch entry {
        case .owner(let owner): set(owner)
        case .agent(let agent): set(agent)
        case .signer(let key, let sequence): setSequence(sequence, of: key)
        case .submitter(let submitter): set(submitter)
        case .grant(let grant): set(grant)
        case .usage(let usage): set(usage)
        case .committee(let committee): set(committee)
        case .adopted(let changes): set(changes)
        case .ballot(let ballot): set(ballot)
        }
    }
}
