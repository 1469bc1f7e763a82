// One of each command and each entry of licences, for the tests of encodings.
import Primitives

@testable import Ledger

enum MarketSamples {
    private static let scout = World.scoutAccount
    private static let mandate = MandateID(issuer: World.adaAccount, number: 1)

    static var commands: [LawCommand] { licences.map(LawCommand.licence) }
    static var entries: [(LawKey, LawEntry)] { licenceEntries }

    // Licences.

    private static let offerID = LicenceOfferID(seller: World.boAccount, number: 1)
    private static let payment = LicencePrice(
        seller: World.boAccount, price: .credits(2), mandate: mandate)

    private static var terms: LicenceTerms {
        var terms = LicenceTerms(
            name: "orð", content: Digest(repeating: 1), wording: Digest(repeating: 2),
            price: .credits(2))
        (terms.days, terms.most, terms.isTransferable) = (30, 7, true)
        return terms
    }

    private static var licences: [LicenceCommand] {
        let id = LicenceID(offer: offerID, serial: 3)
        return [
            .offer(by: scout, number: 1, terms),
            .withdraw(by: scout, LicenceOfferID(seller: scout, number: 1)),
            .buy(LicencePurchase(by: scout, offerID, serial: 3, payment)),
            .renew(by: scout, id, payment), .transfer(by: scout, id, to: World.otherAccount),
        ]
    }

    private static var licenceEntries: [(LawKey, LawEntry)] {
        var offer = LicenceOffer(id: offerID, seller: World.boAccount, terms: terms)
        (offer.isListed, offer.serials) = (false, 5)
        let licence = Licence(3, of: offer, holder: scout, at: World.time)
        return [
            (.licenceOffer(offer.id), .licenceOffer(offer)), (.licence(licence.id), .licence(licence)),
        ]
    }
}
