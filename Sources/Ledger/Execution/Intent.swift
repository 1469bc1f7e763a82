// What a command is to the law: administration by people, or an action that the law judges.
import Primitives

/// Something done for an account that moves money or binds somebody.
struct Action: Hashable, Sendable {
    /// For whom: an owner or an agent.
    var account: AccountID
    var kind: ActionKind
    var value = Amount.zero
    /// Who gets the value, where the command says it.
    var counterparty: AccountID?
    /// Under which the money of another is spent; zero for none.
    var mandate = MandateID()
}

/// What a command is to the law.
enum Intent: Hashable, Sendable {
    /// Owners look after keys, agents and limits, guardians after actions, validators after seats:
    /// their chapters say who may, and the limits of agents do not bind them.
    case administration
    case action(Action)
}

extension Command {
    /// Without a default: a new command does not compile before somebody says what it is.
    var intent: Intent {
        switch self {
        case .owner, .agent, .validator: .administration
        case .law(let command): command.intent
        }
    }
}

extension LawCommand {
    var intent: Intent {
        switch self {
        case .transfer(let transfer):
            .action(
                Action(
                    account: transfer.from, kind: .transfer, value: transfer.amount,
                    counterparty: transfer.to, mandate: transfer.mandate))
        case .mandate(.delegate(let agent, _, _, let terms)):
            .action(
                Action(
                    account: AccountID(agent), kind: .delegate,
                    counterparty: AccountID(terms.holder)))
        case .enact, .mandate(.issue), .mandate(.revoke), .approve, .refuse, .rule, .stop,
            .resume, .release:
            .administration
        }
    }
}
