// How an action is judged before its chapter sees it, and the switch over the chapters of the law.
import Primitives

/// Who gives a command.
struct Signer {
    var owner: OwnerID
    var key: PublicKey
}

extension ExecutionState {
    /// Carries out a command of the law or the market.
    mutating func carryOut(
        _ command: LawCommand, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        if case .action(let action) = command.intent { try judge(action, by: signer, at: time) }
        return try perform(command, by: signer, at: time)
    }

    /// Everything that must hold before an action.
    private func judge(
        _ action: Action, by signer: Signer, at time: Instant
    ) throws(LawFailure) {
        do {
            _ = try standing(of: signer.key, for: action.account, owner: signer.owner)
        } catch { throw .standing(error) }
    }

    /// The switch over the chapters; the law was asked before.
    private mutating func perform(
        _ command: LawCommand, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        switch command {
        case .transfer(let move):
            do {
                try transfer(move.amount, from: move.from, to: move.to)
                return .transferred(from: move.from, to: move.to, move.amount)
            } catch { throw .accounts(error) }
        }
    }
}
