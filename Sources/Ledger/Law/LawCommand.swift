// The commands of the law and the market, what comes of them, and why they are refused.
import Primitives

/// A command of one of the chapters of the law or the market.
public enum LawCommand: Hashable, Sendable {
    case transfer(Transfer)
}

/// What came of such a command.
public enum LawEffect: Hashable, Sendable {
    case transferred(from: AccountID, to: AccountID, Amount)
}

/// Why such a command, or a record, is refused.
public enum LawFailure: Error, Hashable, Sendable {
    case standing(StandingFailure)
    case accounts(AccountsFailure)

    /// A stable name: the chapter, a dot, the rule.
    public var name: String {
        let (chapter, rule): (String, any Error) =
            switch self {
            case .standing(let failure): ("standing", failure)
            case .accounts(let failure): ("accounts", failure)
            }
        return "\(chapter).\("\(rule)".prefix { $0 != "(" })"
    }
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
        }
    }
}
