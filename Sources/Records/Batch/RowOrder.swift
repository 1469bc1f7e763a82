// The order in which the rows of a batch are hashed: after the rows that are their parents.

/// Rows window by window, and level by level in a window: level 0 has no parent in the window,
/// level k + 1 has one of level k. Parents come before their rows, so that earlier windows are
/// done.
///
/// Levels over the whole batch would have to read every part of the body once for each level.
struct RowOrder {
    /// Rows of one window: their part of a body stays in the second cache.
    static let windowRows = 4096
    /// All rows, ascending within a level.
    private(set) var rows: [UInt32] = []
    /// Where each level ends in `rows`.
    private(set) var ends: [Int] = []

    /// O(rows + parents).
    init(of packed: PackedRows) {
        guard packed.parents.hasRows else {
            rows = (0..<UInt32(packed.count)).map { $0 }
            ends = [packed.count]
            return
        }
        rows = [UInt32](repeating: 0, count: packed.count)
        var levels = [Int32](repeating: 0, count: Self.windowRows)
        for start in stride(from: 0, to: packed.count, by: Self.windowRows) {
            let window = start..<min(start + Self.windowRows, packed.count)
            let deepest = Self.find(&levels, of: window, packed)
            sort(window, by: levels, deepest: Int(deepest))
        }
    }

    /// Sets the level of each row of the window; returns the highest.
    private static func find(
        _ levels: inout [Int32], of window: Range<Int>, _ packed: PackedRows
    ) -> Int32 {
        let parents = packed.parents
        return packed.body.withUnsafeBytes { body in
            levels.withUnsafeMutableBufferPointer { levels in
                var deepest: Int32 = 0
                var place = Int(parents.starts[window.lowerBound])
                for row in window {
                    let end = Int(parents.starts[row + 1])
                    var level: Int32 = 0
                    while place < end {
                        // Of a parent outside the batch the flag makes a number past every row.
                        let parent = Int(parents.number(place, in: body.baseAddress!))
                        if parent >= window.lowerBound, parent < row {
                            level = max(level, levels[parent - window.lowerBound] &+ 1)
                        }
                        place += 1
                    }
                    levels[row - window.lowerBound] = level
                    deepest = max(deepest, level)
                }
                return deepest
            }
        }
    }

    /// Puts the rows of the window in the order of their levels.
    private mutating func sort(_ window: Range<Int>, by levels: [Int32], deepest: Int) {
        var places = [Int](repeating: 0, count: deepest + 2)
        for index in 0..<window.count { places[Int(levels[index]) + 1] += 1 }
        places[0] = window.lowerBound
        for level in 0...deepest { places[level + 1] += places[level] }
        ends.append(contentsOf: places[1...])
        for index in 0..<window.count {
            let level = Int(levels[index])
            rows[places[level]] = UInt32(window.lowerBound + index)
            places[level] += 1
        }
    }
}
