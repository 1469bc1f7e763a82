// Offers and their breaker; auctions: sealed bids, their opening, who wins and who gets what back.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct OffersTests {
    private let id = OfferID(of: World.scoutAccount, number: 1)

    private func terms(_ credits: UInt128) -> OfferTerms {
        OfferTerms(name: "translation", pricePerUnit: .credits(credits), capacity: 4, load: 4)
    }

    private func list(_ terms: OfferTerms, number: UInt64 = 1) -> LawCommand {
        .offer(.list(by: World.scoutAccount, number: number, terms))
    }

    private func update(_ terms: OfferTerms) -> LawCommand {
        .offer(.update(by: World.scoutAccount, id, terms))
    }

    @Test func lifeOfAnOffer() throws {
        var stage = try Stage()
        let delist = LawCommand.offer(.delist(by: World.scoutAccount, id))
        #expect(stage.give(delist).refusal == .offers(.offerUnknown))
        #expect(stage.give(update(terms(5))).refusal == .offers(.offerUnknown))
        #expect(stage.give(list(terms(5))) == .success(.offerChanged(id, isListed: true)))
        #expect(stage.give(list(terms(5))).refusal == .offers(.numberUsed))
        let other = LawCommand.offer(.delist(by: World.otherAccount, id))
        #expect(stage.give(other, by: TestKey.other).refusal == .offers(.notSeller))
        #expect(stage.give(delist) == .success(.offerChanged(id, isListed: false)))
        #expect(stage.give(delist).refusal == .offers(.notListed))
        #expect(stage.give(update(terms(6))) == .success(.offerChanged(id, isListed: true)))
        #expect(stage.state.offer(id)?.terms == terms(6))
    }

    @Test func termsOutOfTheirRanges() throws {
        let table: [(String, (inout OfferTerms) -> Void)] = [
            ("no name", { $0.name = "" }), ("no price", { $0.pricePerUnit = .zero }),
            ("no capacity", { ($0.capacity, $0.load) = (0, 0) }),
            ("more in use than there is", { $0.load = 5 }),
            ("more accurate than right", { $0.accuracy = 1_000_001 }),
        ]
        for (fault, change) in table {
            var (stage, terms) = (try Stage(), terms(5))
            change(&terms)
            #expect(stage.give(list(terms)).refusal == .offers(.invalidTerms), "\(fault)")
            #expect(stage.give(update(terms)).refusal == .offers(.invalidTerms), "\(fault)")
        }
    }

    /// A tenth of what is expected to be sold in a day is bound while the offer is listed.
    @Test func offersBindABond() throws {
        var stage = try Stage()
        let seller = World.scoutAccount
        func volume(_ nano: UInt128) -> OfferTerms {
            var terms = terms(5)
            terms.dailyVolume = Amount(nanoCredits: nano)
            return terms
        }
        let most = Amount.credits(10_000).nanoCredits
        #expect(
            stage.give(list(volume(1))).refusal == .offers(.stakeTooSmall(free: .zero)))
        _ = try stage.give(.stake(.stake(by: seller, .credits(1_000)))).get()
        #expect(
            stage.give(list(volume(most + 1))).refusal
                == .offers(.stakeTooSmall(free: .credits(1_000))))
        _ = try stage.give(list(volume(most))).get()
        #expect(stage.state.stake(seller).bound == .credits(1_000))
        #expect(
            stage.give(list(volume(1), number: 2)).refusal
                == .offers(.stakeTooSmall(free: .zero)))
        #expect(stage.give(update(volume(most))).refusal == nil)
        #expect(
            stage.give(.stake(.unstake(by: seller, .credits(1_000)))).refusal
                == .stakes(.bound(.credits(1_000))))
        #expect(stage.give(update(volume(11))).refusal == nil)
        #expect(stage.state.stake(seller).bound == Amount(nanoCredits: 2))
        _ = try stage.give(.offer(.delist(by: seller, id))).get()
        #expect(stage.state.stake(seller).bound == .zero)
        _ = try stage.give(update(volume(most))).get()
        #expect(stage.state.stake(seller).bound == .credits(1_000))
    }

    /// Within an hour a price moves to half or to double, in one step or in many.
    @Test func breaker() throws {
        var stage = try Stage()
        _ = try stage.give(list(terms(10))).get()
        let halt = LawFailure.offers(.breaker(reference: .credits(10)))
        for (credits, failure) in [
            (20, nil), (21, halt), (5, nil), (4, halt), (10, nil), (20, nil), (40, halt),
        ] as [(UInt128, LawFailure?)] {
            #expect(stage.give(update(terms(credits))).refusal == failure, "\(credits)")
        }
        stage.wait(Offer.breakerTime - 1)
        #expect(stage.give(update(terms(30))).refusal == halt)
        stage.wait(1)
        #expect(stage.give(update(terms(90))).refusal == nil)
        #expect(
            stage.give(update(terms(20))).refusal
                == .offers(.breaker(reference: .credits(90))))
        var extreme = terms(1)
        extreme.pricePerUnit = Amount(nanoCredits: .max)
        #expect(
            stage.give(update(extreme)).refusal == .offers(.breaker(reference: .credits(90))))
    }
}

