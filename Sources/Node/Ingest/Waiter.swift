// Somebody who waits until what he gave is settled; answered once.
import Ledger
import Primitives

/// What became of something given to the node.
enum Settlement {
    /// Final, and durable here.
    case final
    /// An operation that was carried out, or failed, at its place in the order.
    case executed(LedgerOutcome)
    /// The committee does not certify it; nothing of it is recorded.
    case refused(LedgerOutcome)
    /// No quorum answered in time. It stays submitted, and may still become final.
    case undecided
    /// The disk failed.
    case storageFailed
}

/// One request under way.
final class Waiter {
    /// By the monotonic clock.
    let arrival: UInt64
    /// What became of the submissions of the request.
    var recorded = SubmissionOutcome.Recorded()
    /// Own batches that are not final yet and hold, or may hold, something of the request.
    var openBatches = 0
    /// Whether it waits for a batch that somebody else sealed.
    var isBatch = false
    /// The number of a batch that was submitted whole, once it is executed.
    var number: UInt64?
    private var reply: ((Waiter, Settlement) -> Void)?

    init(arrival: UInt64, reply: @escaping (Waiter, Settlement) -> Void) {
        self.arrival = arrival
        self.reply = reply
    }

    var isAnswered: Bool { reply == nil }

    /// Answers; later answers are dropped.
    func answer(_ settlement: Settlement) {
        guard let reply else { return }
        self.reply = nil
        reply(self, settlement)
    }
}

/// Everybody who waits, in the order of arrival.
struct WaitingRoom {
    private var waiters: [Waiter] = []
    private var first = 0

    mutating func enter(_ waiter: Waiter) {
        if first > 1_024, first * 2 > waiters.count {
            waiters.removeFirst(first)
            first = 0
        }
        waiters.append(waiter)
    }

    /// When the waiter that came first and was not answered yet came; nil where there is none.
    mutating func oldestArrival() -> UInt64? {
        while first < waiters.count, waiters[first].isAnswered { first += 1 }
        return first < waiters.count ? waiters[first].arrival : nil
    }

    /// Those that came at `arrival` or before and were not answered yet.
    mutating func take(until arrival: UInt64) -> [Waiter] {
        var taken: [Waiter] = []
        while let oldest = oldestArrival(), oldest <= arrival {
            taken.append(waiters[first])
            first += 1
        }
        return taken
    }
}
