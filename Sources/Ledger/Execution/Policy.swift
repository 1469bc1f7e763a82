// What the law would say to a command now, without carrying it out.
import Primitives

/// What the law says to a command that it does not refuse.
public enum PolicyVerdict: Hashable, Sendable {
    /// People's own affair: the command's chapter says who may.
    case administration
    /// It is given to its chapter.
    case allowed
    /// It would wait for guardians.
    case waits
    /// It would not be done, and its agent put into safe mode.
    case unusual(AnomalyRule)
}

extension LedgerState {
    /// Judges a command as `docs/spec/ledger.md` §10 says, and changes nothing.
    ///
    /// - Throws: the first check that fails; what the command's chapter checks is not looked at.
    public func policy(
        for command: LawCommand, owner: OwnerID, key: PublicKey, at time: Instant
    ) throws(LawFailure) -> PolicyVerdict {
        let signer = try admitted(.law(command), by: Signer(owner: owner, key: key))
        guard case .action(let action) = command.intent else { return .administration }
        return switch try judge(action, by: signer, at: time, approved: .no) {
        case .free, .lawful: .allowed
        case .waits: .waits
        case .unusual(let finding, _): .unusual(finding.rule)
        }
    }
}
