// A round of the graph: round 0 holds the genesis blocks, a block of round r names blocks below r.

/// A round number in 0...`Round.last`.
public struct Round: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: UInt64

    public static let genesis = Round(0)
    /// No block is of a later round: decoders refuse it, so that sums of rounds stay far from 2^64.
    public static let last = Round(1 << 48)

    public init(_ number: UInt64) { self.number = number }

    public static func < (left: Round, right: Round) -> Bool { left.number < right.number }

    /// The round `count` later; `count` is below 2^62.
    public static func + (round: Round, count: UInt64) -> Round { Round(round.number + count) }

    /// The round `count` earlier, the genesis where there is none.
    public static func - (round: Round, count: UInt64) -> Round {
        Round(round.number > count ? round.number - count : 0)
    }

    public var description: String { "r\(number)" }
}
