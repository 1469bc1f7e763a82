// The names of the entries of the law and the market: a kind and up to two identifiers
// (docs/spec/ledger.md §11).
import Primitives

/// What sort of entry it is; the number is the first byte of its key.
public enum LawKind: UInt8, CaseIterable, Sendable {
    case account = 32
    case constitution
    case conduct
    case anomaly
    case mandate
    case approval
    case rulings
    case fleetStop
    case chainStop
    case task
    case stake
    case offer
    case auction
    case marketRules
    case licenceOffer
    case licence
    case team
    case division
    case quote
    case cover
    /// Numbers to 55 are left to the chapters above.
    case quota = 56
    case roles

    /// Identifiers of 32 bytes after the number.
    var identifiers: Int { self == .chainStop || self == .marketRules ? 0 : 1 }
}

/// Where an entry of the law or the market lives.
public struct LawKey: Hashable, Sendable {
    public let kind: LawKind
    /// Zero where the kind has no identifier.
    public let identifier: Digest

    private init(_ kind: LawKind, _ identifier: Digest) {
        self.kind = kind
        self.identifier = identifier
    }

    public static func account(_ id: AccountID) -> LawKey { LawKey(.account, Digest(id)) }
    public static func constitution(_ id: AgentID) -> LawKey {
        LawKey(.constitution, Digest(id))
    }
    public static func conduct(_ id: AgentID) -> LawKey { LawKey(.conduct, Digest(id)) }
    public static func anomaly(_ id: AgentID) -> LawKey { LawKey(.anomaly, Digest(id)) }
    public static func mandate(_ id: MandateID) -> LawKey { LawKey(.mandate, Digest(id)) }
    public static func approval(_ id: Digest) -> LawKey { LawKey(.approval, id) }
    public static func rulings(_ id: AgentID) -> LawKey { LawKey(.rulings, Digest(id)) }
    public static func fleetStop(_ id: OwnerID) -> LawKey { LawKey(.fleetStop, Digest(id)) }
    public static func task(_ id: PostedTaskID) -> LawKey { LawKey(.task, Digest(id)) }
    public static func stake(_ id: AccountID) -> LawKey { LawKey(.stake, Digest(id)) }
    public static func offer(_ id: OfferID) -> LawKey { LawKey(.offer, Digest(id)) }
    public static func auction(_ id: PostedTaskID) -> LawKey { LawKey(.auction, Digest(id)) }
    public static func licenceOffer(_ id: LicenceOfferID) -> LawKey {
        LawKey(.licenceOffer, Digest(id))
    }
    public static func licence(_ id: LicenceID) -> LawKey { LawKey(.licence, Digest(id)) }
    public static func team(_ lead: AccountID) -> LawKey { LawKey(.team, Digest(lead)) }
    public static func division(_ id: PostedTaskID) -> LawKey { LawKey(.division, Digest(id)) }
    public static func quote(_ id: QuoteID) -> LawKey { LawKey(.quote, Digest(id)) }
    public static func cover(_ id: CoverID) -> LawKey { LawKey(.cover, Digest(id)) }
    public static func quota(_ id: AccountID) -> LawKey { LawKey(.quota, Digest(id)) }
    public static func roles(_ id: OwnerID) -> LawKey { LawKey(.roles, Digest(id)) }
    public static let chainStop = LawKey(.chainStop, Digest())
    public static let marketRules = LawKey(.marketRules, Digest())

    /// In one piece of whole words: every check of the law looks up many keys.
    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes(of: (identifier, UInt64(kind.rawValue))) { hasher.combine(bytes: $0) }
    }

    var encoded: [UInt8] {
        [kind.rawValue] + (kind.identifiers == 0 ? [] : identifier.bytes)
    }

    /// Nil where the bytes name no entry of these kinds.
    init?(decoding bytes: [UInt8]) {
        guard let first = bytes.first, let kind = LawKind(rawValue: first),
            bytes.count == 1 + 32 * kind.identifiers
        else { return nil }
        self.init(kind, Digest(bytes.dropFirst()) ?? Digest())
    }
}
