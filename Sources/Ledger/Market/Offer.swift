// Service offers: what somebody does for a price, listed, changed within bounds, and delisted.
import Cryptography
import Primitives

public enum OfferKind: NumberedKind {
    public static let domain = HashDomain("althing 2026 offer v1")
}

/// An offer: the digest of its seller and a number that the seller chose.
public typealias OfferID = Bytes32<OfferKind>

/// What is offered (MKT-3).
public struct OfferTerms: Hashable, Sendable {
    /// A name, as in `docs/spec/ledger.md` §1.
    public var name: String
    /// Not zero.
    public var pricePerUnit: Amount
    /// Units at one time; at least 1.
    public var capacity: UInt64
    /// Of them in use: the seller's word, at most `capacity`.
    public var load: UInt64
    /// Digest of the model; zero for none.
    public var model: Digest
    /// Digest of the schema of the capability; zero for none.
    public var schema = Digest()
    /// Least accuracy in millionths, at most 10^6.
    public var accuracy: UInt32 = 0
    /// What the seller expects to sell in a day.
    public var dailyVolume = Amount.zero

    /// Of the seller's stake, what is bound while the offer is listed: a tenth of the expected
    /// daily volume, rounded up (REP-1).
    public var bond: Amount {
        let (whole, rest) = dailyVolume.nanoCredits.quotientAndRemainder(dividingBy: 10)
        return Amount(nanoCredits: whole + (rest > 0 ? 1 : 0))
    }

    public init(
        name: String, pricePerUnit: Amount, capacity: UInt64, load: UInt64 = 0,
        model: Digest = Digest()
    ) {
        self.name = name
        self.pricePerUnit = pricePerUnit
        self.capacity = capacity
        self.load = load
        self.model = model
    }

    var isValid: Bool {
        isValidName(name) && pricePerUnit > .zero && capacity >= 1 && load <= capacity
            && accuracy <= 1_000_000
    }
}

/// An offer as it stands.
public struct Offer: Hashable, Sendable {
    public var id: OfferID
    public var seller: AccountID
    public var terms: OfferTerms
    public var isListed = true
    /// The price by which the breaker measures, and since when.
    public var reference: Amount
    public var referenceSince: Instant

    /// Nanoseconds for which a reference holds.
    public static let breakerTime = Nanoseconds.perHour
    /// A price may go up to so many times the reference, and down to that part of it.
    static let breakerFactor: UInt128 = 2

    /// Whether the circuit breaker lets the price go there now.
    func allows(_ price: Amount, at time: Instant) -> Bool {
        Self.allows(price, after: reference, since: referenceSince, at: time)
    }

    /// Whether a price may follow one that was the reference since `since`.
    static func allows(
        _ price: Amount, after reference: Amount, since: Instant, at time: Instant
    ) -> Bool {
        if time.nanoseconds(since: since) >= breakerTime { return true }
        let (least, most) = (min(price, reference), max(price, reference))
        // Halved, not doubled: nothing can pass the range.
        let half = most.nanoCredits / breakerFactor + most.nanoCredits % breakerFactor
        return least.nanoCredits >= half
    }
}

/// A command for offers; the account acts.
public enum OfferCommand: Hashable, Sendable {
    case list(by: AccountID, number: UInt64, OfferTerms)
    /// Changes the terms; one that was delisted is listed again.
    case update(by: AccountID, OfferID, OfferTerms)
    case delist(by: AccountID, OfferID)
}

/// Why an offer does not change. Checks are made in this order.
public enum OfferFailure: Error, Hashable, Sendable {
    case numberUsed
    case invalidTerms
    case offerUnknown
    /// It is another's.
    case notSeller
    case notListed
    /// More than twice or less than half of the price of an hour ago or less.
    case breaker(reference: Amount)
    /// The bond is more than what of the seller's stake nothing else binds.
    case stakeTooSmall(free: Amount)
}

/// The slice of state this chapter reads and writes.
protocol OffersState {
    func offer(_ id: OfferID) -> Offer?
    func stake(_ account: AccountID) -> Stake
    mutating func set(_ offer: Offer)
    mutating func set(_ stake: Stake)
}

extension OffersState {
    mutating func apply(
        _ command: OfferCommand, at time: Instant
    ) throws(OfferFailure) -> Offer {
        switch command {
        case .list(let seller, let number, let terms):
            let id = OfferID(of: seller, number: number)
            guard offer(id) == nil else { throw .numberUsed }
            guard terms.isValid else { throw .invalidTerms }
            let offer = Offer(
                id: id, seller: seller, terms: terms, reference: terms.pricePerUnit,
                referenceSince: time)
            try bind(terms.bond, insteadOf: .zero, by: seller)
            set(offer)
            return offer
        case .update(let seller, let id, let terms):
            guard terms.isValid else { throw .invalidTerms }
            var offer = try own(id, of: seller)
            guard offer.allows(terms.pricePerUnit, at: time) else {
                throw .breaker(reference: offer.reference)
            }
            if time.nanoseconds(since: offer.referenceSince) >= Offer.breakerTime {
                (offer.reference, offer.referenceSince) = (terms.pricePerUnit, time)
            }
            let bound = offer.isListed ? offer.terms.bond : .zero
            try bind(terms.bond, insteadOf: bound, by: seller)
            (offer.terms, offer.isListed) = (terms, true)
            set(offer)
            return offer
        case .delist(let seller, let id):
            var offer = try own(id, of: seller)
            guard offer.isListed else { throw .notListed }
            try bind(.zero, insteadOf: offer.terms.bond, by: seller)
            offer.isListed = false
            set(offer)
            return offer
        }
    }

    private mutating func bind(
        _ bond: Amount, insteadOf old: Amount, by seller: AccountID
    ) throws(OfferFailure) {
        guard bond != old else { return }
        var stake = stake(seller)
        stake.bind(old, isBound: false)
        guard bond == .zero || bond <= stake.free else { throw .stakeTooSmall(free: stake.free) }
        stake.bind(bond, isBound: true)
        set(stake)
    }

    private func own(_ id: OfferID, of seller: AccountID) throws(OfferFailure) -> Offer {
        guard let offer = offer(id) else { throw .offerUnknown }
        guard offer.seller == seller else { throw .notSeller }
        return offer
    }
}

extension OfferTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(pricePerUnit)
        writer.write(capacity)
        writer.write(load)
        writer.write(model)
        writer.write(schema)
        writer.write(accuracy)
        writer.write(dailyVolume)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        name = try reader.readText(limit: Limits.nameBytes)
        pricePerUnit = try reader.readAmount()
        capacity = try reader.read()
        load = try reader.read()
        model = try reader.read()
        schema = try reader.read()
        accuracy = try reader.read()
        dailyVolume = try reader.readAmount()
    }
}

extension Offer: StateEntry {
    var stateKey: StateKey { .law(.offer(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(seller)
        terms.write(to: &writer)
        writer.write(UInt8(isListed ? 1 : 0))
        writer.write(reference)
        writer.write(referenceSince)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        seller = try reader.read()
        terms = try OfferTerms(from: &reader)
        isListed = try reader.readFlag()
        reference = try reader.readAmount()
        referenceSince = try reader.readInstant()
    }
}

extension OfferCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .list(let account, let number, let terms):
            writer.write(account)
            writer.write(number)
            terms.write(to: &writer)
        case .update(let account, let id, let terms):
            writer.write(account)
            writer.write(id)
            terms.write(to: &writer)
        case .delist(let account, let id):
            writer.write(account)
            writer.write(id)
        }
    }
}
