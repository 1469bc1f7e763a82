// How challenges of a task ended before, as its history tells: for one that starts again.
import Ledger

/// What was done about challenges of a task, and was carried out.
public enum ChallengeDeed: Hashable, Sendable {
    case challenged(by: AccountID)
    /// The worker took the step in dispute before the ledger.
    case shown
    /// Somebody was silent in its turn.
    case expired
}

extension ChallengeDeed {
    /// Whether a challenge by `account` was heard: it is under way, or the worker stood its ground.
    /// One that was lost because the challenger was silent was not.
    ///
    /// - Parameter history: the newest first.
    public static func isHeard(by account: AccountID, in history: [ChallengeDeed]) -> Bool {
        // The first after the challenge is what ended it.
        var end: ChallengeDeed?
        for deed in history {
            switch deed {
            case .shown, .expired: end = deed
            case .challenged(by: account): return end != .expired
            // The end was that of somebody else's challenge.
            case .challenged: end = nil
            }
        }
        return false
    }
}
