// One client: submits bodies in order, each until it is acknowledged, and asks elsewhere if nobody
// answers.
import Primitives

struct Client {
    /// Whether it signs two bodies for one place now and then.
    let isRogue: Bool
    /// The machine it submits to.
    var gateway: Int
    /// Bodies made so far.
    private(set) var number: UInt64 = 0
    private(set) var current: Submission?
    private(set) var since = Instant(nanoseconds: 0)
    private(set) var asked = Instant(nanoseconds: 0)
    /// How often the current body was submitted again.
    private(set) var retries = 0

    init(gateway: Int, isRogue: Bool) {
        self.gateway = gateway
        self.isRogue = isRogue
    }

    mutating func begin(_ submission: Submission, at now: Instant) {
        number += 1
        current = submission
        since = now
        asked = now
        retries = 0
    }

    mutating func retry(at gateway: Int, now: Instant) {
        self.gateway = gateway
        asked = now
        retries += 1
    }

    /// Takes note of an answer; true the first time that the current body is done.
    mutating func hear(_ digest: Digest, isExecution: Bool) -> Bool {
        guard let current, current.digest == digest || current.conflict?.digest == digest else {
            return false
        }
        if current.mustBeExecuted, !isExecution { return false }
        self.current = nil
        return true
    }
}
