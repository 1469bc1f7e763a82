// The operations of a run as a tree: each below the one that called it, in order of their start.
import JSON

/// A tree made from a list whose callers come from outside and may be missing or go in circles.
struct RunTree {
    /// One line of the tree.
    struct Row {
        /// Place in the list.
        var index: Int
        /// What stands before the name: the lines that lead to it.
        var lines: String
    }

    private(set) var rows: [Row] = []
    private var children: [[Int]]
    private var isPlaced: [Bool]

    /// Levels that are drawn; what is deeper stands at the last.
    private static let drawnLevels = 24

    /// - Parameter operations: id and caller of each, in the order in which siblings are listed;
    ///   a caller that is not in the list makes its operation a root.
    init(_ operations: [(id: String, caller: String)]) {
        var places: [String: Int] = [:]
        for (index, operation) in operations.enumerated() where places[operation.id] == nil {
            places[operation.id] = index
        }
        children = Array(repeating: [], count: operations.count)
        isPlaced = Array(repeating: false, count: operations.count)
        var roots: [Int] = []
        for (index, operation) in operations.enumerated() {
            if let caller = places[operation.caller], caller != index {
                children[caller].append(index)
            } else {
                roots.append(index)
            }
        }
        for root in roots { place(root) }
        // Only operations in a circle are left: each circle is cut at its first member.
        for index in operations.indices where !isPlaced[index] { place(index) }
    }

    /// Adds the rows of one root with an explicit stack: depth comes from outside.
    private mutating func place(_ root: Int) {
        var open: [(index: Int, before: String, branch: String, below: String)] = [
            (root, "", "", "")
        ]
        while let next = open.popLast() {
            guard !isPlaced[next.index] else { continue }
            isPlaced[next.index] = true
            rows.append(Row(index: next.index, lines: next.before + next.branch))
            let isDeep = next.before.count >= 3 * Self.drawnLevels
            let before = isDeep ? next.before : next.before + next.below
            let below = children[next.index].filter { !isPlaced[$0] }
            for (place, child) in below.enumerated().reversed() {
                let isLast = place == below.count - 1
                let (branch, line) = isLast ? ("└─ ", "   ") : ("├─ ", "│  ")
                open.append((child, before, branch, line))
            }
        }
    }
}
