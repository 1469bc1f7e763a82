// A job: what somebody wants done, which becomes a task of the ledger, and how it may end.
import Cryptography
import Discovery
import Ledger
import Primitives

public enum JobKind {}

/// A job, named by whoever submits it: the same name again is the same job.
public typealias JobID = Bytes32<JobKind>

/// What somebody wants done.
public struct Job: Hashable, Sendable {
    public var id: JobID
    /// Digest of what is to be done.
    public var specification: Digest
    /// What each part of it pays, in order; 1 to `TaskTerms.mostMilestones`.
    public var milestones: [Amount]
    /// How what is delivered is verified.
    public var verification = Verification.attested
    /// Nanoseconds of each step, as in the task's terms.
    public var times = TaskTimes()
    /// How often it may be given to somebody: 1...`TaskTerms.mostAttempts`.
    public var attempts: UInt8 = 3
    /// Who can do it, in words; empty for anybody.
    public var words = ""
    public var filter = ListingFilter()
    /// Jobs of one key go to one provider where the policy says so.
    public var key: [UInt8] = []

    /// Bytes of `words`.
    public static let mostWordBytes = 1_024
    /// Bytes of `key` and of the region.
    public static let mostKeyBytes = 64

    public init(id: JobID, specification: Digest, price: Amount) {
        (self.id, self.specification, self.milestones) = (id, specification, [price])
    }

    /// What whoever does it is paid, all parts together; at most 2^128 - 1.
    public var price: Amount {
        milestones.reduce(.zero) { $0.adding($1) ?? Amount(nanoCredits: .max) }
    }

    private static let numbers = HashDomain("althing 2026 job v1")

    /// The number under which its poster posts it. Two jobs of one number are told apart by
    /// nobody: after 2^32 jobs of one poster it is as likely as not that there are such.
    public var number: UInt64 {
        Self.numbers.hash(id.bytes).bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
        }
    }

    public func task(of poster: AccountID) -> PostedTaskID {
        PostedTaskID(of: poster, number: number)
    }

    public var terms: TaskTerms {
        var terms = TaskTerms(specification: specification, milestones: milestones)
        (terms.times, terms.attempts) = (times, attempts)
        terms.verification = verification
        return terms
    }

    /// Whether everything is in its range.
    public var isValid: Bool {
        terms.isValid && words.utf8.count <= Self.mostWordBytes && key.count <= Self.mostKeyBytes
            && (filter.region?.utf8.count ?? 0) <= Self.mostKeyBytes
    }
}

/// How a job ended.
public enum JobEnd: UInt8, CaseIterable, Sendable {
    /// Delivered, verified and paid, all parts.
    case complete = 1
    /// The ledger says failed: nobody did it in as many attempts as it has.
    case failed
    /// Nobody took it in time, or it was taken back.
    case cancelled
    /// What was delivered was not accepted.
    case rejected
    /// The ledger would not take it: no money, no right.
    case refused

    public var isGood: Bool { self == .complete }
}

/// Jobs one after the other; where one ends badly, what the ones before it did is undone.
///
/// Sagas are those of Garcia-Molina, Salem (SIGMOD 1987): a step's compensation is a job of its
/// own.
public struct Saga: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        public var job: Job
        /// Undoes it; nil where nothing needs to be undone.
        public var compensation: Job?

        public init(_ job: Job, undoneBy compensation: Job? = nil) {
            (self.job, self.compensation) = (job, compensation)
        }
    }

    /// Names the saga.
    public var id: JobID
    public var steps: [Step]

    public static let mostSteps = 64

    public init(id: JobID, steps: [Step]) { (self.id, self.steps) = (id, steps) }

    var jobs: [Job] { steps.flatMap { [$0.job] + ($0.compensation.map { [$0] } ?? []) } }

    public var isValid: Bool {
        (1...Self.mostSteps).contains(steps.count) && jobs.allSatisfy(\.isValid)
            && Set(jobs.map(\.id)).count == jobs.count
    }
}

/// How a saga ended.
public enum SagaEnd: Hashable, Sendable {
    case complete
    /// A step ended badly, and everything before it was undone.
    case undone
    /// A compensation ended badly too: a person must look.
    case stuck(at: JobID)
}
