// A task that somebody pays for: its terms, where it stands, and the money held for it.
import Cryptography
import Primitives

public enum PostedTaskKind {}

/// A posted task: the digest of its poster and a number that the poster chose.
public typealias PostedTaskID = Bytes32<PostedTaskKind>

extension Bytes32 where Kind == PostedTaskKind {
    private static let domain = HashDomain("althing 2026 task v1")

    public init(poster: AccountID, number: UInt64) {
        var writer = ByteWriter()
        writer.write(poster)
        writer.write(number)
        self.init(Self.domain.hash(writer.bytes))
    }

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
    /// Arbiters have decided, or their time is over.
    case settled

    /// Whether nothing follows.
    public var isFinal: Bool {
        switch self {
        case .complete, .cancelled, .failed, .settled: true
        case .pending, .assigned, .executing, .verifying, .disputed: false
        }
    }
}

/// How what is delivered is verified: a choice with a price.
public enum Verification: Hashable, Sendable {
    /// The poster accepts, or disputes in time.
    case attested
    /// `quorum` of the verifiers get the same result; each who is right gets `fee` for it.
    case redundant(quorum: UInt8, verifiers: [AccountID], fee: Amount)
}

/// Nanoseconds that each step may take.
public struct TaskTimes: Hashable, Sendable {
    /// From pending to assigned.
    public var assign = Nanoseconds.perDay
    /// From assigned to executing.
    public var begin = Nanoseconds.perHour
    /// From executing to a delivered milestone.
    public var deliver = Nanoseconds.perDay
    /// To accept, to dispute, or to verify.
    public var judge = Nanoseconds.perDay
    /// For the arbiters.
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

    /// What must be paid in; nil where it passes 2^128 - 1.
    public var price: Amount? {
        var sum = Amount.zero
        for milestone in milestones {
            guard let more = sum.adding(milestone) else { return nil }
            sum = more
        }
        guard case .redundant(_, let verifiers, let fee) = verification else { return sum }
        let count = UInt128(verifiers.count * milestones.count)
        let (fees, overflow) = fee.nanoCredits.multipliedReportingOverflow(by: count)
        return overflow ? nil : sum.adding(Amount(nanoCredits: fees))
    }

    /// Whether everything is in its range and order.
    var isValid: Bool {
        (1...Self.mostMilestones).contains(milestones.count) && !milestones.contains(.zero)
            && times.all.allSatisfy(TaskTimes.range.contains)
            && (1...Self.mostAttempts).contains(attempts) && arbiters.isStrictlyAscending
            && arbiters.count <= Self.mostArbiters
            && (arbiters.isEmpty || arbiters.count % 2 == 1) && verification.isValid
            && price != nil
    }
}

extension Verification {
    fileprivate var isValid: Bool {
        guard case .redundant(let quorum, let verifiers, _) = self else { return true }
        return (1...TaskTerms.mostVerifiers).contains(verifiers.count)
            && verifiers.isStrictlyAscending && (1...verifiers.count).contains(Int(quorum))
    }

    var verifiers: [AccountID] {
        if case .redundant(_, let verifiers, _) = self { return verifiers }
        return []
    }

    var fee: Amount {
        if case .redundant(_, _, let fee) = self { return fee }
        return .zero
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
}
