// Keeps work away from a provider that fails again and again, and tries it again later.
import Primitives

/// One provider's breaker.
public struct CircuitBreaker: Hashable, Sendable {
    public struct Settings: Hashable, Sendable {
        /// Failures in a row that open it.
        public var failures: UInt32 = 3
        /// Nanoseconds that it is open the first time; twice as many each time after.
        public var restNanoseconds = 10 * Nanoseconds.perSecond
        public var mostRestNanoseconds = 600 * Nanoseconds.perSecond

        public init() {}
    }

    public enum State: Hashable, Sendable {
        case closed
        /// Nothing goes there before that time.
        case open(until: Instant)
        /// One task is there to see whether it works again.
        case trying
    }

    public private(set) var state = State.closed
    private var failures: UInt32 = 0
    /// Times in a row that it opened.
    private var openings: UInt32 = 0

    public init() {}

    /// Whether a task may go there now.
    public func allows(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .trying: false
        }
    }

    /// A task goes there.
    public mutating func noteSent(at now: Instant) {
        if case .open(let until) = state, now >= until { state = .trying }
    }

    public mutating func noteSuccess() {
        (state, failures, openings) = (.closed, 0, 0)
    }

    public mutating func noteFailure(at now: Instant, _ settings: Settings) {
        failures = min(failures + 1, settings.failures)
        guard state == .trying || (state == .closed && failures >= settings.failures) else {
            return
        }
        let rest = Backoff.doubled(
            settings.restNanoseconds, times: openings, most: settings.mostRestNanoseconds)
        openings = min(openings + 1, 63)
        state = .open(until: now.advanced(byNanoseconds: rest))
    }
}
