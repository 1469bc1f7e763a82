// The approvals chapter: an action waits until m of n guardians agree, is refused, or expires.
import Primitives

/// The slice of state this chapter reads and writes.
protocol ApprovalsState {
    func constitution(_ agent: AgentID) -> Constitution?
    func conduct(_ agent: AgentID) -> Conduct?
    func approval(_ id: Digest) -> Approval?
    mutating func set(_ conduct: Conduct)
    mutating func set(_ approval: Approval)
    mutating func remove(_ approval: Approval)
}

/// Why nothing is asked, approved or refused. The checks are made in this order, after those of
/// `GuardFailure`.
public enum ApprovalFailure: Error, Hashable, Sendable {
    /// The constitution wants approval and names nobody who could give it.
    case noGuardians
    case tooManyWaiting
    case tooLong
    case approvalUnknown
    case expired
    /// The agent's owner may refuse; only guardians approve.
    case notGuardian
    case alreadyAgreed
}

extension ApprovalsState {
    /// Keeps an action until it is approved.
    mutating func request(
        _ approval: Approval, under law: Constitution, conduct: Conduct
    ) throws(ApprovalFailure) {
        guard !law.guardians.isEmpty else { throw .noGuardians }
        guard conduct.waiting < Conduct.mostWaiting else { throw .tooManyWaiting }
        guard approval.command.count <= Approval.mostBytes else { throw .tooLong }
        var conduct = conduct
        conduct.waiting += 1
        set(conduct)
        set(approval)
    }

    /// The request with `person` among those who agreed.
    ///
    /// - Returns: also whether that is enough.
    func agreed(
        to approval: Approval, by person: OwnerID, at time: Instant
    ) throws(ApprovalFailure) -> (Approval, isEnough: Bool) {
        guard time < approval.expires else { throw .expired }
        guard let law = constitution(approval.agent), law.guardians.contains(person) else {
            throw .notGuardian
        }
        guard !approval.agreed.contains(person) else { throw .alreadyAgreed }
        var approval = approval
        approval.agreed = (approval.agreed.filter(law.guardians.contains) + [person]).sorted()
        return (approval, approval.agreed.count >= Int(law.approvals.threshold))
    }

    /// Ends a request.
    mutating func close(_ approval: Approval) {
        remove(approval)
        guard var conduct = conduct(approval.agent) else { return }
        conduct.waiting -= min(conduct.waiting, 1)
        set(conduct)
    }
}
