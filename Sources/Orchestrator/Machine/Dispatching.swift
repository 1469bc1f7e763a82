// Giving open jobs to providers: who can, who has room, who is chosen.
import Discovery
import Ledger
import Primitives

extension Orchestrator {
    /// Wishes whose candidates are remembered.
    private static let mostWishes = 1_024
    /// Pairs whose prices make the reference of the market's breaker.
    private static let pricesKept = 64
    /// Jobs that are looked at in one round.
    private static let mostInRound = 512

    // MARK: Providers

    mutating func take(_ provider: Provider) {
        let before = providers[provider.offer]?.provider
        guard before != provider else { return }
        if before == nil {
            providers[provider.offer] = ProviderState(provider)
        } else {
            providers[provider.offer]?.provider = provider
        }
        offerOf[provider.seller] = provider.offer
        catalogue.put(provider.service)
        candidates.removeAll()
    }

    mutating func drop(_ offer: OfferID) {
        guard let gone = providers.removeValue(forKey: offer) else { return }
        if offerOf[gone.provider.seller] == offer { offerOf[gone.provider.seller] = nil }
        catalogue.remove(ListingID(offer))
        candidates.removeAll()
        // What it has stays with it: the ledger says when its time is over.
    }

    /// A job is no longer with whom it was.
    mutating func release(_ id: JobID) {
        guard let offer = jobs[id]?.offer else { return }
        jobs[id]?.offer = nil
        given -= 1
        if let count = providers[offer]?.given, count > 0 { providers[offer]?.given = count - 1 }
    }

    mutating func hand(_ id: JobID, to offer: OfferID, at now: Instant) {
        release(id)
        jobs[id]?.offer = offer
        given += 1
        providers[offer]?.given += 1
        providers[offer]?.breaker.noteSent(at: now)
    }

    /// The ledger says who has a job.
    mutating func adopt(_ worker: AccountID, for id: JobID) {
        let offer = offerOf[worker]
        guard jobs[id]?.offer != offer else { return }
        release(id)
        guard let offer else { return }
        jobs[id]?.offer = offer
        given += 1
        providers[offer]?.given += 1
    }

    // MARK: Choosing

    mutating func dispatch(at now: Instant, _ actions: inout [OrchestratorAction]) {
        guard !open.isEmpty, !providers.isEmpty, given < settings.mostGiven else { return }
        let round = Array(open.prefix(min(Self.mostInRound, settings.mostGiven - given)))
        let chosen: [(JobID, OfferID)]
        switch settings.policy {
        case .price: chosen = matched(round, at: now)
        case .leastConnections, .consistentHash: chosen = routed(round, at: now)
        }
        guard !chosen.isEmpty else { return }
        for (id, offer) in chosen {
            guard let seller = providers[offer]?.provider.seller else { continue }
            if settings.policy == .price { hand(id, to: offer, at: now) }
            request(.assign(seller), of: id, at: now, &actions)
        }
    }

    private func room(_ offer: OfferID, at now: Instant) -> UInt64 {
        providers[offer]?.room(at: now, most: settings.mostGivenToOne) ?? 0
    }

    /// Pairs by price and time.
    private mutating func matched(_ round: [JobID], at now: Instant) -> [(JobID, OfferID)] {
        var wants: [Want] = []
        var asks: [Ask] = []
        var asked: Set<OfferID> = []
        var jobOf: [PostedTaskID: JobID] = [:]
        for id in round {
            guard let state = jobs[id] else { continue }
            let able = able(state)
            for offer in able where asked.insert(offer).inserted {
                let room = room(offer, at: now)
                guard room > 0, let provider = providers[offer]?.provider else { continue }
                let price = Amount(nanoCredits: provider.service.price)
                asks.append(Ask(offer: offer, price: price, since: provider.since, room: room))
            }
            jobOf[state.task] = id
            wants.append(
                Want(
                    task: state.task, limit: state.job.price, since: state.since,
                    offers: Set(able)))
        }
        guard !asks.isEmpty else { return [] }
        let pairs = Matching.pairs(wants, asks, reference: Matching.reference(of: prices))
        for pair in pairs { prices.append(pair.price) }
        prices = Array(prices.suffix(Self.pricesKept))
        return pairs.compactMap { pair in jobOf[pair.task].map { ($0, pair.offer) } }
    }

    /// One after the other; each is handed over at once, so that the next one sees it.
    private mutating func routed(_ round: [JobID], at now: Instant) -> [(JobID, OfferID)] {
        var chosen: [(JobID, OfferID)] = []
        for id in round {
            guard let state = jobs[id] else { continue }
            let able = able(state).filter { offer in
                room(offer, at: now) > 0
                    && (providers[offer]?.provider.service.price ?? .max)
                        <= state.job.price.nanoCredits
            }
            let offer =
                settings.policy == .leastConnections
                ? able.min(by: isLessLoaded) : ConsistentHash.choose(able, for: state.job.key)
            guard let offer else { continue }
            hand(id, to: offer, at: now)
            chosen.append((id, offer))
        }
        return chosen
    }

    private func isLessLoaded(_ left: OfferID, _ right: OfferID) -> Bool {
        guard let first = providers[left], let second = providers[right] else { return false }
        let shares = (
            UInt128(first.given) * UInt128(second.provider.service.capacity),
            UInt128(second.given) * UInt128(first.provider.service.capacity)
        )
        if shares.0 != shares.1 { return shares.0 < shares.1 }
        let prices = (first.provider.service.price, second.provider.service.price)
        return prices.0 == prices.1 ? left < right : prices.0 < prices.1
    }

    /// Who can do a job: by words and filter, without those who had it, unless nobody is left.
    private mutating func able(_ state: JobState) -> [OfferID] {
        let wish = Wish(words: state.job.words, filter: state.job.filter)
        let all: [OfferID]
        if let known = candidates[wish] {
            all = known
        } else {
            let most = state.job.words.isEmpty ? providers.count : settings.mostCandidates
            all = catalogue.find(wish.words, wish.filter, most: most)
                .map { OfferID($0.service.id) }
            if candidates.count >= Self.mostWishes { candidates.removeAll() }
            candidates[wish] = all
        }
        guard !state.tried.isEmpty else { return all }
        let fresh = all.filter { !state.tried.contains($0) }
        return fresh.isEmpty ? all : fresh
    }
}
