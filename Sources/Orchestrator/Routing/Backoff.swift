// How long to wait before something is tried again.
import Primitives

/// Exponential backoff with full jitter (Brooker, "Exponential Backoff and Jitter", 2015): a time
/// anywhere from half of the doubled one to all of it.
public struct Backoff: Hashable, Sendable {
    /// Nanoseconds before the second try, at most.
    public var firstNanoseconds = 100 * Nanoseconds.perMillisecond
    public var mostNanoseconds = 30 * Nanoseconds.perSecond

    public init() {}

    /// - Parameters:
    ///   - tries: how often it failed, 1...
    ///   - chance: any number; whoever gives it decides how it comes about.
    public func wait(after tries: UInt32, chance: UInt64) -> UInt64 {
        let most = Self.doubled(
            firstNanoseconds, times: tries > 0 ? tries - 1 : 0, most: mostNanoseconds)
        let half = most / 2
        return half + chance % (most - half + 1)
    }

    /// `span` · 2^times, at most `most`.
    static func doubled(_ span: UInt64, times: UInt32, most: UInt64) -> UInt64 {
        guard times < 64, span <= most >> UInt64(times) else { return most }
        return min(span << UInt64(times), most)
    }
}
