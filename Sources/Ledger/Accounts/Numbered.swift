// What an account names by a number of its own: tasks, mandates, offers and quotes.
import Cryptography
import Primitives

/// A kind of identifiers that are the digest of an account and a number that it chose.
public protocol NumberedKind {
    /// Apart for each kind, so that one number can name one thing of each.
    static var domain: HashDomain { get }
}

extension Bytes32 where Kind: NumberedKind {
    /// What `account` named by `number`: `docs/spec/ledger.md` §12, §16, §19, §21, `tasks.md` §1.
    public init(of account: AccountID, number: UInt64) {
        var writer = ByteWriter()
        writer.write(account)
        writer.write(number)
        self.init(Kind.domain.hash(writer.bytes))
    }
}
