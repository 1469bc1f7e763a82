// "Did you mean": the nearest known word to one that is not known.

enum Suggestion {
    /// The candidate that takes the fewest changes of letters, the first one of several; nil where
    /// none is near.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let most = max(1, min(word.utf8.count, 64) / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(Array(word.utf8.prefix(64)), Array(candidate.utf8))
            if distance <= most, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// Insertions, removals, replacements and swaps of neighbours that lead from one to the other
    /// (optimal string alignment).
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var row = Array(0...other.count)
        for i in one.indices {
            var next = [i + 1]
            for j in other.indices {
                let replaced = row[j] + (one[i] == other[j] ? 0 : 1)
                var least = min(replaced, row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    least = min(least, before[j - 1] + 1)
                }
                next.append(least)
            }
            before = row
            row = next
        }
        return row[other.count]
    }
}
