// An account: what an owner or an agent has, and the supply that a chain starts with.
import Cryptography
import Primitives

public enum AccountKind {}

/// Who has an account: the identifier of an owner or of an agent, or `fees`.
public typealias AccountID = Bytes32<AccountKind>

extension Bytes32 where Kind == AccountKind {
    /// Where market fees go.
    public static let fees = AccountID(HashDomain("althing 2026 fee account v1").hash([]))
}

/// What somebody has and may spend.
public struct Account: Hashable, Sendable {
    public var id: AccountID
    public var balance: Amount
}

/// All money of a chain: it is there from the start and only moves.
public enum Supply {
    /// 10^9 credits.
    public static let total = Amount(nanoCredits: 1_000_000_000_000_000_000)

    /// What the owner that the key of a seat of the genesis gives holds at the start: equal
    /// parts, and the first seat what is left over.
    static func share(ofSeat seat: Int, of count: Int) -> Amount {
        guard count > 0 else { return .zero }
        let (part, rest) = total.nanoCredits.quotientAndRemainder(
            dividingBy: UInt128(count))
        return Amount(nanoCredits: part + (seat == 0 ? rest : 0))
    }
}

extension EpochCommittee {
    /// What the owners hold whom the keys of these seats give, if this is the first committee.
    var endowments: [AccountID: Amount] {
        var shares: [AccountID: Amount] = [:]
        for (seat, member) in members.enumerated() {
            let id = AccountID(OwnerID(firstKey: member.key))
            shares[id] = Supply.share(ofSeat: seat, of: members.count)
        }
        return shares
    }
}

extension Account: StateEntry {
    var stateKey: StateKey { .law(.account(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(balance)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        balance = try reader.readAmount()
    }
}