@Suite struct AuctionsTests {
    private let times = AuctionTimes(
        bidding: Nanoseconds.perHour, revealing: Nanoseconds.perHour)
    private let id = TaskWorld.id
    private let salt = Digest(repeating: 9)
    /// Bo's agent, a guardian and another one, who may bid.
    private let bidders: [(AccountID, SigningKey)] = [
        (World.otherAccount, TestKey.other),
        (AccountID(World.guardians[1]), TestKey.guardians[1]),
        (AccountID(World.guardians[2]), TestKey.guardians[2]),
    ]

    private func open(
        _ change: (inout TaskTerms) -> Void = { _ in }
    ) -> LawCommand {
        var terms = TaskWorld.terms()
        terms.milestones = [.credits(200)]
        change(&terms)
        return .auction(
            .open(by: TaskWorld.poster, number: 1, mandate: MandateID(), terms, times))
    }

    /// An open auction, and bidders with money.
    private func stage() throws -> Stage {
        var stage = try Stage()
        for (account, _) in bidders.dropFirst() {
            _ = try stage.give(
                .transfer(
                    Transfer(from: World.boAccount, to: account, amount: .credits(10))),
                by: TestKey.bo
            ).get()
        }
        _ = try stage.give(open(), by: TestKey.ada).get()
        return stage
    }

    private func commitment(_ bidder: Int, _ credits: UInt128) -> Digest {
        Bid.commitment(
            auction: id, bidder: bidders[bidder].0, price: .credits(credits), salt: salt)
    }

    private func commit(
        _ stage: inout Stage, _ bidder: Int, _ credits: UInt128
    ) -> LawFailure? {
        let command = AuctionCommand.commit(
            by: bidders[bidder].0, id, commitment(bidder, credits), deposit: .credits(2))
        return stage.give(.auction(command), by: bidders[bidder].1).refusal
    }

    private func reveal(
        _ stage: inout Stage, _ bidder: Int, _ credits: UInt128
    ) -> LawFailure? {
        let command = AuctionCommand.reveal(
            by: bidders[bidder].0, id, price: .credits(credits), salt: salt)
        return stage.give(.auction(command), by: bidders[bidder].1).refusal
    }

    private func close(_ stage: inout Stage) -> Result<LawEffect, LedgerFailure> {
        stage.give(.auction(.close(by: World.boAccount, id)), by: TestKey.bo)
    }

