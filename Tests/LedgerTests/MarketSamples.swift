// One of each command and entry of licences, teams, quotes and covers, for tests of encodings.
import Primitives

@testable import Ledger

enum MarketSamples {
    private static let scout = World.scoutAccount
    static var commands: [LawCommand] {
        licences.map(LawCommand.licence) + teams.map(LawCommand.team)
            + quotes.map(LawCommand.quote)
            + covers.map { .cover(CoverCommand(by: scout, $0)) }
    }
    static var entries: [(LawKey, LawEntry)] { licenceEntries + teamEntries + standing }

    // Licences.

    private static let offerID = LicenceOfferID(of: World.boAccount, number: 1)
    private static let payment = Payment(to: World.boAccount, price: .credits(2))

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
            .withdraw(by: scout, LicenceOfferID(of: scout, number: 1)),
            .buy(LicencePurchase(by: scout, offerID, serial: 3, payment)),
            .renew(by: scout, id, payment), .transfer(by: scout, id, to: World.otherAccount),
        ]
    }

    private static var licenceEntries: [(LawKey, LawEntry)] {
        var offer = LicenceOffer(id: offerID, seller: World.boAccount, terms: terms)
        (offer.isListed, offer.serials) = (false, 5)
        let licence = Licence(3, of: offer, holder: scout, at: World.time)
        return [
            (.licenceOffer(offer.id), .licenceOffer(offer)),
            (.licence(licence.id), .licence(licence)),
        ]
    }

    // Teams.

    private static let members = [
        TeamMember(AccountID(repeating: 1), part: 2_500, speciality: "þýða"),
        TeamMember(AccountID(repeating: 2), part: 1, speciality: "check"),
    ]

    private static var team: Team {
        var team = Team(lead: scout, members: members, since: World.time)
        (team.members[1].hasJoined, team.openTasks) = (true, 4)
        return team
    }

    private static var teams: [TeamCommand] {
        [
            .form(by: scout, members),
            .join(by: scout, lead: World.otherAccount, agreement: team.agreement),
            .leave(by: scout, lead: World.otherAccount), .dissolve(by: scout),
        ]
    }

    private static var teamEntries: [(LawKey, LawEntry)] {
        let task = PostedTaskID(of: scout, number: 1)
        var division = Division(of: task, among: team)
        _ = division.divide(Amount(nanoCredits: 10_007))
        return [(.team(scout), .team(team)), (.division(task), .division(division))]
    }

    // Quotes and covers.

    private static let quoteID = QuoteID(of: World.otherAccount, number: 1)
    private static let task = PostedTaskID(of: scout, number: 1)
    private static let price = QuotePrice(base: .credits(1), unit: .credits(2))
    private static let cover = CoverTerms(
        task: task, worker: World.otherAccount, amount: .credits(5), premium: .credits(1),
        until: LawSamples.later)

    private static var quoteTerms: QuoteTerms {
        QuoteTerms(
            capability: "þýða", price: price, capacity: 9, until: LawSamples.later,
            deliver: Nanoseconds.perHour)
    }

    private static var quotes: [QuoteCommand] {
        let taking = QuoteTaking(by: scout, number: 1, quoteID, units: 3)
        return [
            .place(by: scout, number: 1, quoteTerms),
            .withdraw(by: scout, QuoteID(of: scout, number: 1)),
            .take(taking, LawSamples.taskTerms),
        ]
    }

    private static var covers: [CoverStep] {
        let id = CoverID(task: task, underwriter: World.boAccount)
        return [
            .offer(cover), .buy(id, payment), .withdraw(id), .settle(id),
        ]
    }

    private static var standing: [(LawKey, LawEntry)] {
        let quote = Quote(
            id: quoteID, maker: World.otherAccount, terms: quoteTerms, isOpen: false,
            reference: QuotePrice(unit: .credits(3)), referenceSince: World.time)
        var bought = Cover(cover, by: World.boAccount)
        (bought.state, bought.client, bought.attempt) = (.bought, scout, 2)
        return [(.quote(quoteID), .quote(quote)), (.cover(bought.id), .cover(bought))]
    }
}
