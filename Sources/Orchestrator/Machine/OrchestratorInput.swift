// Everything that comes into an orchestrator and everything that it wants done.
import Discovery
import Ledger
import Primitives

/// What an orchestrator is told.
public enum OrchestratorInput: Sendable {
    /// It begins, or begins again: the ledger is asked about every job that is not ended.
    case start
    case submit(Job)
    case submitSaga(Saga)
    /// An offer as it stands now.
    case provider(Provider)
    case providerGone(OfferID)
    /// What the ledger says of a task; may come late, twice, or out of order.
    case task(TaskReport)
    /// The ledger knows no such task.
    case taskUnknown(PostedTaskID)
    /// What came of a request.
    case answered(LedgerRequest, RequestOutcome)
    /// What somebody decided about what was delivered for a part of a job, from 0.
    case judged(JobID, milestone: UInt8, isAccepted: Bool)
    case tick
}

/// What an orchestrator wants done, in this order.
public enum OrchestratorAction: Hashable, Sendable {
    /// To be durable before anything that follows is done.
    case record(QueueEntry)
    /// To be signed in the poster's name and given to the ledger; its outcome comes back.
    case give(LedgerRequest)
    /// The ledger is to be asked about a task.
    case look(PostedTaskID)
    /// Somebody is to decide about the result of a part: of a run, by running it again.
    case judge(JobID, PostedTaskID, milestone: UInt8, result: Digest)
    case finished(JobID, JobEnd)
    case sagaFinished(JobID, SagaEnd)
    /// A submission is refused: out of its ranges, or there is no room.
    case turnedAway(JobID)
    /// Call with `tick` at this time; replaces the one before.
    case wake(Instant)
}

/// One operation of the ledger that an orchestrator asks for.
public struct LedgerRequest: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        case post
        case assign(AccountID)
        case accept
        case dispute
        case expire
        /// Doubts the result of a run.
        case challenge(deposit: Amount)
        /// Makes the challenger's next move.
        case answer
    }

    public var job: JobID
    public var task: PostedTaskID
    public var step: Step
}

/// What came of a request.
public enum RequestOutcome: Hashable, Sendable {
    case done
    /// The task stands elsewhere than was thought.
    case moved
    /// The worker may not have the task.
    case unfit
    /// It will not be taken, whoever tries.
    case refused
    /// Nobody knows whether it was taken.
    case unknown

    /// What a refusal of the ledger means, by its stable name (`docs/spec/ledger.md`).
    public init(refusal name: String) {
        switch name {
        case "tasks.numberUsed", "tasks.wrongState", "tasks.tooEarly", "tasks.tooLate",
            "tasks.taskUnknown", "tasks.alreadySpoken", "tasks.wrongTurn": self = .moved
        case "tasks.accountUnknown", "tasks.conflict", "tasks.reserved", "tasks.stakeTooSmall":
            self = .unfit
        // Another operation of the same key was quicker; or it is stopped and may go on later.
        case "wrongSequence", "forbidden.chainStopped", "forbidden.fleetStopped",
            "forbidden.agentStopped", "forbidden.safeMode", "limits.tooManyActions",
            "limits.volumeTooLarge", "limits.tooMuchGas": self = .unknown
        default: self = .refused
        }
    }
}

/// Somebody who offers to work.
public struct Provider: Hashable, Sendable {
    public var offer: OfferID
    /// Who is assigned.
    public var seller: AccountID
    /// Its `id` has the bytes of the offer.
    public var service: Listing
    /// Since when it is listed at its price.
    public var since: Instant

    public init(offer: OfferID, seller: AccountID, since: Instant, service: Listing) {
        (self.offer, self.seller, self.since, self.service) = (offer, seller, since, service)
    }

    public init(_ offer: Offer, text: String? = nil) {
        self.offer = offer.id
        seller = offer.seller
        since = offer.referenceSince
        service = Listing(
            id: ListingID(offer.id), text: text ?? offer.terms.name,
            price: offer.terms.pricePerUnit.nanoCredits, capacity: offer.terms.capacity,
            load: offer.terms.load)
    }
}

/// Where a task stands.
public struct TaskReport: Hashable, Sendable {
    public var task: PostedTaskID
    public var state: TaskState
    public var worker: AccountID
    public var attempt: UInt8
    /// Milestones paid.
    public var paid: UInt8 = 0
    public var due: Instant
    public var result: Digest
    /// Of a challenge that is open: by whom, and whether the worker is to answer.
    public var challenger = AccountID()
    public var isWorkersTurn = true
    /// Whether the poster's own challenge of the result was heard before (`ChallengeDeed`).
    public var wasChallenged = false

    public init(
        task: PostedTaskID, state: TaskState, worker: AccountID, attempt: UInt8, due: Instant
    ) {
        (self.task, self.state, self.worker) = (task, state, worker)
        (self.attempt, self.due) = (attempt, due)
        result = Digest()
    }

    public init(_ task: PostedTask) {
        self.init(
            task: task.id, state: task.state, worker: task.worker, attempt: task.attempt,
            due: task.due)
        (paid, result) = (task.paid, task.result)
        if let challenge = task.challenge, task.state == .challenged {
            (challenger, isWorkersTurn) = (challenge.challenger, challenge.isWorkersTurn)
        }
    }

    /// Never falls while a task moves, so that an older report can be told: each payment and each
    /// return begins anew, and between two of them the states come in one order.
    var progress: UInt16 { (UInt16(attempt) + UInt16(paid)) << 8 | state.rank }
}

extension TaskState {
    /// Its place among the states of one attempt at one milestone, from 1. A challenge leads back
    /// to verifying.
    var rank: UInt16 {
        switch self {
        case .pending: 1
        case .assigned: 2
        case .executing: 3
        case .verifying, .challenged: 4
        case .disputed: 5
        case .complete, .cancelled, .failed, .settled: 6
        }
    }
}

/// How an orchestrator works.
public struct OrchestratorSettings: Hashable, Sendable {
    public var policy = RoutingPolicy.price
    public var backoff = Backoff()
    public var breaker = CircuitBreaker.Settings()
    /// Jobs that are not ended, at most.
    public var mostJobs = 100_000
    /// Tasks that are given and not delivered: with everybody, and with one provider.
    public var mostGiven = 10_000
    public var mostGivenToOne: UInt64 = 256
    /// Nanoseconds after which an outcome or a report that did not come is asked for again.
    public var answerNanoseconds = 15 * Nanoseconds.perSecond
    /// Nanoseconds between looks at a task that somebody works on.
    public var lookNanoseconds = 5 * Nanoseconds.perSecond
    /// Offers that are weighed for one job, at most.
    public var mostCandidates = 64

    public init() {}
}
