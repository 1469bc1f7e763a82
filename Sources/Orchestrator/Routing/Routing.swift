// How one of several providers is chosen where price does not decide.
import Cryptography
import Ledger
import Primitives

/// How providers are chosen.
public enum RoutingPolicy: UInt8, CaseIterable, Sendable {
    /// The cheapest, by `Matching`.
    case price = 1
    /// The one with the smallest share of its room in use, then the cheaper.
    case leastConnections
    /// The same one for the same key, for as long as it is there.
    case consistentHash
}

/// Highest random weight (Thaler, Ravishankar, IEEE/ACM Trans. Netw. 6, 1998): each pair of key and
/// provider has a hash, and the highest wins. A provider that comes takes keys from the others and
/// one that goes gives its own to them; no other key moves.
public enum ConsistentHash {
    private static let domain = HashDomain("althing 2026 routing v1")

    public static func choose(_ offers: [OfferID], for key: [UInt8]) -> OfferID? {
        offers.max { weight($0, key) < weight($1, key) }
    }

    private static func weight(_ offer: OfferID, _ key: [UInt8]) -> Digest {
        domain.hash(offer.bytes + key)
    }
}
