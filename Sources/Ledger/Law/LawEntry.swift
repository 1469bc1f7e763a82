// One entry of the law or the market with its value, and what a state must offer to hold them.
import Primitives

/// An entry of the law or the market.
enum LawEntry: Sendable {
    case account(Account)

    private var content: any StateEntry {
        switch self {
        case .account(let entry): entry
        }
    }

    var stateKey: StateKey { content.stateKey }
    var encoded: [UInt8] { content.encoded }

    init(decoding bytes: [UInt8], kind: LawKind) throws(DecodingFailure) {
        switch kind {
        case .account: self = .account(try Account(decoding: bytes))
        }
    }
}

/// A state that holds such entries by their keys.
///
/// The slices of the chapters are met by the extensions below, once for every such state.
protocol LawStore {
    func law(_ key: LawKey) -> LawEntry?
    mutating func setLaw(_ key: LawKey, to entry: LawEntry)
    mutating func removeLaw(_ key: LawKey)
    /// What an account holds before its first entry.
    func endowment(of id: AccountID) -> Amount
}

extension LawStore {
    func account(_ id: AccountID) -> Account {
        if case .account(let entry)? = law(.account(id)) { return entry }
        return Account(id: id, balance: endowment(of: id))
    }

    mutating func set(_ account: Account) {
        setLaw(.account(account.id), to: .account(account))
    }
}
