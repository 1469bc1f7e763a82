// What a batch adds, with the owners of its agents as the state has them.
import Primitives

/// Totals that were checked, and whose agents they are of.
struct OwnedTotals {
    var totals: BatchTotals
    /// One for each agent of the totals, in that order.
    var owners: [OwnerID]
}

/// Sums by owner, in the order in which owners come first.
struct OwnerSums {
    private(set) var sums: [(owner: OwnerID, sum: Quantities)] = []
    private var places: [OwnerID: Int] = [:]
    /// The place of the last one that was added to: mostly that of the next one.
    private var last = 0

    mutating func add(_ more: Quantities, to owner: OwnerID) {
        if sums.isEmpty || sums[last].owner != owner {
            last = places[owner] ?? sums.count
            if last == sums.count {
                places[owner] = last
                sums.append((owner, Quantities()))
            }
        }
        sums[last].sum.add(more)
    }
}
