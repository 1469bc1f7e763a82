// How much a peer may send: an average in bytes a second, and a burst above it.
import Primitives

/// The virtual scheduling form of a leaky bucket (ITU-T I.371, generic cell rate algorithm): what
/// was received is due to have been received by `dueAt`; ahead of time nothing is read.
struct ReceiveBudget: Sendable {
    private let bytesPerSecond: UInt64
    private let burstNanoseconds: UInt64
    private var dueAt: UInt64 = 0

    init(_ limits: LinkLimits) {
        bytesPerSecond = max(1, limits.receiveBytesPerSecond)
        burstNanoseconds = Self.span(limits.receiveBurstBytes, bytesPerSecond)
    }

    /// Nanoseconds that `bytes` take at the average, rounded up.
    private static func span(_ bytes: UInt64, _ bytesPerSecond: UInt64) -> UInt64 {
        let product = bytes.multipliedFullWidth(by: Nanoseconds.perSecond)
        if product.high >= bytesPerSecond { return .max }
        let (quotient, remainder) = bytesPerSecond.dividingFullWidth(product)
        return remainder == 0 || quotient == .max ? quotient : quotient + 1
    }

    mutating func charge(_ bytes: Int, at now: UInt64) {
        let earliest = now > burstNanoseconds ? now - burstNanoseconds : 0
        let cost = Self.span(UInt64(max(0, bytes)), bytesPerSecond)
        let (sum, overflow) = max(dueAt, earliest).addingReportingOverflow(cost)
        dueAt = overflow ? .max : sum
    }

    /// Whether more may be read at `now`.
    func allows(at now: UInt64) -> Bool { dueAt <= now }
}
