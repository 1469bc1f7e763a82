// When background work on the disk may go on: at a bounded rate, which the journals come first in.
import Primitives

/// Counts bytes against a rate, by a clock that its owner reads.
struct CompactionPace {
    /// Bytes a second; over 0.
    let rate: UInt64
    /// Bytes of the work that its time has not come for yet.
    private var owed: UInt64 = 0
    /// The same for the journals: a second of them at most, so that the work goes on a second after
    /// a load that was over the rate.
    private var load: UInt64 = 0
    private var checkedAt: UInt64?
    /// Bytes that the journals had written then.
    private var written: UInt64 = 0

    /// Shorter spans are added up, so that no byte is lost in rounding.
    private static let shortestNanoseconds = 10 * Nanoseconds.perMillisecond

    init(rate: UInt64) { self.rate = rate }

    /// Whether the work may go on.
    var isFree: Bool { owed == 0 && load == 0 }

    /// How long until it may, if the journals write nothing meanwhile.
    var nanoseconds: UInt64 {
        guard !isFree else { return 0 }
        let span = (UInt128(owed) + UInt128(load)) * UInt128(Nanoseconds.perSecond) / UInt128(rate)
        return max(UInt64(clamping: span), Self.shortestNanoseconds)
    }

    /// The work read and wrote so many bytes.
    mutating func take(_ bytes: UInt64) {
        owed = owed.addingReportingOverflow(bytes).overflow ? .max : owed + bytes
    }

    /// Time went on.
    ///
    /// - Parameters:
    ///   - now: by a monotonic clock.
    ///   - total: bytes that the journals have written so far.
    mutating func pass(to now: UInt64, written total: UInt64) {
        guard let checkedAt else {
            (self.checkedAt, written) = (now, total)
            return
        }
        let span = now &- checkedAt
        guard span >= Self.shortestNanoseconds else { return }
        let passed = UInt64(
            clamping: UInt128(rate) * UInt128(span) / UInt128(Nanoseconds.perSecond))
        let grown = total &- written
        (self.checkedAt, written) = (now, total)
        load = min(load.addingReportingOverflow(grown).overflow ? .max : load + grown, rate)
        let (first, left) = (min(load, passed), passed - min(load, passed))
        load -= first
        owed -= min(owed, left)
    }
}
