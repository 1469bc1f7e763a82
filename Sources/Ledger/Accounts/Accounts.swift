// The accounts chapter: money moves from one account to another and nowhere else.
import Primitives

/// The slice of state this chapter reads and writes.
protocol AccountsState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func account(_ id: AccountID) -> Account
    mutating func set(_ account: Account)
}

/// Moves money from an account, or under a mandate from that of the mandate's payer.
public struct Transfer: Hashable, Sendable {
    /// Who acts: the owner that gives the command, or an agent of it.
    public var from: AccountID
    public var to: AccountID
    public var amount: Amount
    /// Zero for none.
    public var mandate: MandateID

    public init(
        from: AccountID, to: AccountID, amount: Amount, mandate: MandateID = MandateID()
    ) {
        self.from = from
        self.to = to
        self.amount = amount
        self.mandate = mandate
    }
}

/// Why money does not move. The checks are made in this order.
public enum AccountsFailure: Error, Hashable, Sendable {
    case zeroAmount
    /// Payer and receiver are one.
    case sameAccount
    /// The receiver is no owner, no agent and not `fees`.
    case receiverUnknown
    case insufficient(balance: Amount)
    /// The receiver's balance would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

extension AccountsState {
    /// Whether money may be sent there, so that none is lost to a slip.
    func isAccount(_ id: AccountID) -> Bool {
        owner(OwnerID(id)) != nil || agent(AgentID(id)) != nil || id == .fees
    }

    /// Moves `amount` from `payer` to `receiver`.
    mutating func transfer(
        _ amount: Amount, from payer: AccountID, to receiver: AccountID
    ) throws(AccountsFailure) {
        guard amount > .zero else { throw .zeroAmount }
        guard payer != receiver else { throw .sameAccount }
        guard isAccount(receiver) else { throw .receiverUnknown }
        var (source, target) = (account(payer), account(receiver))
        try source.withdraw(amount)
        try target.deposit(amount)
        set(source)
        set(target)
    }

    /// Pays a price, of which the market takes its fee. Payer and seller may be one, under a
    /// mandate; nothing is written before all sums are known.
    mutating func pay(
        _ price: Amount, from payer: AccountID, to seller: AccountID, less fee: MarketFee
    ) throws(AccountsFailure) {
        var accounts = [account(payer)]
        try accounts[0].withdraw(price)
        let charge = fee.of(price)
        let parts = [(seller, price.subtracting(charge) ?? .zero), (AccountID.fees, charge)]
        for (receiver, amount) in parts where amount > .zero {
            if let place = accounts.firstIndex(where: { $0.id == receiver }) {
                try accounts[place].deposit(amount)
            } else {
                var target = account(receiver)
                try target.deposit(amount)
                accounts.append(target)
            }
        }
        for account in accounts { set(account) }
    }
}

extension Account {
    mutating func withdraw(_ amount: Amount) throws(AccountsFailure) {
        guard let rest = balance.subtracting(amount) else {
            throw .insufficient(balance: balance)
        }
        balance = rest
    }

    mutating func deposit(_ amount: Amount) throws(AccountsFailure) {
        guard let sum = balance.adding(amount) else { throw .overflow }
        balance = sum
    }
}
