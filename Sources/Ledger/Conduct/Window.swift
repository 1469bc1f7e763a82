// A sum over the last hour or day, kept in few buckets: never less than the true sum.
import Primitives

/// Seven buckets of time; the sum of all of them covers the span that limits speak of.
///
/// For an hour the buckets have ten minutes: the present one and six before it cover 60 to 70
/// minutes, so a limit holds in every hour whenever it begins. Fixed hours would let twice as much
/// pass around the full hour.
public struct Window: Hashable, Sendable {
    static let buckets = 7

    /// Nanoseconds of one bucket; not part of the encoding, the field says it.
    let width: UInt64
    /// Number of the newest bucket: time divided by the width.
    private(set) var newest: UInt64 = 0
    /// The newest first.
    private(set) var sums = [UInt128](repeating: 0, count: Self.buckets)

    init(width: UInt64) { self.width = width }

    /// For limits by the hour.
    static let hour = Window(width: 10 * 60 * Nanoseconds.perSecond)
    /// For limits by the day.
    static let day = Window(width: 4 * Nanoseconds.perHour)

    /// What was added in the last six buckets before the one of `time`, and in that one.
    func total(at time: Instant) -> UInt128 {
        let age = passed(at: time)
        guard age < UInt64(Self.buckets) else { return 0 }
        // Totals stay below 2^127: see `add`.
        var total: UInt128 = 0
        for index in 0..<Self.buckets - Int(age) { total &+= sums[index] }
        return total
    }

    /// Buckets from the newest to that of `time`; 0 where time stands still.
    private func passed(at time: Instant) -> UInt64 {
        let bucket = time.nanoseconds / width
        return bucket > newest ? bucket - newest : 0
    }

    /// Adds `value` at `time`. A bucket holds at most 2^124, which no supply and no count reaches.
    mutating func add(_ value: UInt128, at time: Instant) {
        let age = passed(at: time)
        if age > 0 {
            newest += age
            let kept = Self.buckets - Int(min(age, UInt64(Self.buckets)))
            let empty = [UInt128](repeating: 0, count: Self.buckets - kept)
            sums = empty + sums.prefix(kept)
        }
        let (sum, overflow) = sums[0].addingReportingOverflow(value)
        sums[0] = overflow ? Self.most : min(sum, Self.most)
    }

    private static let most: UInt128 = 1 << 124

    func write(to writer: inout ByteWriter) {
        writer.write(newest)
        for sum in sums { writer.write(sum) }
    }

    /// Reads the sums into a window of the same width.
    func read(from reader: inout ByteReader) throws(DecodingFailure) -> Window {
        var window = self
        window.newest = try reader.read()
        for index in 0..<Self.buckets {
            let start = reader.offset
            window.sums[index] = try reader.read()
            guard window.sums[index] <= Self.most else {
                throw DecodingFailure(.outOfRange, at: start)
            }
        }
        return window
    }
}
