// The keys of one object, and the search for one that stands there twice.

/// Finds double keys: by pairs in small objects, by sorting in large or escaped ones.
struct JSONKeys {
    /// Up to this many keys, comparing all pairs is quicker than sorting.
    private static let fewKeys = 16

    private var keys: [JSONTapeEntry] = []
    private var hasEscapes = false

    init(of index: Int, count: Int, in entries: [JSONTapeEntry]) {
        keys.reserveCapacity(count)
        var next = index + 1
        for _ in 0..<count {
            keys.append(entries[next])
            hasEscapes = hasEscapes || entries[next].mark
            next = Int(entries[next + 1].next)
        }
    }

    /// The offset of a key that equals an earlier one, nil where all differ.
    func firstDouble(in scanner: JSONScanner) -> Int? {
        hasEscapes || keys.count > JSONKeys.fewKeys
            ? doubleBySorting(in: scanner) : doubleByPairs(in: scanner)
    }

    private func doubleByPairs(in scanner: JSONScanner) -> Int? {
        for later in 1..<keys.count {
            for earlier in 0..<later
            where keys[later].end - keys[later].start == keys[earlier].end - keys[earlier].start {
                let bytes = scanner.bytes(of: keys[later])
                if bytes.elementsEqual(scanner.bytes(of: keys[earlier])) {
                    return Int(keys[later].start)
                }
            }
        }
        return nil
    }

    private func doubleBySorting(in scanner: JSONScanner) -> Int? {
        var named: [(name: [UInt8], start: UInt32)] = keys.map { key in
            let inside = scanner.bytes(of: key).dropFirst().dropLast()
            return (key.mark ? JSONText.unescape(Array(inside)[...]) : Array(inside), key.start)
        }
        named.sort { left, right in
            if left.name == right.name { return left.start < right.start }
            return left.name.lexicographicallyPrecedes(right.name)
        }
        for later in 1..<named.count where named[later].name == named[later - 1].name {
            return Int(named[later].start)
        }
        return nil
    }
}
