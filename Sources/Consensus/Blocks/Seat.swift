// Seats of a committee and sets of them.

/// The place of one validator in its committee: 0..<n, n at most 128.
public struct Seat: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let index: UInt8

    public init(_ index: UInt8) { self.index = index }

    public static func < (left: Seat, right: Seat) -> Bool { left.index < right.index }

    public var description: String { "s\(index)" }
}

/// A set of seats below 128, in two words.
public struct SeatSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    public init() {}

    /// Adds `seat`; whether it was new.
    @discardableResult public mutating func insert(_ seat: Seat) -> Bool {
        if contains(seat) { return false }
        let bit = UInt64(1) << UInt64(seat.index & 63)
        if seat.index < 64 { low |= bit } else { high |= bit }
        return true
    }

    public func contains(_ seat: Seat) -> Bool {
        (seat.index < 64 ? low : high) >> UInt64(seat.index & 63) & 1 == 1
    }

    public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }

    /// The seats of this set that are not in `other`.
    public func subtracting(_ other: SeatSet) -> SeatSet {
        var rest = self
        rest.low &= ~other.low
        rest.high &= ~other.high
        return rest
    }
}
