// 128 signed bytes for a text: hashed features, added up with fixed weights, scaled to one length.
import Primitives

/// A text as a direction: rows whose inner product is large are of texts with much in common.
///
/// Every distinct feature of the text adds its weight, with signs, at four of the 128 places, both
/// from its hash: a sparse random projection (Achlioptas, JCSS 66, 2003). The sum is scaled to the
/// length `length` and rounded. Only integers are used.
public struct Embedding: Hashable, Sendable {
    /// Places of a row.
    public static let width = 128
    /// The length of a row before rounding; no component leaves -127...127.
    public static let length = 127

    /// What each kind of feature weighs.
    public enum Weight {
        public static let word: Int32 = 6
        public static let concept: Int32 = 6
        /// Two words that follow each other.
        public static let pair: Int32 = 2
        /// Three bytes of a word, its ends marked.
        public static let trigram: Int32 = 1
    }

    /// `width` components; all zero for a text without words.
    public let row: [Int8]

    public var isZero: Bool { row.allSatisfy { $0 == 0 } }

    /// - Parameter text: its first 4,096 bytes count.
    public init(_ text: String) {
        var sum = FeatureSum()
        let stems = Words.stems(of: text)
        for (place, stem) in stems.enumerated() {
            sum.add(.word, stem, Weight.word)
            for concept in Concepts.of(stem) {
                let bytes = [UInt8(concept >> 8), UInt8(truncatingIfNeeded: concept)]
                sum.add(.concept, bytes, Weight.concept)
            }
            if place > 0 {
                sum.add(.pair, stems[place - 1] + [0x20] + stem, Weight.pair)
            }
            let marked = [0x5E] + stem + [0x24]
            for start in 0..<(marked.count - 2) {
                sum.add(.trigram, Array(marked[start..<start + 3]), Weight.trigram)
            }
        }
        row = sum.scaled
    }

    init(row: [Int8]) { self.row = row }

    /// The cosine with another in millionths, up to rounding: -10^6...10^6.
    public func similarity(to other: Embedding) -> Int32 {
        var sum: Int32 = 0
        for (left, right) in zip(row, other.row) { sum += Int32(left) * Int32(right) }
        return Self.millionths(sum)
    }

    /// An inner product of two rows as a cosine in millionths.
    static func millionths(_ product: Int32) -> Int32 {
        let scaled = Int64(product) * 1_000_000 / Int64(length * length)
        return Int32(min(max(scaled, -1_000_000), 1_000_000))
    }
}

/// The features seen and what they add up to.
private struct FeatureSum {
    enum Kind: UInt8 { case word = 1, concept, pair, trigram }

    private var sums = [Int64](repeating: 0, count: Embedding.width)
    /// Looked up only.
    private var seen: Set<UInt64> = []

    mutating func add(_ kind: Kind, _ bytes: [UInt8], _ weight: Int32) {
        var hash = Self.hash(kind, bytes)
        guard seen.insert(hash).inserted else { return }
        for _ in 0..<4 {
            let place = Int(hash & 127)
            sums[place] += Int64(hash & 128 == 0 ? weight : -weight)
            hash >>= 8
        }
    }

    /// FNV-1a over the kind and the bytes, then the last step of SplitMix64, which mixes the low
    /// bits.
    private static func hash(_ kind: Kind, _ bytes: [UInt8]) -> UInt64 {
        var word: UInt64 = 0xCBF2_9CE4_8422_2325
        word = (word ^ UInt64(kind.rawValue)) &* 0x0000_0100_0000_01B3
        for byte in bytes { word = (word ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Each sum · length / √(sum of squares), rounded half away from zero. A text of 4,096 bytes
    /// has under 2^14 features of weight 6: no square sum passes 2^41, so that nothing overflows.
    var scaled: [Int8] {
        let squares = sums.reduce(UInt64(0)) { $0 + UInt64($1 * $1) }
        guard squares > 0 else { return [Int8](repeating: 0, count: Embedding.width) }
        let root = Int64(Self.root(squares << 16))
        return sums.map { sum in
            let wide = sum.magnitude * UInt64(Embedding.length) << 8
            let rounded = Int64((wide + UInt64(root) / 2) / UInt64(root))
            return Int8(clamping: sum < 0 ? -rounded : rounded)
        }
    }

    /// ⌊√value⌋ by Newton's steps from above.
    private static func root(_ value: UInt64) -> UInt64 {
        guard value > 1 else { return value }
        var guess = UInt64(1) << ((64 - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (guess + value / guess) / 2
            if next >= guess { return guess }
            guess = next
        }
    }
}
