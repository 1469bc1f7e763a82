// What a node knows of services, as far as finding them goes (docs/spec/discovery.md §4).
import Discovery
import JSON
import Ledger
import Primitives

/// One thread. Told page by page what offers, quotes, teams and tasks there are, over and over.
final class ServiceDesk {
    private(set) var catalogue = Catalogue()
    private var known: [ListingID: Provision] = [:]
    /// Teams of this round, and of the last whole one: what is gone is in none.
    private var teams: Set<ListingID> = []
    private var formerTeams: Set<ListingID> = []
    /// Endings of tasks by worker: of the last whole round, and of this one.
    private var endings: [AccountID: Endings] = [:]
    private var round: [AccountID: Endings] = [:]
    /// What cards said, by digest; nil where there is none, or none that can be read.
    private var cards: [Digest: ServiceCard?] = [:]

    private struct Endings {
        var good: UInt64 = 0
        var bad: UInt64 = 0

        /// Millionths, by the rule of succession.
        var reputation: UInt32 { UInt32((good + 1) * 1_000_000 / (good + bad + 2)) }
    }

    /// What is shown of a service beside its listing.
    struct Provision: Sendable {
        /// Of a team, its lead.
        var seller: AccountID
        /// Since when it costs what it costs, or is there.
        var since: Instant
        /// Of a quote.
        var price: QuotePrice?
        var until: Instant?
        /// Of a team, beside its lead.
        var members = 0
    }

    private static let mostCards = 65_536

    /// Digests of cards that are not known yet.
    func unknownCards(of offers: [Offer]) -> [Digest] {
        offers.map(\.terms.schema).filter { !$0.isZero && cards[$0] == nil }
    }

    func take(card: [UInt8]?, of digest: Digest) {
        if cards.count >= Self.mostCards { cards.removeAll() }
        cards[digest] = .some(card.flatMap(ServiceCard.init))
    }

    /// What was not there may come: asked again in the next round.
    func forgetMissingCards() { cards = cards.filter { $0.value != nil } }

    func take(_ offer: Offer) {
        let id = ListingID(offer.id)
        guard offer.isListed else {
            return remove(id)
        }
        let terms = offer.terms
        let card = cards[terms.schema].flatMap(\.self)
        var service = Listing(
            id: id, text: ([terms.name] + (card?.texts ?? [])).joined(separator: " "),
            price: terms.pricePerUnit.nanoCredits, capacity: terms.capacity, load: terms.load)
        service.region = card?.region ?? ""
        service.reputation = endings[offer.seller]?.reputation
        catalogue.put(service)
        known[id] = Provision(seller: offer.seller, since: offer.referenceSince)
    }

    /// A quote counts while it can be taken: open, with units left, at `now`.
    func take(_ quote: Quote, at now: Instant) {
        let id = ListingID(quote.id), terms = quote.terms
        guard quote.isOpen, terms.capacity > 0, terms.until > now else { return remove(id) }
        var service = Listing(
            id: id, text: terms.capability, price: terms.price.of(1)?.nanoCredits ?? .max,
            capacity: terms.capacity)
        service.form = .quote
        service.reputation = endings[quote.maker]?.reputation
        catalogue.put(service)
        known[id] = Provision(
            seller: quote.maker, since: quote.referenceSince, price: terms.price,
            until: terms.until)
    }

    /// A team counts once all have joined; what it asks for is its lead's matter.
    func take(_ team: Team) {
        guard team.isFormed else { return }
        let id = ListingID(team.lead)
        teams.insert(id)
        var service = Listing(
            id: id, text: team.members.map(\.speciality).joined(separator: " "), price: .max)
        service.form = .team
        service.reputation = endings[team.lead]?.reputation
        catalogue.put(service)
        known[id] = Provision(seller: team.lead, since: team.since, members: team.members.count)
    }

    /// All teams were seen once: one that is gone has no entry that says so.
    func endTeams() {
        for id in formerTeams.subtracting(teams) { remove(id) }
        (formerTeams, teams) = (teams, [])
    }

    private func remove(_ id: ListingID) {
        catalogue.remove(id)
        known[id] = nil
    }

    func take(_ task: PostedTask) {
        guard !task.worker.isZero else { return }
        switch task.state {
        case .complete: round[task.worker, default: Endings()].good += 1
        case .failed, .settled: round[task.worker, default: Endings()].bad += 1
        default: break
        }
    }

    /// All tasks were seen once.
    func endRound() {
        endings = round
        round.removeAll(keepingCapacity: true)
    }

    /// What was found, without quotes that ended since they were looked at.
    func find(_ wish: ServiceWish, at now: Instant) -> FoundServices {
        let matches = catalogue.find(wish.words, wish.filter, most: wish.most)
        return FoundServices(
            known: catalogue.count,
            items: matches.compactMap { match in
                guard let service = known[match.service.id] else { return nil }
                if let until = service.until, until <= now { return nil }
                return (match, service)
            })
    }
}

/// What somebody asks for.
struct ServiceWish: Sendable {
    var words: String
    var filter: ListingFilter
    var most: Int
}

/// What was found.
struct FoundServices: Sendable {
    /// Services that are known.
    var known: Int
    var items: [(match: ListingMatch, service: ServiceDesk.Provision)]
}

/// A document in which a seller says more of an offer than its name.
struct ServiceCard: Hashable, Sendable {
    var texts: [String] = []
    var region = ""

    static let mostBytes = 16_384
    private static let mostRegionBytes = 64

    /// Nil for what is no JSON object of at most `mostBytes`.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.mostBytes, let value = try? JSONValue(parsing: bytes),
            value.object != nil
        else { return nil }
        for name in ["description", "capabilities"] {
            if let text = value[name]?.string { texts.append(text) }
            texts += (value[name]?.array ?? []).compactMap(\.string)
        }
        if let text = value["region"]?.string, text.utf8.count <= Self.mostRegionBytes {
            region = text
        }
    }
}
