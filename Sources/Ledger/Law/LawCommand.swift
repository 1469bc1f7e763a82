// The commands of the law and the market, and what comes of them.
import Primitives

/// A command of one of the chapters of the law or the market. Long ones are in boxes, so that a
/// transfer, which is judged more often than anything, is copied without room for a constitution.
public enum LawCommand: Hashable, Sendable {
    case transfer(Transfer)
    /// Sets an agent's constitution.
    indirect case enact(Constitution)
    /// Limits what an agent, or the owner's agents together, may record.
    case limit(AccountID, Quota)
    /// Gives a key a role under the owner.
    case grantRole(RoleGrant)
    case revokeRole(PublicKey)
    indirect case mandate(MandateCommand)
    /// A guardian agrees to an action that waits.
    case approve(Digest)
    /// The owner or a guardian ends a request, expired ones too.
    case refuse(Digest)
    /// `by` of the override is whoever gives the command.
    case rule(AgentID, ActionKind, Ruling, expires: Instant)
    case stop(StopTarget)
    case resume(StopTarget)
    /// Lets an agent out of safe mode.
    case release(AgentID)
    indirect case task(TaskCommand)
    case stake(StakeCommand)
    indirect case offer(OfferCommand)
    indirect case auction(AuctionCommand)
    indirect case licence(LicenceCommand)
    indirect case team(TeamCommand)
    indirect case quote(QuoteCommand)
    indirect case cover(CoverCommand)
    /// A validator votes for a market fee, in millionths.
    case voteFee(UInt32)
}

/// What came of such a command.
public enum LawEffect: Hashable, Sendable {
    case transferred(from: AccountID, to: AccountID, Amount)
    case enacted(AgentID, version: UInt64)
    case limited(AccountID)
    case roleGranted(PublicKey, Role)
    case roleRevoked(PublicKey)
    case mandateGiven(MandateID, to: AgentID)
    case mandateRevoked(MandateID)
    /// The action waits for guardians.
    case approvalRequested(Digest, agent: AgentID)
    /// Not enough have agreed yet.
    case approvalGiven(Digest, by: OwnerID)
    /// Enough agreed, and the action was carried out.
    case approvalExecuted(Digest, agent: AgentID)
    case approvalRefused(Digest, by: OwnerID)
    case ruled(AgentID, ActionKind, Ruling)
    case stopped(StopTarget, by: OwnerID)
    case resumed(StopTarget, by: OwnerID)
    case released(AgentID)
    /// One of two who must agree did: to a ruling, to going on, to a release, or to a chain's stop.
    case seconding(by: OwnerID)
    case taskPosted(PostedTaskID)
    case taskMoved(PostedTaskID, to: TaskState)
    /// So many entries of a batch were made; the others were passed over.
    case tasksMade(AccountID, made: Int, of: Int)
    case offerChanged(OfferID, isListed: Bool)
    case auctionOpened(PostedTaskID)
    case bidCommitted(PostedTaskID, by: AccountID)
    case bidRevealed(PostedTaskID, by: AccountID, Amount)
    case licenceOffered(LicenceOfferID, isListed: Bool)
    /// Bought, renewed or passed on; until zero it lasts for ever.
    case licenceHeld(LicenceID, by: AccountID, until: Instant)
    /// So many of its members have agreed; of none where it is no more.
    case teamChanged(lead: AccountID, joined: Int, of: Int)
    case quoteChanged(QuoteID, isOpen: Bool)
    /// So many units are left.
    case quoteTaken(QuoteID, task: PostedTaskID, left: UInt64)
    case coverChanged(CoverID, CoverState)
    /// The winner is zero where nobody revealed a bid.
    case auctionClosed(PostedTaskID, winner: AccountID)
    case feeVoted(UInt32, by: PublicKey)
    /// The vote that made the quorum: the fee is in force.
    case feeAdopted(UInt32)
    /// What is staked now.
    case stakeChanged(AccountID, staked: Amount)
    /// The action was out of the ordinary: it was not carried out, and the agent is in safe mode.
    case anomaly(AgentID, AnomalyRule, ActionKind)
}

