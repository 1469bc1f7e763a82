// A task that somebody pays for: its terms, where it stands, and the money held for it.
import Cryptography
import Primitives

public enum PostedTaskKind: NumberedKind {
    public static let domain = HashDomain("althing 2026 task v1")
}

/// A posted task: the digest of its poster and a number that the poster chose.
public typealias PostedTaskID = Bytes32<PostedTaskKind>

extension Bytes32 where Kind == PostedTaskKind {
    /// What records name: the first half.
    public var inRecords: TaskID { TaskID(Array(bytes.prefix(TaskID.width))) ?? TaskID() }
}

/// Where a task stands (`docs/spec/tasks.md` §3).
public enum TaskState: UInt8, CaseIterable, Sendable {
    /// Paid in, and nobody works on it.
    case pending = 1
    /// Somebody is to begin.
    case assigned
    case executing
    /// A milestone is delivered and judged.
    case verifying
    /// All milestones are paid.
    case complete
    case cancelled
    /// Nobody did it in as many attempts as the terms allow.
    case failed
    /// Arbiters decide.
    case disputed
    /// Arbiters have decided, their time is over, or the worker lost to a challenger.
    case settled
    /// Worker and challenger look for the step at which they differ.
    case challenged

    /// Whether nothing follows.
    public var isFinal: Bool {
        switch self {
        case .complete, .cancelled, .failed, .settled: true
        case .pending, .assigned, .executing, .verifying, .disputed, .challenged: false
        }
    }

    /// Whether the worker's stake is bound to it.
    var bindsStake: Bool {
        switch self {
        case .executing, .verifying, .disputed, .challenged: true
        case .pending, .assigned, .complete, .cancelled, .failed, .settled: false
        }
    }
}

/// Nanoseconds that each step may take.
public struct TaskTimes: Hashable, Sendable {
    /// From pending to assigned.
    public var assign = Nanoseconds.perDay
    /// From assigned to executing.
    public var begin = Nanoseconds.perHour
    /// From executing to a delivered milestone.
    public var deliver = Nanoseconds.perDay
    /// To accept, to dispute, to challenge, or to verify.
    public var judge = Nanoseconds.perDay
    /// For the arbiters; for each answer in a challenge.
    public var arbitrate = 7 * Nanoseconds.perDay

    public static let range = Nanoseconds.perSecond...366 * Nanoseconds.perDay

    public init() {}

    var all: [UInt64] { [assign, begin, deliver, judge, arbitrate] }
}

/// What the poster offers and wants.
public struct TaskTerms: Hashable, Sendable {
    /// Digest of what is to be done.
    public var specification: Digest
    /// Who is to do it; zero for whoever takes it.
    public var worker = AccountID()
    /// What is paid for each part, in order; 1 to `mostMilestones`, none zero.
    public var milestones: [Amount]
    public var times = TaskTimes()
    /// How often it may be given to somebody: 1...`mostAttempts`.
    public var attempts: UInt8 = 1
    /// Who decides disputes, by majority: none or an odd number, ascending. Where there are none
    /// the poster's word holds.
    public var arbiters: [AccountID] = []
    public var verification = Verification.attested
    /// What a worker must have at stake when it begins.
    public var stake = Amount.zero

    public static let mostMilestones = 16
    public static let mostAttempts: UInt8 = 8
    public static let mostArbiters = 7
    public static let mostVerifiers = 8

    public init(specification: Digest, milestones: [Amount]) {
        self.specification = specification
        self.milestones = milestones
    }

    /// All milestones together; nil where they pass 2^128 - 1.
    public var wages: Amount? {
        var sum = Amount.zero
        for milestone in milestones {
            guard let more = sum.adding(milestone) else { return nil }
            sum = more
        }
        return sum
    }

    /// What must be paid in; nil where it passes 2^128 - 1.
    public var price: Amount? {
        guard let checks = verification.price(milestones: milestones.count) else { return nil }
        return wages?.adding(checks)
    }

    /// Whether everything is in its range and order.
    public var isValid: Bool {
        (1...Self.mostMilestones).contains(milestones.count) && !milestones.contains(.zero)
            && times.all.allSatisfy(TaskTimes.range.contains)
            && (1...Self.mostAttempts).contains(attempts) && arbiters.isStrictlyAscending
            && arbiters.count <= Self.mostArbiters
            && (arbiters.isEmpty || arbiters.count % 2 == 1) && verification.isValid
            && (verification.run == nil || milestones.count == 1 && arbiters.isEmpty)
            && price != nil
    }
}

/// What an arbiter decides about the milestone in dispute.
public enum Verdict: UInt8, CaseIterable, Sendable {
    /// It is paid.
    case worker = 1
    /// It is not.
    case poster
    /// Half of it is paid.
    case split
}

/// What a verifier says the result is.
public struct Confirmation: Hashable, Sendable {
    public var verifier: AccountID
    public var result: Digest
}

/// What an arbiter said.
public struct ArbiterVote: Hashable, Sendable {
    public var arbiter: AccountID
    public var verdict: Verdict
}

/// A task as it stands.
public struct PostedTask: Hashable, Sendable {
    public var id: PostedTaskID
    public var poster: AccountID
    /// Who paid in, and gets back what is not paid out: the poster, or its mandate's payer.
    public var payer: AccountID
    public var terms: TaskTerms
    public var state = TaskState.pending
    /// Zero while there is none.
    public var worker = AccountID()
    /// Milestones paid.
    public var paid: UInt8 = 0
    /// Times it was given back or ran out.
    public var attempt: UInt8 = 0
    /// Until when the next step may be made; from then on it has run out. Zero at the end.
    public var due: Instant
    /// What was delivered last.
    public var result = Digest()
    /// About the delivered milestone, in order of arrival.
    public var confirmations: [Confirmation] = []
    /// In order of arrival.
    public var votes: [ArbiterVote] = []
    /// What is still to be paid out or back.
    public var held: Amount
    /// Whether it has cost its worker some of its stake.
    public var isSlashed = false
    /// Under which it was posted; zero for none.
    public var mandate = MandateID()
    /// What the market takes of each payment, as it was when the task was posted.
    public var fee: MarketFee
    /// By which law parties acted.
    public var laws = TaskLaws()
    /// Paid to workers so far, after fees, and to the market.
    public var earned = Amount.zero
    public var charged = Amount.zero
    /// When it ended; zero before.
    public var ended = Instant(nanoseconds: 0)
    /// What the worker says its run came to.
    public var claim: RunClaim?
    /// The one that is open, or the one that the worker lost.
    public var challenge: Challenge?
    /// What the covers that were bought of it pay, those that have paid among them: at most its
    /// price.
    public var covered = Amount.zero

    init(
        id: PostedTaskID, poster: AccountID, payer: AccountID, _ terms: TaskTerms,
        fee: MarketFee
    ) {
        (self.id, self.poster, self.payer) = (id, poster, payer)
        (self.terms, self.fee) = (terms, fee)
        due = Instant(nanoseconds: 0)
        held = terms.price ?? .zero
    }
}

/// Versions of the constitutions that an action was judged by; 0 for an owner, which has none.
public struct TaskLaws: Hashable, Sendable {
    /// Of the poster, when it posted.
    public var poster: UInt64 = 0
    /// Of the worker, when it began.
    public var worker: UInt64 = 0
}
