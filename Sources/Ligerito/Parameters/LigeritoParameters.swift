// The shape of a commitment and of its opening, and how sure both are.
import Primitives

/// One level: a matrix that is committed, its code, and how many of its rows are opened.
public struct LigeritoLevel: Hashable, Sendable {
    /// The binary logarithm of the number of columns, which is the number of rounds that fold them.
    public var foldings: Int
    /// The binary logarithm of the code's length over its dimension: the rate is 2^-rateBits.
    public var rateBits: Int
    /// Rows opened, drawn with repetition.
    public var queries: Int

    public init(foldings: Int, rateBits: Int, queries: Int) {
        self.foldings = foldings
        self.rateBits = rateBits
        self.queries = queries
    }
}

/// Parameters of Ligerito (Novakovic and Angeris 2025) for `2^logElements` elements of GF(2^128).
/// They are fixed by the size alone, never taken from a proof, and absorbed before the first root.
public struct LigeritoParameters: Hashable, Sendable {
    /// Sizes for which there are standard parameters.
    public static let sizes = 6...26
    /// The least soundness of the standard parameters: no more than 2^-100 is ever lost.
    public static let soundnessBits = 100

    /// The binary logarithm of the number of elements.
    public let logElements: Int
    /// At least one; the first is that of the polynomial itself.
    public let levels: [LigeritoLevel]

    /// Nil unless each level folds at least one column and leaves at least one row, rates are
    /// 1/2 to 1/16, and codes have at most 2^30 rows.
    public init?(logElements: Int, levels: [LigeritoLevel]) {
        var rest = logElements
        guard !levels.isEmpty, levels.count <= 8, logElements <= Self.sizes.upperBound else {
            return nil
        }
        for level in levels {
            rest -= level.foldings
            guard (1...8).contains(level.foldings), (1...4).contains(level.rateBits),
                (1...512).contains(level.queries), rest >= 0, rest + level.rateBits <= 30
            else { return nil }
        }
        self.logElements = logElements
        self.levels = levels
    }

    /// The parameters that proofs of this size have; `logElements` is in `sizes`. Nil for another
    /// `margin` than 0, or `wideMargin` bits more for proofs of which several must hold.
    public static func standard(logElements: Int, margin: Int) -> LigeritoParameters? {
        guard sizes.contains(logElements), margin == 0 || margin == wideMargin else { return nil }
        let foldings =
            switch logElements {
            case ...13: [3]
            case ...14: [4]
            case ...15: [3, 3]
            case ...17: [4, 3]
            case ...18: [4, 4]
            case ...19: [4, 3, 3]
            case ...21: [4, 4, 3]
            case ...22: [5, 4, 3]
            default: [6, 5, 4]
            }
        // From 2^18 on the first code is half as long: the time of a prover is mostly its hashes.
        let first = logElements < 18 ? 3 : 2
        return LigeritoParameters(
            logElements: logElements,
            levels: foldings.enumerated().map { index, count in
                let rate = index == 0 ? first : 3
                return LigeritoLevel(
                    foldings: count, rateBits: rate, queries: queries(rate, margin))
            })
    }

    /// Bits by which proofs are surer of which a chain has several.
    public static let wideMargin = 6

    /// Rows that miss a wrong word with less than 2^-(102.9 + margin) at a rate of 1/4 or 1/8.
    private static func queries(_ rateBits: Int, _ margin: Int) -> Int {
        rateBits == 2 ? (margin == 0 ? 152 : 161) : (margin == 0 ? 124 : 132)
    }

    /// The binary logarithm of the number of message rows at a level.
    public func logRows(_ level: Int) -> Int {
        levels[...level].reduce(logElements) { $0 - $1.foldings }
    }

    /// The binary logarithm of the number of codeword rows at a level: the depth of its tree.
    public func logLeaves(_ level: Int) -> Int { logRows(level) + levels[level].rateBits }

    /// Variables of the vector that is sent in clear after the last level.
    public var finalVariables: Int { logRows(levels.count - 1) }

    /// What is absorbed: sizes and levels, little-endian.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt32(logElements))
        writer.write(UInt32(levels.count))
        for level in levels {
            writer.write(UInt32(level.foldings))
            writer.write(UInt32(level.rateBits))
            writer.write(UInt32(level.queries))
        }
        return writer.bytes
    }

    /// The probability that a false opening passes, the transcript being a random oracle
    /// (`docs/soundness.md`, section 2): for each level the queries that all miss, the folding that
    /// brings a far word near, the mixing of rows, and two roots for each round.
    public var soundness: ErrorBound {
        var total = ErrorBound(UInt64(2 * logElements), over: 128)
        for (index, level) in levels.enumerated() {
            // Half the distance is (1 - rate) / 2, so a row misses with (1 + rate) / 2.
            let miss = ErrorBound((1 << UInt64(level.rateBits)) + 1, over: level.rateBits + 1)
            let proximity = ErrorBound(
                UInt64(level.foldings) << UInt64(logLeaves(index)), over: 128)
            total = total + miss.power(level.queries) + proximity
            total = total + ErrorBound(UInt64(level.queries), over: 128)
        }
        return total
    }
}