extension LawEffect {
    /// A stable name.
    public var name: String { String("\(self)".prefix { $0 != "(" }) }

    /// What it concerns: names and texts, identifiers in hexadecimal.
    public var members: [(String, String)] {
        switch self {
        case .transferred(let payer, let receiver, let amount):
            [
                ("from", payer.hex), ("to", receiver.hex),
                ("nanoCredits", String(amount.nanoCredits)),
            ]
        case .enacted(let agent, let version):
            [("agent", agent.hex), ("version", String(version))]
        case .limited(let account): [("account", account.hex)]
        case .roleGranted(let key, let role): [("key", key.hex), ("role", "\(role)")]
        case .roleRevoked(let key): [("key", key.hex)]
        case .mandateGiven(let id, let holder): [("mandate", id.hex), ("holder", holder.hex)]
        case .mandateRevoked(let id): [("mandate", id.hex)]
        case .approvalRequested(let id, let agent), .approvalExecuted(let id, let agent):
            [("approval", id.hex), ("agent", agent.hex)]
        case .approvalGiven(let id, let person), .approvalRefused(let id, let person):
            [("approval", id.hex), ("by", person.hex)]
        case .ruled(let agent, let kind, let ruling):
            [("agent", agent.hex), ("action", "\(kind)"), ("ruling", "\(ruling)")]
        case .stopped(let target, let person), .resumed(let target, let person):
            target.members + [("by", person.hex)]
        case .released(let agent): [("agent", agent.hex)]
        case .seconding(let person): [("by", person.hex)]
        case .taskPosted(let id): [("task", id.hex)]
        case .taskMoved(let id, let state): [("task", id.hex), ("state", "\(state)")]
        case .tasksMade(let account, let made, let count):
            [("account", account.hex), ("made", String(made)), ("of", String(count))]
        case .offerChanged(let id, let isListed):
            [("offer", id.hex), ("listed", String(isListed))]
        case .auctionOpened(let id): [("task", id.hex)]
        case .bidCommitted(let id, let bidder): [("task", id.hex), ("bidder", bidder.hex)]
        case .bidRevealed(let id, let bidder, let price):
            [
                ("task", id.hex), ("bidder", bidder.hex),
                ("nanoCredits", String(price.nanoCredits)),
            ]
        case .auctionClosed(let id, let winner): [("task", id.hex), ("winner", winner.hex)]
        case .licenceOffered(let id, let isListed):
            [("offer", id.hex), ("listed", String(isListed))]
        case .licenceHeld(let id, let holder, let until):
            [("licence", id.hex), ("holder", holder.hex), ("until", String(until.nanoseconds))]
        case .teamChanged(let lead, let joined, let count):
            [("lead", lead.hex), ("joined", String(joined)), ("of", String(count))]
        case .quoteChanged(let id, let isOpen):
            [("quote", id.hex), ("open", String(isOpen))]
        case .quoteTaken(let id, let task, let left):
            [("quote", id.hex), ("task", task.hex), ("left", String(left))]
        case .coverChanged(let id, let state): [("cover", id.hex), ("state", "\(state)")]
        case .feeVoted(let fee, let key): [("millionths", String(fee)), ("by", key.hex)]
        case .feeAdopted(let fee): [("millionths", String(fee))]
        case .stakeChanged(let account, let staked):
            [("account", account.hex), ("nanoCredits", String(staked.nanoCredits))]
        case .anomaly(let agent, let rule, let kind):
            [("agent", agent.hex), ("rule", "\(rule)"), ("action", "\(kind)")]
        }
    }
}

extension StopTarget {
    fileprivate var members: [(String, String)] {
        switch self {
        case .agent(let id): [("target", "agent"), ("agent", id.hex)]
        case .fleet: [("target", "fleet")]
        case .chain: [("target", "chain")]
        }
    }
}
