// Licences: the right to use content or a model that somebody sells by its digest, and the offers
// that they are bought from.
import Cryptography
import Primitives

public enum LicenceOfferKind: NumberedKind {
    public static let domain = HashDomain("althing 2026 licence offer v1")
}
public enum LicenceKind {}

/// An offer of licences: the digest of its seller and a number that the seller chose.
public typealias LicenceOfferID = Bytes32<LicenceOfferKind>
/// A licence: the digest of its offer and its serial number.
public typealias LicenceID = Bytes32<LicenceKind>

extension Bytes32 where Kind == LicenceKind {
    private static let domain = HashDomain("althing 2026 licence v1")

    public init(offer: LicenceOfferID, serial: UInt64) {
        var writer = ByteWriter()
        writer.write(offer)
        writer.write(serial)
        self.init(Self.domain.hash(writer.bytes))
    }
}

/// What is sold, and how; it never changes.
public struct LicenceTerms: Hashable, Sendable {
    /// A name, as in `docs/spec/ledger.md` §1.
    public var name: String
    /// BLAKE3 of the content, or the identity of a program; not zero.
    public var content: Digest
    /// Digest of what the licence says in words; zero for none.
    public var wording: Digest
    /// Of one term; not zero.
    public var price: Amount
    /// Days that a term lasts, at most `mostDays`; 0 for ever.
    public var days: UInt32 = 0
    /// How many have one at a time, at most; 0 for any number.
    public var most: UInt64 = 0
    /// Whether a holder may pass it on.
    public var isTransferable = false

    public static let mostDays: UInt32 = 36_600

    public init(name: String, content: Digest, wording: Digest = Digest(), price: Amount) {
        (self.name, self.content, self.wording, self.price) = (name, content, wording, price)
    }

    var isValid: Bool {
        isValidName(name) && !content.isZero && price > .zero && days <= Self.mostDays
    }

    /// The end of a term that begins at `time`; zero for none.
    func end(from time: Instant) -> Instant {
        if days == 0 { return Instant(nanoseconds: 0) }
        return time.advanced(byNanoseconds: UInt64(days) * Nanoseconds.perDay)
    }
}

/// An offer of licences as it stands.
public struct LicenceOffer: Hashable, Sendable {
    public var id: LicenceOfferID
    public var seller: AccountID
    public var terms: LicenceTerms
    /// Whether licences are sold and renewed.
    public var isListed = true
    /// The highest serial number that was given.
    public var serials: UInt64 = 0
}

/// A licence as it stands, with all that tells what it allows: the proof of this one entry is
/// enough to show it.
public struct Licence: Hashable, Sendable {
    public var id: LicenceID
    public var offer: LicenceOfferID
    /// From 1.
    public var serial: UInt64
    public var seller: AccountID
    public var holder: AccountID
    public var content: Digest
    public var wording: Digest
    public var from: Instant
    /// It holds before this; zero for ever.
    public var until: Instant
    public var isTransferable: Bool

    init(_ serial: UInt64, of offer: LicenceOffer, holder: AccountID, at time: Instant) {
        id = LicenceID(offer: offer.id, serial: serial)
        (self.offer, self.serial) = (offer.id, serial)
        (seller, self.holder) = (offer.seller, holder)
        (content, wording) = (offer.terms.content, offer.terms.wording)
        (from, until) = (time, offer.terms.end(from: time))
        isTransferable = offer.terms.isTransferable
    }

    /// Whether it has no end.
    public var isForEver: Bool { until.nanoseconds == 0 }
    /// Whether it holds at `time`, if it was given by then.
    public func holds(at time: Instant) -> Bool { isForEver || time < until }
}

/// A command for licences; the account acts.
public enum LicenceCommand: Hashable, Sendable {
    case offer(by: AccountID, number: UInt64, LicenceTerms)
    /// The seller sells no more; what was sold stays.
    case withdraw(by: AccountID, LicenceOfferID)
    case buy(LicencePurchase)
    case renew(by: AccountID, LicenceID, Payment)
    case transfer(by: AccountID, LicenceID, to: AccountID)
}

/// Somebody buys a licence.
public struct LicencePurchase: Hashable, Sendable {
    public var buyer: AccountID
    public var offer: LicenceOfferID
    /// That of a licence that has ended, in whose place the new one comes; 0 for the next.
    public var serial: UInt64
    public var payment: Payment

    public init(
        by buyer: AccountID, _ offer: LicenceOfferID, serial: UInt64 = 0, _ payment: Payment
    ) {
        (self.buyer, self.offer) = (buyer, offer)
        (self.serial, self.payment) = (serial, payment)
    }
}
