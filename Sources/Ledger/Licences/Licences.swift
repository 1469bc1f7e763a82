// The licences chapter: offering, buying, renewing and passing on the right to use content or a
// model (docs/spec/ledger.md §19).
import Primitives

/// Why nothing is offered, bought or passed on. Checks are made in this order.
public enum LicenceFailure: Error, Hashable, Sendable {
    case numberUsed
    case invalidTerms
    case offerUnknown
    case licenceUnknown
    /// The offer is another's.
    case notSeller
    /// The licence is another's.
    case notHolder
    /// The seller sells no more.
    case notListed
    /// It lasts for ever.
    case forEver
    /// It has ended: it is bought anew.
    case expired
    case notTransferable
    /// The offer is not of the seller that the command names.
    case wrongSeller
    /// The price is not this one.
    case wrongPrice(Amount)
    /// Who gets it is the seller, or has it.
    case sameAccount
    /// The receiver is no owner and no agent.
    case receiverUnknown
    /// The licence with that serial number still holds.
    case inForce
    /// As many serial numbers are given as there may be.
    case soldOut
    case insufficient(balance: Amount)
    /// A sum would pass its range, which the supply does not let happen.
    case overflow
}

/// The slice of state this chapter reads and writes.
protocol LicencesState: AccountsState {
    func licenceOffer(_ id: LicenceOfferID) -> LicenceOffer?
    func licence(_ id: LicenceID) -> Licence?
    var marketRules: MarketRules { get }
    mutating func set(_ offer: LicenceOffer)
    mutating func set(_ licence: Licence)
}

/// What changed.
enum LicenceChange {
    case offer(LicenceOffer)
    case licence(Licence)
}

extension LicencesState {
    /// - Parameter payer: who pays, where something is paid.
    mutating func apply(
        _ command: LicenceCommand, paidBy payer: AccountID, at time: Instant
    ) throws(LicenceFailure) -> LicenceChange {
        switch command {
        case .offer(let seller, let number, let terms):
            .offer(try offer(terms, number: number, by: seller))
        case .withdraw(let seller, let id): .offer(try withdraw(id, by: seller))
        case .buy(let purchase): .licence(try buy(purchase, paidBy: payer, at: time))
        case .renew(let holder, let id, let payment):
            .licence(try renew(id, by: holder, payment, paidBy: payer, at: time))
        case .transfer(let holder, let id, let receiver):
            .licence(try transfer(id, by: holder, to: receiver, at: time))
        }
    }

    private mutating func offer(
        _ terms: LicenceTerms, number: UInt64, by seller: AccountID
    ) throws(LicenceFailure) -> LicenceOffer {
        let id = LicenceOfferID(of: seller, number: number)
        guard licenceOffer(id) == nil else { throw .numberUsed }
        guard terms.isValid else { throw .invalidTerms }
        let offer = LicenceOffer(id: id, seller: seller, terms: terms)
        set(offer)
        return offer
    }

    private mutating func withdraw(
        _ id: LicenceOfferID, by seller: AccountID
    ) throws(LicenceFailure) -> LicenceOffer {
        guard var offer = licenceOffer(id) else { throw .offerUnknown }
        guard offer.seller == seller else { throw .notSeller }
        guard offer.isListed else { throw .notListed }
        offer.isListed = false
        set(offer)
        return offer
    }

    private mutating func buy(
        _ purchase: LicencePurchase, paidBy payer: AccountID, at time: Instant
    ) throws(LicenceFailure) -> Licence {
        guard var offer = licenceOffer(purchase.offer) else { throw .offerUnknown }
        try check(purchase.payment, for: offer)
        guard purchase.buyer != offer.seller else { throw .sameAccount }
        let serial: UInt64
        if purchase.serial == 0 {
            guard offer.terms.most == 0 || offer.serials < offer.terms.most else { throw .soldOut }
            let (next, overflow) = offer.serials.addingReportingOverflow(1)
            guard !overflow else { throw .overflow }
            (serial, offer.serials) = (next, next)
        } else {
            serial = purchase.serial
            guard let old = licence(LicenceID(offer: offer.id, serial: serial)) else {
                throw .licenceUnknown
            }
            guard !old.holds(at: time) else { throw .inForce }
        }
        try pay(offer, paidBy: payer)
        let licence = Licence(serial, of: offer, holder: purchase.buyer, at: time)
        set(offer)
        set(licence)
        return licence
    }

    private mutating func renew(
        _ id: LicenceID, by holder: AccountID, _ payment: Payment, paidBy payer: AccountID,
        at time: Instant
    ) throws(LicenceFailure) -> Licence {
        var licence = try own(id, of: holder)
        guard let offer = licenceOffer(licence.offer) else { throw .offerUnknown }
        guard !licence.isForEver else { throw .forEver }
        guard licence.holds(at: time) else { throw .expired }
        try check(payment, for: offer)
        guard holder != offer.seller else { throw .sameAccount }
        try pay(offer, paidBy: payer)
        licence.until = offer.terms.end(from: licence.until)
        set(licence)
        return licence
    }

    private mutating func transfer(
        _ id: LicenceID, by holder: AccountID, to receiver: AccountID, at time: Instant
    ) throws(LicenceFailure) -> Licence {
        var licence = try own(id, of: holder)
        guard licence.holds(at: time) else { throw .expired }
        guard licence.isTransferable else { throw .notTransferable }
        guard receiver != holder else { throw .sameAccount }
        guard owner(OwnerID(receiver)) != nil || agent(AgentID(receiver)) != nil else {
            throw .receiverUnknown
        }
        licence.holder = receiver
        set(licence)
        return licence
    }

    private func own(_ id: LicenceID, of holder: AccountID) throws(LicenceFailure) -> Licence {
        guard let licence = licence(id) else { throw .licenceUnknown }
        guard licence.holder == holder else { throw .notHolder }
        return licence
    }

    private func check(
        _ payment: Payment, for offer: LicenceOffer
    ) throws(LicenceFailure) {
        guard offer.isListed else { throw .notListed }
        guard payment.payee == offer.seller else { throw .wrongSeller }
        guard payment.price == offer.terms.price else { throw .wrongPrice(offer.terms.price) }
    }

    private mutating func pay(
        _ offer: LicenceOffer, paidBy payer: AccountID
    ) throws(LicenceFailure) {
        do {
            try pay(offer.terms.price, from: payer, to: offer.seller, less: marketRules.fee)
        } catch {
            switch error {
            case .insufficient(let balance): throw .insufficient(balance: balance)
            case .zeroAmount, .sameAccount, .receiverUnknown, .overflow: throw .overflow
            }
        }
    }
}
