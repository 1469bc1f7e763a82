// How long to wait before the next attempt: doubling, bounded, and not all at once.
import Primitives

enum Backoff {
    /// Nanoseconds: the delay doubles with each failure up to its bound; half of it is chance, so
    /// that those who lost a peer together do not come back together.
    /// - Parameter failures: at least 1.
    static func delay(
        failures: Int, _ limits: PeerBookLimits, using chance: inout SeededGenerator
    ) -> UInt64 {
        let doublings = UInt64(min(max(failures, 1) - 1, 62))
        let (product, overflow) = limits.firstDelayNanoseconds
            .multipliedReportingOverflow(by: 1 << doublings)
        let delay = overflow ? limits.mostDelayNanoseconds
            : min(product, limits.mostDelayNanoseconds)
        return delay - delay / 2 + UInt64.random(in: 0...delay / 2, using: &chance)
    }
}
