// Teams: a lead and its members, who share what the tasks that the lead is given earn.
import Cryptography
import Primitives

/// Who works with a lead, for which part.
public struct TeamMember: Hashable, Sendable {
    public var account: AccountID
    /// Of what the lead's tasks earn, in ten-thousandths: 1...10,000.
    public var part: UInt32
    /// What it is there for: a name, as in `docs/spec/ledger.md` §1.
    public var speciality: String
    /// Whether it agreed.
    public internal(set) var hasJoined = false

    public init(_ account: AccountID, part: UInt32, speciality: String) {
        (self.account, self.part, self.speciality) = (account, part, speciality)
    }
}

/// A team as it stands, named by its lead, which acts for it.
public struct Team: Hashable, Sendable {
    public var lead: AccountID
    /// Without the lead, by account, ascending; 1...`mostMembers`.
    public var members: [TeamMember]
    public var since: Instant
    /// Tasks that the team works on.
    public internal(set) var openTasks: UInt64 = 0

    public static let mostMembers = 15
    /// All of what is divided; what is not the members' is the lead's.
    public static let whole: UInt32 = 10_000
    private static let domain = HashDomain("althing 2026 team v1")

    public init(lead: AccountID, members: [TeamMember], since: Instant) {
        (self.lead, self.members, self.since) = (lead, members, since)
    }

    /// Whether all have agreed: from then on what new tasks earn is divided.
    public var isFormed: Bool { members.allSatisfy(\.hasJoined) }

    /// What members agree to: who has which part for what.
    public var agreement: Digest {
        var writer = ByteWriter()
        writer.write(lead)
        writer.write(UInt8(clamping: members.count))
        for member in members { member.writeTerms(to: &writer) }
        return Self.domain.hash(writer.bytes)
    }

    var isValid: Bool {
        let parts = members.reduce(UInt64(0)) { $0 + UInt64($1.part) }
        return (1...Self.mostMembers).contains(members.count)
            && members.map(\.account).isStrictlyAscending
            && members.allSatisfy { $0.part > 0 && isValidName($0.speciality) }
            && parts <= UInt64(Self.whole) && !members.contains { $0.account == lead }
    }

    mutating func count(isBegun: Bool) {
        if isBegun {
            openTasks = openTasks == .max ? .max : openTasks + 1
        } else if openTasks > 0 {
            openTasks -= 1
        }
    }
}

/// What of a task's pay is whose, as the team was when the lead was given the task.
public struct Division: Hashable, Sendable {
    public struct Share: Hashable, Sendable {
        public var account: AccountID
        public var part: UInt32
        /// So far.
        public var paid = Amount.zero
    }

    public var task: PostedTaskID
    public var lead: AccountID
    /// By account, ascending; 1...`Team.mostMembers`.
    public var shares: [Share]
    /// To the lead, so far.
    public var leadPaid = Amount.zero
    /// Whether the team still works on it.
    public var isOpen = true

    init(of task: PostedTaskID, among team: Team) {
        (self.task, lead) = (task, team.lead)
        shares = team.members.map { Share(account: $0.account, part: $0.part) }
    }

    /// Takes a wage apart: to each member its part, rounded down, and to the lead the rest.
    mutating func divide(_ wage: Amount) -> [Payout] {
        var (payouts, rest) = ([Payout](), wage)
        for place in shares.indices {
            let share = wage.part(shares[place].part)
            rest = rest.subtracting(share) ?? .zero
            // Not more than the supply.
            shares[place].paid = shares[place].paid.adding(share) ?? shares[place].paid
            payouts.append(Payout(receiver: shares[place].account, amount: share))
        }
        leadPaid = leadPaid.adding(rest) ?? leadPaid
        return payouts + [Payout(receiver: lead, amount: rest)]
    }
}

extension Amount {
    /// So many ten-thousandths of it, 10,000 at most, rounded down.
    fileprivate func part(_ part: UInt32) -> Amount {
        let whole = UInt128(Team.whole)
        let (times, rest) = nanoCredits.quotientAndRemainder(dividingBy: whole)
        let part = min(UInt128(part), whole)
        return Amount(nanoCredits: times * part + rest * part / whole)
    }
}

/// A command for teams; the account acts.
public enum TeamCommand: Hashable, Sendable {
    /// The lead proposes; the members' parts leave it the rest.
    case form(by: AccountID, [TeamMember])
    /// A member agrees to what the digest says.
    case join(by: AccountID, lead: AccountID, agreement: Digest)
    /// A member goes, or declines; its part falls to the lead.
    case leave(by: AccountID, lead: AccountID)
    case dissolve(by: AccountID)
}

extension TeamCommand {
    /// Whose team it is about.
    public var lead: AccountID {
        switch self {
        case .form(let lead, _), .join(_, let lead, _), .leave(_, let lead), .dissolve(let lead):
            lead
        }
    }
}
