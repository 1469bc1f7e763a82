// Quantities with their units: money, gas and time, all integers of a stated width.

/// Metering credits in nano-credits (10^-9 credit).
@frozen public struct Amount: Hashable, Comparable, Sendable {
    public var nanoCredits: UInt128

    @inlinable public init(nanoCredits: UInt128) { self.nanoCredits = nanoCredits }

    public static let zero = Amount(nanoCredits: 0)

    @inlinable public static func < (left: Amount, right: Amount) -> Bool {
        left.nanoCredits < right.nanoCredits
    }

    /// Nil where the sum passes 2^128 - 1.
    @inlinable public func adding(_ other: Amount) -> Amount? {
        let (sum, overflow) = nanoCredits.addingReportingOverflow(other.nanoCredits)
        return overflow ? nil : Amount(nanoCredits: sum)
    }

    /// Nil where `other` is more.
    @inlinable public func subtracting(_ other: Amount) -> Amount? {
        let (rest, overflow) = nanoCredits.subtractingReportingOverflow(other.nanoCredits)
        return overflow ? nil : Amount(nanoCredits: rest)
    }
}

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted; ends in the
/// year 2554.
@frozen public struct Instant: Hashable, Comparable, Sendable {
    public var nanoseconds: UInt64

    @inlinable public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    @inlinable public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time from `earlier` to this instant in nanoseconds; 0 where `earlier` is later.
    @inlinable public func nanoseconds(since earlier: Instant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// The instant `nanoseconds` later; the last representable one where that would pass it.
    @inlinable public func advanced(byNanoseconds count: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
        return Instant(nanoseconds: overflow ? .max : sum)
    }
}

/// Named spans of time in nanoseconds.
public enum Nanoseconds {
    public static let perMicrosecond: UInt64 = 1_000
    public static let perMillisecond: UInt64 = 1_000_000
    public static let perSecond: UInt64 = 1_000_000_000
    public static let perHour: UInt64 = 3_600 * perSecond
    public static let perDay: UInt64 = 24 * perHour
}
