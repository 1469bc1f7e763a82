// What every command asks of whoever gives it: the power it needs, and for which account.
import Primitives

/// Sorts of commands that roles are told apart by.
enum Power: Hashable {
    /// Owners' own: keys, submitters, roles, constitutions, quotas. No role has it.
    case owning
    /// Validators'.
    case seating
    /// Guardians'.
    case guarding
    /// Registers and describes agents.
    case enrolling
    /// Gives agents programs and money to run them.
    case deploying
    /// Acts for an account.
    case acting(ActionKind)
}

/// A power, and for whom it is used.
struct Duty: Hashable {
    var power: Power
    /// Nil where it is the owner itself, or nobody that is there yet.
    var account: AccountID?

    init(_ power: Power, for account: AccountID? = nil) {
        (self.power, self.account) = (power, account)
    }

    fileprivate init(_ power: Power, for agent: AgentID) {
        self.init(power, for: AccountID(agent))
    }
}

extension Command {
    /// Without a default: a new command does not compile before somebody says whose it is. More
    /// than one where several things are done at once.
    var duties: [Duty] {
        switch self {
        case .owner: [Duty(.owning)]
        case .agent(let command): [command.duty]
        case .validator: [Duty(.seating)]
        case .law(let command): command.duties
        case .transition(let command): [command.duty]
        }
    }
}

extension AgentCommand {
    fileprivate var duty: Duty {
        switch self {
        case .register: Duty(.enrolling)
        case .update(let agent, _), .setStatus(let agent, _): Duty(.enrolling, for: agent)
        case .setKey: Duty(.owning)
        }
    }
}

extension TransitionCommand {
    fileprivate var duty: Duty {
        switch self {
        case .register: Duty(.deploying)
        case .spawn(let spawn): Duty(.deploying, for: spawn.agent)
        case .deposit(let agent, _), .withdraw(let agent, _), .end(let agent):
            Duty(.deploying, for: agent)
        case .submit(let transition):
            Duty(.acting(.transition), for: transition.signed.header.agent)
        case .series(let series): Duty(.acting(.transition), for: series.agent)
        case .show(let agent, _, _), .abandonCall(let agent): Duty(.acting(.transition), for: agent)
        case .report: Duty(.acting(.accuse))
        }
    }
}

extension LawCommand {
    fileprivate var duties: [Duty] {
        switch self {
        case .transfer, .mandate(.delegate), .task, .stake, .offer, .auction, .licence, .team,
            .quote, .cover:
            actingDuties
        case .enact, .limit, .grantRole, .revokeRole: [Duty(.owning)]
        case .mandate(.issue): [Duty(.acting(.delegate))]
        case .mandate(.revoke(let account, _)): [Duty(.acting(.delegate), for: account)]
        case .approve, .refuse, .rule, .release: [Duty(.guarding)]
        case .stop(let target), .resume(let target):
            [Duty(target == .chain ? .seating : .guarding)]
        case .voteFee: [Duty(.seating)]
        }
    }

    /// Of a batch, those of its entries too.
    private var actingDuties: [Duty] {
        guard case .action(let action) = intent else { return [Duty(.owning)] }
        var kinds = KindSet(action.kind)
        if case .task(.batch(let batch)) = self {
            for case .move(_, let move) in batch.entries { kinds.insert(move.kind) }
        }
        return kinds.kinds.map { Duty(.acting($0), for: action.account) }
    }
}
