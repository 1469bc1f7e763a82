// The teams chapter: forming, joining, leaving and dissolving, and the division of what tasks pay
// (docs/spec/ledger.md §20).
import Primitives

/// Why a team does not change. Checks are made in this order.
public enum TeamFailure: Error, Hashable, Sendable {
    /// The account leads a team already.
    case alreadyLeads
    case invalidTerms
    /// A member is no owner and no agent.
    case accountUnknown(AccountID)
    case teamUnknown
    case notMember
    case alreadyJoined
    /// The team is another than the one agreed to.
    case wrongAgreement(Digest)
    /// It works on so many tasks.
    case busy(UInt64)
}

/// The slice of state this chapter reads and writes.
protocol TeamsState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func team(_ lead: AccountID) -> Team?
    func division(_ task: PostedTaskID) -> Division?
    mutating func set(_ team: Team)
    mutating func set(_ division: Division)
    mutating func removeTeam(_ lead: AccountID)
}

extension TeamsState {
    /// - Returns: the team as it stands then; without members where it is no more.
    mutating func apply(
        _ command: TeamCommand, at time: Instant
    ) throws(TeamFailure) -> Team {
        switch command {
        case .form(let lead, let members):
            guard team(lead) == nil else { throw .alreadyLeads }
            let team = Team(lead: lead, members: members, since: time)
            guard team.isValid else { throw .invalidTerms }
            for member in members
            where owner(OwnerID(member.account)) == nil
                && agent(AgentID(member.account)) == nil
            {
                throw .accountUnknown(member.account)
            }
            set(team)
            return team
        case .join(let member, let lead, let agreement):
            return try join(lead, by: member, agreement)
        case .leave(let member, let lead): return try leave(lead, by: member)
        case .dissolve(let lead):
            var team = try idle(lead)
            removeTeam(lead)
            team.members = []
            return team
        }
    }

    private mutating func join(
        _ lead: AccountID, by member: AccountID, _ agreement: Digest
    ) throws(TeamFailure) -> Team {
        guard var team = team(lead) else { throw .teamUnknown }
        guard let place = team.members.firstIndex(where: { $0.account == member }) else {
            throw .notMember
        }
        guard !team.members[place].hasJoined else { throw .alreadyJoined }
        guard agreement == team.agreement else { throw .wrongAgreement(team.agreement) }
        team.members[place].hasJoined = true
        set(team)
        return team
    }

    private mutating func leave(
        _ lead: AccountID, by member: AccountID
    ) throws(TeamFailure) -> Team {
        guard let old = team(lead) else { throw .teamUnknown }
        guard old.members.contains(where: { $0.account == member }) else { throw .notMember }
        var team = try idle(lead)
        team.members.removeAll { $0.account == member }
        if team.members.isEmpty { removeTeam(lead) } else { set(team) }
        return team
    }

    /// A team that works on nothing.
    private func idle(_ lead: AccountID) throws(TeamFailure) -> Team {
        guard let team = team(lead) else { throw .teamUnknown }
        guard team.openTasks == 0 else { throw .busy(team.openTasks) }
        return team
    }
}

// What a task makes of the team of its worker.
extension TeamsState {
    /// The members that get a part of what a worker earns with new tasks.
    func partners(of worker: AccountID) -> [AccountID] {
        guard let team = team(worker), team.isFormed else { return [] }
        return team.members.map(\.account)
    }

    /// A worker was given a task: if it leads a team, the pay is to be divided.
    mutating func enlist(for task: PostedTask) {
        guard var team = team(task.worker), team.isFormed else { return }
        team.count(isBegun: true)
        set(team)
        set(Division(of: task.id, among: team))
    }

    /// The payouts of a move, with wages taken apart, and the division after it.
    func divided(
        _ payouts: [Payout], of task: PostedTaskID
    ) -> (payouts: [Payout], division: Division?) {
        guard var division = division(task), division.isOpen else { return (payouts, nil) }
        var parts: [Payout] = []
        for payout in payouts {
            parts += payout.isWage ? division.divide(payout.amount) : [payout]
        }
        return (parts, division)
    }

    /// A worker is out of a task, or the task has ended.
    mutating func disband(_ division: Division) {
        var division = division
        division.isOpen = false
        set(division)
        guard var team = team(division.lead) else { return }
        team.count(isBegun: false)
        set(team)
    }
}
