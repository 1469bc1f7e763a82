// What an agent or an owner recorded: ever, in the last hour and in the last day.
import Primitives

/// Sums over the last hour or day in seven buckets, as `Window` keeps one: the present bucket and
/// the six before it cover the span and at most a sixth more.
public struct UsageWindow: Hashable, Sendable {
    static let buckets = 7

    /// Not part of the encoding, the field says it.
    let span: UsageSpan
    /// Number of the newest bucket: time divided by the width.
    private(set) var newest: UInt64 = 0
    /// The newest first. In place, since a million accounts have two windows each.
    private var sums = InlineArray<7, Quantities>(repeating: Quantities())

    init(_ span: UsageSpan) { self.span = span }

    /// What counts at `time`.
    public func total(at time: Instant) -> Quantities { total(after: passed(at: time)) }

    private func total(after age: UInt64) -> Quantities {
        var total = Quantities()
        guard age < UInt64(Self.buckets) else { return total }
        for index in 0..<Self.buckets - Int(age) { total.add(sums[index]) }
        return total
    }

    /// Buckets from the newest to that of `time`; 0 where time stands still.
    private func passed(at time: Instant) -> UInt64 {
        let bucket = time.nanoseconds / span.bucket
        return bucket > newest ? bucket - newest : 0
    }

    mutating func add(_ more: Quantities, at time: Instant) {
        let age = passed(at: time)
        if age > 0 {
            newest += age
            for index in stride(from: Self.buckets - 1, through: 0, by: -1) {
                sums[index] =
                    age <= UInt64(index) ? sums[index - Int(age)] : Quantities()
            }
        }
        sums[0].add(more)
    }

    /// When `more` of a quantity fits below `limit` if nothing else is added: now, or where a
    /// bucket begins; nil where it never does.
    func opens(
        for more: UInt64, of quantity: MeteredQuantity, within limit: UInt64, at time: Instant
    ) -> Instant? {
        guard more <= limit else { return nil }
        let first = passed(at: time)
        for age in 0..<UInt64(Self.buckets) {
            guard total(after: first + age)[quantity] > limit - more else {
                return max(time, start(of: newest + first + age))
            }
        }
        return start(of: newest + first + UInt64(Self.buckets))
    }

    private func start(of bucket: UInt64) -> Instant {
        let (start, overflow) = bucket.multipliedReportingOverflow(by: span.bucket)
        return Instant(nanoseconds: overflow ? .max : start)
    }

    func write(to writer: inout ByteWriter) {
        writer.write(newest)
        for index in 0..<Self.buckets { sums[index].write(to: &writer) }
    }

    /// Reads the sums into a window of the same span.
    func read(from reader: inout ByteReader) throws(DecodingFailure) -> UsageWindow {
        var window = self
        let start = reader.offset
        window.newest = try reader.read()
        // The number of the last bucket that an instant can have.
        guard window.newest <= UInt64.max / span.bucket else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        for index in 0..<Self.buckets { window.sums[index] = try Quantities(from: &reader) }
        return window
    }

    public static func == (left: UsageWindow, right: UsageWindow) -> Bool {
        left.span == right.span && left.newest == right.newest
            && (0..<buckets).allSatisfy { left.sums[$0] == right.sums[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(newest)
        for index in 0..<Self.buckets { hasher.combine(sums[index]) }
    }
}

/// The meter of an agent, or of an owner: all its agents together.
public struct Meter: Hashable, Sendable {
    public var account: AccountID
    /// Since the first record.
    public private(set) var total = Quantities()
    public private(set) var hour = UsageWindow(.hour)
    public private(set) var day = UsageWindow(.day)

    public init(account: AccountID) { self.account = account }

    mutating func add(_ more: Quantities, at time: Instant) {
        total.add(more)
        hour.add(more, at: time)
        day.add(more, at: time)
    }

    func window(_ span: UsageSpan) -> UsageWindow {
        switch span {
        case .hour: hour
        case .day: day
        }
    }
}

extension Meter: StateEntry {
    var stateKey: StateKey { .meter(account) }

    func write(to writer: inout ByteWriter) {
        writer.write(account)
        total.write(to: &writer)
        hour.write(to: &writer)
        day.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        total = try Quantities(from: &reader)
        hour = try UsageWindow(.hour).read(from: &reader)
        day = try UsageWindow(.day).read(from: &reader)
    }
}
