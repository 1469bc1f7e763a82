// The active rows of a table as the runs that share it: each begins where the one before ends.

/// Rows 0 to `active`, cut into one run or more.
package struct RowRuns: Hashable, Sendable {
    /// One past the last row of each run; ascending, without an empty one.
    package let ends: [Int]

    /// One run of all active rows; none where there are none.
    package init(active: Int) { ends = active == 0 ? [] : [active] }

    package init(counts: [Int]) {
        var next = 0
        ends = counts.map { count in
            precondition(count > 0, "a run has rows")
            next += count
            return next
        }
    }

    package var active: Int { ends.last ?? 0 }
    package var firsts: [Int] { ends.isEmpty ? [] : [0] + ends.dropLast() }
    package var lasts: [Int] { ends.map { $0 - 1 } }

    /// The rows of a run that a boundary speaks of.
    package func rows(_ place: Boundary.Place) -> [Int] { place == .first ? firsts : lasts }

    /// Whether a run goes on after the row.
    package func isFollowed(_ row: Int) -> Bool {
        guard row + 1 < active else { return false }
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] < row + 1 { low = middle + 1 } else { high = middle }
        }
        return ends[low] != row + 1
    }
}