    @Test func opening() throws {
        var stage = try stage()
        #expect(stage.state.auction(id)?.held == .credits(200))
        #expect(stage.give(open(), by: TestKey.ada).refusal == .auctions(.terms(.numberUsed)))
        let post = LawCommand.task(
            .post(by: TaskWorld.poster, number: 1, mandate: MandateID(), TaskWorld.terms()))
        #expect(stage.give(post, by: TestKey.ada).refusal == .tasks(.numberUsed))
        var fresh = try Stage()
        let faults: [(inout TaskTerms) -> Void] = [
            { $0.milestones.append(.credits(1)) }, { $0.worker = TaskWorld.worker },
        ]
        for fault in faults {
            #expect(
                fresh.give(open(fault), by: TestKey.ada).refusal == .auctions(.invalidTerms))
        }
        #expect(
            fresh.give(open { $0.attempts = 0 }, by: TestKey.ada).refusal
                == .auctions(.terms(.invalidTerms)))
    }

    @Test func lowestBidWins() throws {
        var stage = try stage()
        let before = stage.credits(TaskWorld.poster)
        for (bidder, credits) in [(0, 150), (1, 120), (2, 120)] as [(Int, UInt128)] {
            #expect(commit(&stage, bidder, credits) == nil)
        }
        #expect(stage.state.auction(id)?.held == .credits(206))
        stage.wait(Nanoseconds.perHour)
        for (bidder, credits) in [(2, 120), (1, 120), (0, 150)] as [(Int, UInt128)] {
            #expect(reveal(&stage, bidder, credits) == nil)
        }
        #expect(stage.credits(bidders[1].0) == 10)
        #expect(close(&stage).refusal == .auctions(.tooEarly))
        stage.wait(Nanoseconds.perHour)
        let won = LawEffect.auctionClosed(id, winner: bidders[1].0)
        #expect(close(&stage) == .success(won))
        #expect(close(&stage).refusal == .auctions(.alreadyClosed))
        #expect(stage.credits(TaskWorld.poster) == before + 80)
        let task = try #require(stage.state.task(id))
        #expect(task.state == .assigned && task.worker == bidders[1].0)
        #expect(task.held == .credits(120) && task.terms.milestones == [.credits(120)])
        #expect(stage.state.auction(id)?.held == .zero)
        let begin = LawCommand.task(.move(by: bidders[1].0, id, .begin))
        #expect(stage.give(begin, by: bidders[1].1).refusal == nil)
    }

    /// Who does not reveal loses the deposit, so a bid is a promise.
    @Test func sealedBidsLoseTheirDeposit() throws {
        var stage = try stage()
        let before = stage.credits(TaskWorld.poster)
        #expect(commit(&stage, 0, 1) == nil)
        stage.wait(2 * Nanoseconds.perHour)
        #expect(reveal(&stage, 0, 1) == .auctions(.tooLate))
        let nobody = LawEffect.auctionClosed(id, winner: AccountID())
        #expect(close(&stage) == .success(nobody))
        #expect(stage.credits(.fees) == 2 && stage.credits(World.otherAccount) == 998)
        #expect(stage.credits(TaskWorld.poster) == before + 200)
        #expect(stage.state.task(id) == nil)
    }

    @Test func committing() throws {
        var stage = try stage()
        func give(_ account: AccountID, _ key: SigningKey, _ deposit: UInt128) -> LawFailure? {
            let command = AuctionCommand.commit(
                by: account, id, salt, deposit: .credits(deposit))
            return stage.give(.auction(command), by: key).refusal
        }
        let two = Amount.credits(2)
        #expect(
            give(World.scoutAccount, TestKey.scout, 2)
                == .auctions(.conflict(World.scoutAccount)))
        #expect(
            give(TaskWorld.arbiter, TestKey.guardians[0], 2)
                == .auctions(.conflict(TaskWorld.arbiter)))
        #expect(give(World.otherAccount, TestKey.other, 1) == .auctions(.wrongDeposit(two)))
        #expect(give(World.otherAccount, TestKey.other, 2) == nil)
        #expect(give(World.boAccount, TestKey.bo, 2) == .auctions(.alreadyBid))
        #expect(give(bidders[1].0, bidders[1].1, 2) == .auctions(.commitmentTaken))
        let unknown = AuctionCommand.commit(
            by: World.boAccount, PostedTaskID(), salt, deposit: two)
        #expect(
            stage.give(.auction(unknown), by: TestKey.bo).refusal
                == .auctions(.auctionUnknown))
        stage.wait(Nanoseconds.perHour)
        #expect(commit(&stage, 1, 5) == .auctions(.tooLate))
    }

    @Test func aDepositMustBeThere() throws {
        var stage = try stage()
        stage.state.set(Account(id: bidders[2].0, balance: .credits(1)))
        #expect(commit(&stage, 2, 5) == .auctions(.insufficient(balance: .credits(1))))
    }

    @Test func revealing() throws {
        var stage = try stage()
        #expect(commit(&stage, 0, 150) == nil && commit(&stage, 1, 201) == nil)
        #expect(commit(&stage, 2, 0) == nil)
        stage.wait(Nanoseconds.perHour - 1)
        #expect(reveal(&stage, 0, 150) == .auctions(.tooEarly))
        stage.wait(1)
        #expect(reveal(&stage, 0, 149) == .auctions(.wrongReveal))
        #expect(reveal(&stage, 1, 201) == .auctions(.invalidPrice))
        #expect(reveal(&stage, 2, 0) == .auctions(.invalidPrice))
        let stolen = AuctionCommand.reveal(
            by: World.boAccount, id, price: .credits(150), salt: salt)
        #expect(stage.give(.auction(stolen), by: TestKey.bo).refusal == .auctions(.noBid))
        #expect(reveal(&stage, 0, 150) == nil)
        #expect(reveal(&stage, 0, 150) == .auctions(.noBid))
    }

    /// Random auctions: money is conserved, and the winner is that of a slow, plain rule.
    @Test(arguments: propertySeeds.prefix(12)) func randomAuctions(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var stage = try stage()
        let accounts = bidders.map(\.0) + [TaskWorld.poster, .fees, World.boAccount]
        func total() -> UInt128 {
            accounts.reduce(0) { $0 + stage.state.account($1).balance.nanoCredits }
                + (stage.state.auction(id)?.held.nanoCredits ?? 0)
                + (stage.state.task(id)?.held.nanoCredits ?? 0)
        }
        let before = total()
        let order = [0, 1, 2].shuffled(using: &generator)
        let prices = (0..<3).map { _ in UInt128(UInt64.random(in: 0...4, using: &generator)) * 60 }
        for bidder in order { _ = commit(&stage, bidder, prices[bidder]) }
        stage.wait(Nanoseconds.perHour)
        var revealed: [(price: UInt128, place: Int)] = []
        for bidder in [0, 1, 2].shuffled(using: &generator) where Bool.random(using: &generator) {
            guard reveal(&stage, bidder, prices[bidder]) == nil else { continue }
            revealed.append((prices[bidder], order.firstIndex(of: bidder) ?? 0))
        }
        stage.wait(Nanoseconds.perHour)
        let best = revealed.sorted { ($0.price, $0.place) < ($1.price, $1.place) }.first
        let winner = best.map { bidders[order[$0.place]].0 } ?? AccountID()
        #expect(close(&stage) == .success(.auctionClosed(id, winner: winner)), "seed \(seed)")
        #expect(total() == before, "seed \(seed)")
        #expect(stage.state.task(id)?.worker ?? AccountID() == winner, "seed \(seed)")
    }
}
