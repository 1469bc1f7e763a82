// A set of the items of one proposal, one bit an item.
import Primitives

/// Which of `count` items, 1...`Proposal.itemLimit`.
public struct ItemSet: Hashable, Sendable {
    /// The number of items that there are.
    public let count: Int
    private var words: [UInt64]

    /// None of `count` items; `count` is at least 0.
    public init(count: Int) {
        self.count = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    /// All of `count` items; `count` is at least 0.
    public static func all(count: Int) -> ItemSet {
        var set = ItemSet(count: count)
        for index in set.words.indices { set.words[index] = .max }
        if count % 64 != 0 { set.words[count / 64] = 1 << UInt64(count % 64) - 1 }
        return set
    }

    /// Those of `count` items whose index is in `indices`; others are left out.
    public init(_ indices: some Sequence<Int>, count: Int) {
        self.init(count: count)
        for index in indices { insert(index) }
    }

    /// Adds an item; an index outside `0..<count` changes nothing.
    public mutating func insert(_ index: Int) {
        guard (0..<count).contains(index) else { return }
        words[index / 64] |= 1 << UInt64(index % 64)
    }

    public func contains(_ index: Int) -> Bool {
        (0..<count).contains(index) && words[index / 64] >> UInt64(index % 64) & 1 == 1
    }

    /// The number of items in the set.
    public var size: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
    public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    public var isFull: Bool { size == count }

    /// The items in it, ascending.
    public var indices: [Int] {
        var result: [Int] = []
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append(place * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return result
    }

    /// Both sets are of one `count`.
    public func union(_ other: ItemSet) -> ItemSet { combine(other) { $0 | $1 } }
    public func intersection(_ other: ItemSet) -> ItemSet { combine(other) { $0 & $1 } }
    public func subtracting(_ other: ItemSet) -> ItemSet { combine(other) { $0 & ~$1 } }
    public var complement: ItemSet { Self.all(count: count).subtracting(self) }

    private func combine(_ other: ItemSet, _ combine: (UInt64, UInt64) -> UInt64) -> ItemSet {
        precondition(count == other.count, "sets over one proposal have one count")
        var result = self
        for index in words.indices {
            result.words[index] = combine(words[index], other.words[index])
        }
        return result
    }

    /// The items that at least `least` of `sets` hold; all of them are over `count` items.
    static func held(byAtLeast least: Int, of sets: [ItemSet], count: Int) -> ItemSet {
        guard sets.count >= least else { return ItemSet(count: count) }
        if sets.count(where: \.isFull) >= least { return all(count: count) }
        return ItemSet(
            (0..<count).lazy.filter { item in sets.count { $0.contains(item) } >= least },
            count: count)
    }

    // Encoding

    private enum Form: UInt8 { case none, all, some }

    /// Count (2), form (1): none, all, or some with the bits, lowest first, padded with zeros.
    func encode(to writer: inout ByteWriter) {
        writer.write(UInt16(clamping: count))
        if isEmpty {
            writer.write(Form.none.rawValue)
        } else if isFull {
            writer.write(Form.all.rawValue)
        } else {
            writer.write(Form.some.rawValue)
            for byte in 0..<(count + 7) / 8 {
                writer.write(UInt8(truncatingIfNeeded: words[byte / 8] >> UInt64(byte % 8 * 8)))
            }
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let offset = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard (1...Proposal.itemLimit).contains(count) else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        switch Form(rawValue: try reader.read()) {
        case .none?: self.init(count: count)
        case .all?: self = .all(count: count)
        case .some?:
            self.init(count: count)
            for (place, byte) in try reader.read(count: (count + 7) / 8).enumerated() {
                words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
            }
            guard !isEmpty, !isFull, intersection(.all(count: count)) == self else {
                throw DecodingFailure(.notCanonical, at: offset)
            }
        case nil: throw DecodingFailure(.outOfRange, at: offset + 2)
        }
    }
}
