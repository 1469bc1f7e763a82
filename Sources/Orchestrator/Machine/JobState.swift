// Where one job stands, as far as its orchestrator knows.
import Ledger
import Primitives

struct JobState {
    enum Phase: Hashable {
        /// The ledger is asked where the task is.
        case looking
        /// A request is under way.
        case requesting(LedgerRequest.Step)
        /// On the ledger, and nobody has it.
        case open
        /// Somebody has it.
        case given
        /// Delivered; somebody decides.
        case judging
        /// Waits before it looks again.
        case resting
    }

    let job: Job
    let task: PostedTaskID
    /// When it was taken in, by this run.
    let since: Instant
    var phase = Phase.looking
    /// The saga that it belongs to.
    var saga: JobID?
    /// To whom it is given.
    var offer: OfferID?
    /// Those who had it and did not deliver.
    var tried: Set<OfferID> = []
    /// What was decided last, and about which milestone.
    var judgement: (milestone: UInt8, isAccepted: Bool)?
    /// Whether a challenge was made: one that failed is not made again.
    var hasChallenged = false
    /// As the newest report says.
    var attempt: UInt8 = 0
    var paid: UInt8 = 0
    /// Failures of the last requests in a row.
    var failures: UInt32 = 0
    /// The newest state known: `TaskReport.progress`.
    var progress: UInt16 = 0
    var due = Instant(nanoseconds: .max)
    /// The only timer of it that counts.
    var wakeAt: Instant?

    /// What was decided about the milestone that is under way.
    var verdict: Bool? { judgement?.milestone == paid ? judgement?.isAccepted : nil }

    init(_ job: Job, task: PostedTaskID, since: Instant) {
        (self.job, self.task, self.since) = (job, task, since)
    }
}

/// Somebody who offers to work, and what it has to do.
struct ProviderState {
    var provider: Provider
    var given: UInt64 = 0
    var breaker = CircuitBreaker()

    init(_ provider: Provider) { self.provider = provider }

    /// Tasks that it can take now.
    func room(at now: Instant, most: UInt64) -> UInt64 {
        guard breaker.allows(at: now) else { return 0 }
        let service = provider.service
        let free = service.capacity > service.load ? service.capacity - service.load : 0
        let limit: UInt64 = breaker.state == .closed ? min(free, most) : min(free, 1)
        return limit > given ? limit - given : 0
    }
}

/// Times in order, each with whose it is: a binary heap, the earliest on top.
struct Deadlines {
    private struct Entry: Comparable {
        var time: Instant
        var job: JobID

        static func < (left: Entry, right: Entry) -> Bool {
            (left.time, left.job) < (right.time, right.job)
        }
    }

    private var entries: [Entry] = []

    var first: Instant? { entries.first?.time }

    mutating func add(_ job: JobID, at time: Instant) {
        entries.append(Entry(time: time, job: job))
        var place = entries.count - 1
        while place > 0, entries[place] < entries[(place - 1) / 2] {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The earliest one if its time has come.
    mutating func take(at now: Instant) -> (job: JobID, time: Instant)? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            var place = 0
            while true {
                var least = place
                for child in [2 * place + 1, 2 * place + 2]
                where child < entries.count && entries[child] < entries[least] { least = child }
                guard least != place else { break }
                entries.swapAt(place, least)
                place = least
            }
        }
        return (first.job, first.time)
    }
}
