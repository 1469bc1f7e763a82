// The money of agents' programs: taken from the owner's account, spent on fees, given back.
import Agents
import Primitives

extension TransitionsState {
    mutating func deposit(
        _ amount: UInt64, to agent: Agent
    ) throws(TransitionsFailure) -> Effect {
        var instance = try running(agent.id)
        guard instance.account.takes(amount) else { throw .depositTooLarge }
        try take(amount, from: agent)
        instance.account.deposit += amount
        set(instance)
        return .deposited(agent.id, microCredits: amount)
    }

    mutating func withdraw(
        _ amount: UInt64, from agent: Agent
    ) throws(TransitionsFailure) -> Effect {
        var instance = try running(agent.id)
        guard amount <= instance.account.deposit else {
            throw .withdrawalTooLarge(deposit: instance.account.deposit)
        }
        instance.account.deposit -= amount
        set(instance)
        credit(amount, to: AccountID(agent.owner))
        return .withdrawn(agent.id, microCredits: amount)
    }

    mutating func end(_ agent: Agent) throws(TransitionsFailure) -> Effect {
        var instance = try running(agent.id)
        let rest = instance.account.deposit
        closeCall(of: &instance)
        end(&instance, of: agent)
        set(instance)
        return .agentEnded(agent.id, microCredits: rest)
    }

    /// Ends a program: its deposit comes back to the owner of its agent.
    mutating func end(_ instance: inout AgentInstance, of agent: Agent) {
        credit(instance.account.deposit, to: AccountID(agent.owner))
        instance.account.deposit = 0
        instance.status = .ended
        instance.serving = nil
    }

    /// Drops what an agent waits with, which nobody will answer any more.
    mutating func closeCall(of instance: inout AgentInstance) {
        if let call = instance.call, let approval = approval(call.approval) { close(approval) }
        instance.call = nil
    }

    /// Takes a deposit from the account of an agent's owner.
    mutating func take(_ amount: UInt64, from agent: Agent) throws(TransitionsFailure) {
        guard amount > 0 else { return }
        var account = account(AccountID(agent.owner))
        do {
            try account.withdraw(Amount(microCredits: amount))
        } catch { throw .insufficient(balance: account.balance) }
        set(account)
    }

    /// Pays an account out of a deposit.
    mutating func credit(_ amount: UInt64, to id: AccountID) {
        guard amount > 0 else { return }
        var account = account(id)
        // All there is fits in one account: the supply is far below 2^128.
        let sum = account.balance.adding(Amount(microCredits: amount))
        account.balance = sum ?? Amount(nanoCredits: .max)
        set(account)
    }
}

extension Amount {
    init(microCredits: UInt64) {
        self.init(nanoCredits: UInt128(microCredits) * 1_000)
    }
}

extension InstanceAccount {
    /// Whether the deposit can grow by `amount`.
    func takes(_ amount: UInt64) -> Bool {
        amount <= Self.mostDeposit - min(deposit, Self.mostDeposit)
    }
}
