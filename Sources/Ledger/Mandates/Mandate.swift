// A mandate: what a person lets an agent spend in their name, and what is passed on of it.
import Cryptography
import Primitives

public enum MandateKind {}

/// A mandate: the digest of its issuer and a number that the issuer chose.
public typealias MandateID = Bytes32<MandateKind>

extension Bytes32 where Kind == MandateKind {
    private static let domain = HashDomain("althing 2026 mandate v1")

    public init(issuer: AccountID, number: UInt64) {
        var writer = ByteWriter()
        writer.write(issuer)
        writer.write(number)
        self.init(Self.domain.hash(writer.bytes))
    }
}

/// What a mandate allows.
public struct MandateTerms: Hashable, Sendable {
    /// The agent that may use it.
    public var holder: AgentID
    /// For which kinds of action.
    public var scope = KindSet()
    /// Over its whole life, with all that is passed on of it.
    public var budget = Amount.zero
    /// To whom, ascending; empty for anybody.
    public var payees: [AccountID] = []
    /// From then on it allows nothing.
    public var expires: Instant
    /// Digest of what it is for, in words.
    public var purpose = Digest()

    public static let mostPayees = 64

    public init(holder: AgentID, expires: Instant) {
        self.holder = holder
        self.expires = expires
    }
}

/// A mandate as it stands.
public struct Mandate: Hashable, Sendable {
    public var id: MandateID
    /// The owner whose money it is.
    public var payer: OwnerID
    /// The owner, or the agent that passed it on.
    public var issuer: AccountID
    /// Zero where the owner itself gave it.
    public var parent: MandateID
    /// Hops from the owner's: 0 for that one.
    public var depth: UInt8
    public var terms: MandateTerms
    /// By the holder and all to whom it passed some on.
    public var spent = Amount.zero
    /// Zero while it is in force; those below it end with it.
    public var revoked = Instant(nanoseconds: 0)

    /// Hops there may be, at most.
    public static let mostDepth: UInt8 = 8

    /// What is left of the budget.
    public var rest: Amount { terms.budget.subtracting(spent) ?? .zero }
}

extension MandateTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(holder)
        writer.write(scope.bits)
        writer.write(budget)
        writer.write(identifiers: payees)
        writer.write(expires)
        writer.write(purpose)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        holder = try reader.read()
        scope = try reader.readKinds()
        budget = try reader.readAmount()
        payees = try reader.readIdentifiers(limit: Self.mostPayees)
        expires = try reader.readInstant()
        purpose = try reader.read()
    }
}

extension Mandate: StateEntry {
    var stateKey: StateKey { .law(.mandate(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(payer)
        writer.write(issuer)
        writer.write(parent)
        writer.write(depth)
        terms.write(to: &writer)
        writer.write(spent)
        writer.write(revoked)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        payer = try reader.read()
        issuer = try reader.read()
        parent = try reader.read()
        depth = try reader.read()
        terms = try MandateTerms(from: &reader)
        spent = try reader.readAmount()
        revoked = try reader.readInstant()
    }
}
