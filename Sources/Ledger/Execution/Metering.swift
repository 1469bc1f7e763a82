// Many items at once: rows are metered on all threads, and entries change on one.
import Primitives
import Records

/// Calls its body once for each number below the count, in any order, on any threads, and returns
/// when all calls have returned.
public typealias ParallelFor = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

extension Ledger {
    /// Settles items in their order, as one `settle` after the other does.
    ///
    /// The rows of batches without totals are metered first, wherever `parallel` calls. The rest
    /// is done here: an operation costs a few look-ups, less than finding out what it conflicts
    /// with.
    public static func settle(
        _ items: [Item], at time: Instant, to state: inout LedgerState, on parallel: ParallelFor
    ) -> [Settled] {
        metered(items, on: parallel).map { state.settle($0, at: time) }
    }

    /// The items with the totals of every batch.
    static func metered(_ items: [Item], on parallel: ParallelFor) -> [Item] {
        let open = items.indices.filter { index in
            if case .batch(_, nil) = items[index] { return true }
            return false
        }
        let metered = [Item](unsafeUninitializedCapacity: open.count) { buffer, count in
            guard let start = buffer.baseAddress, !open.isEmpty else { return }
            // Each call writes its own element.
            nonisolated(unsafe) let results = start
            parallel(open.count) { number in
                (results + number).initialize(to: items[open[number]].metered)
            }
            count = open.count
        }
        var items = items
        for (index, item) in zip(open, metered) { items[index] = item }
        return items
    }
}

extension Item {
    fileprivate var metered: Item {
        guard case .batch(let batch, nil) = self else { return self }
        return .batch(batch, BatchTotals(of: batch))
    }
}
