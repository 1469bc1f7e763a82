// A mandate: what a person lets an agent spend in their name, and what is passed on of it.
import Cryptography
import Primitives

public enum MandateKind: NumberedKind {
    public static let domain = HashDomain("althing 2026 mandate v1")
}

/// A mandate: the digest of its issuer and a number that the issuer chose.
public typealias MandateID = Bytes32<MandateKind>

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
///
/// What was given never changes and is shared: an action is held against every mandate above the
/// one that it names, and spending copies none of their terms.
public struct Mandate: Hashable, Sendable {
    private let given: Given
    /// By the holder and all to whom it passed some on.
    public var spent = Amount.zero
    /// Zero while it is in force; those below it end with it.
    public var revoked = Instant(nanoseconds: 0)

    /// Hops there may be, at most.
    public static let mostDepth: UInt8 = 8

    init(
        id: MandateID, issuer: MandateIssuer, parent: MandateID, depth: UInt8,
        terms: MandateTerms
    ) {
        given = Given(id, issuer, parent, depth, terms)
    }

    public var id: MandateID { given.id }
    /// The owner whose money it is.
    public var payer: OwnerID { given.issuer.payer }
    /// The owner, or the agent that passed it on.
    public var issuer: AccountID { given.issuer.account }
    /// Zero where the owner itself gave it.
    public var parent: MandateID { given.parent }
    /// Hops from the owner's: 0 for that one.
    public var depth: UInt8 { given.depth }
    public var terms: MandateTerms { given.terms }

    /// What is left of the budget.
    public var rest: Amount { given.terms.budget.subtracting(spent) ?? .zero }

    private final class Given: Hashable, Sendable {
        let id: MandateID
        let issuer: MandateIssuer
        let parent: MandateID
        let depth: UInt8
        let terms: MandateTerms

        init(
            _ id: MandateID, _ issuer: MandateIssuer, _ parent: MandateID, _ depth: UInt8,
            _ terms: MandateTerms
        ) {
            (self.id, self.issuer, self.parent) = (id, issuer, parent)
            (self.depth, self.terms) = (depth, terms)
        }

        static func == (left: Given, right: Given) -> Bool {
            left === right
                || (left.id == right.id && left.issuer == right.issuer
                    && left.parent == right.parent && left.depth == right.depth
                    && left.terms == right.terms)
        }

        func hash(into hasher: inout Hasher) { hasher.combine(id) }
    }
}

/// Who gave a mandate, and over whose money.
struct MandateIssuer: Hashable {
    var account: AccountID
    var payer: OwnerID
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
        let id: MandateID = try reader.read()
        let payer: OwnerID = try reader.read()
        let issuer = MandateIssuer(account: try reader.read(), payer: payer)
        given = Given(
            id, issuer, try reader.read(), try reader.read(), try MandateTerms(from: &reader))
        spent = try reader.readAmount()
        revoked = try reader.readInstant()
    }
}
