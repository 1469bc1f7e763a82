// Licences: offering, buying, renewing, passing on; refusals in order, ends to the nanosecond.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LicencesTests {
    private let offer = LicenceOfferID(of: World.boAccount, number: 1)
    private let holder = World.scoutAccount
    private let month = 30 * Nanoseconds.perDay

    private static func terms(
        _ change: (inout LicenceTerms) -> Void = { _ in }
    ) -> LicenceTerms {
        var terms = LicenceTerms(
            name: "corpus", content: Digest(repeating: 5), price: .credits(100))
        terms.days = 30
        change(&terms)
        return terms
    }

    /// Bo offers; scout has 1,000 credits.
    private func stage(_ change: (inout LicenceTerms) -> Void = { _ in }) throws -> Stage {
        var stage = try Stage()
        let command = LicenceCommand.offer(by: World.boAccount, number: 1, Self.terms(change))
        #expect(
            stage.give(.licence(command), by: TestKey.bo)
                == .success(.licenceOffered(offer, isListed: true)))
        return stage
    }

    private func licence(_ serial: UInt64) -> LicenceID { LicenceID(offer: offer, serial: serial) }

    private func payment(_ credits: UInt128 = 100) -> Payment {
        Payment(to: World.boAccount, price: .credits(credits))
    }

    private func buy(
        _ stage: inout Stage, serial: UInt64 = 0, _ credits: UInt128 = 100,
        by buyer: (AccountID, SigningKey) = (World.scoutAccount, TestKey.scout)
    ) -> Result<LawEffect, LedgerFailure> {
        let purchase = LicencePurchase(by: buyer.0, offer, serial: serial, payment(credits))
        return stage.give(.licence(.buy(purchase)), by: buyer.1)
    }

    private func renew(_ stage: inout Stage, _ credits: UInt128 = 100) -> LawFailure? {
        stage.give(.licence(.renew(by: holder, licence(1), payment(credits)))).refusal
    }

    private func pass(
        _ stage: inout Stage, to receiver: AccountID, by key: SigningKey = TestKey.scout
    ) -> LawFailure? {
        let account = key.publicKey == TestKey.scout.publicKey ? holder : World.boAccount
        return stage.give(
            .licence(.transfer(by: account, licence(1), to: receiver)), by: key
        ).refusal
    }

    @Test func termsOutOfTheirRanges() throws {
        let table: [(String, (inout LicenceTerms) -> Void)] = [
            ("no name", { $0.name = "" }), ("no content", { $0.content = Digest() }),
            ("no price", { $0.price = .zero }),
            ("a term of a hundred years and more", { $0.days = LicenceTerms.mostDays + 1 }),
        ]
        for (fault, change) in table {
            var stage = try Stage()
            let command = LicenceCommand.offer(by: World.boAccount, number: 1, Self.terms(change))
            #expect(
                stage.give(.licence(command), by: TestKey.bo).refusal
                    == .licences(.invalidTerms), "\(fault)")
        }
        var stage = try stage()
        let again = LicenceCommand.offer(
            by: World.boAccount, number: 1, Self.terms { $0.name = "" })
        #expect(
            stage.give(.licence(again), by: TestKey.bo).refusal == .licences(.numberUsed))
    }

    @Test func aSalePaysTheSellerLessTheFee() throws {
        var stage = try stage()
        let before = stage.state.account(World.boAccount).balance.nanoCredits
        let until = World.time.advanced(byNanoseconds: month)
        #expect(buy(&stage) == .success(.licenceHeld(licence(1), by: holder, until: until)))
        #expect(stage.credits(holder) == 900)
        let earned = stage.state.account(World.boAccount).balance.nanoCredits - before
        #expect(earned == 99_900_000_000)
        #expect(stage.state.account(.fees).balance == Amount(nanoCredits: 100_000_000))
        let held = try #require(stage.state.licence(licence(1)))
        #expect(held.holder == holder && held.seller == World.boAccount && held.serial == 1)
        #expect(held.content == Digest(repeating: 5) && held.from == World.time)
        #expect(stage.state.licenceOffer(offer)?.serials == 1)
        #expect(
            buy(&stage) == .success(.licenceHeld(licence(2), by: holder, until: until)))
    }

    @Test func buyingInOrder() throws {
        var request = Request(
            asScout: .licence(.buy(LicencePurchase(by: holder, offer, payment()))),
            try stage { $0.price = .credits(1_001) }.state)
        func purchase(
            _ credits: UInt128, serial: UInt64 = 0, by buyer: AccountID? = nil,
            of seller: AccountID = World.boAccount, _ offer: LicenceOfferID? = nil
        ) -> Command {
            .law(
                .licence(
                    .buy(
                        LicencePurchase(
                            by: buyer ?? holder, offer ?? self.offer, serial: serial,
                            Payment(to: seller, price: .credits(credits))))))
        }
        request.command = purchase(1_001)
        #expect(
            outcome(&request)
                == .failure(.law(.licences(.insufficient(balance: .credits(1_000))))))
        request.command = purchase(1_001, serial: 1)
        #expect(outcome(&request) == .failure(.law(.licences(.licenceUnknown))))
        for credits in [0, 1_000, 1_002] as [UInt128] {
            request.command = purchase(credits, serial: 1)
            #expect(
                outcome(&request)
                    == .failure(.law(.licences(.wrongPrice(.credits(1_001))))), "\(credits)")
        }
        request.command = purchase(0, serial: 1, of: World.adaAccount)
        #expect(outcome(&request) == .failure(.law(.licences(.wrongSeller))))
        request.command = purchase(0, serial: 1, of: World.adaAccount, LicenceOfferID())
        #expect(outcome(&request) == .failure(.law(.licences(.offerUnknown))))
        var own = try stage()
        #expect(
            buy(&own, by: (World.boAccount, TestKey.bo)).refusal == .licences(.sameAccount))
        let withdraw = LicenceCommand.withdraw(by: World.boAccount, offer)
        _ = try own.give(.licence(withdraw), by: TestKey.bo).get()
        #expect(buy(&own, 0).refusal == .licences(.notListed))
    }

    @Test func sellersWithdrawAndLicencesStay() throws {
        var stage = try stage()
        _ = try buy(&stage).get()
        let others = LicenceCommand.withdraw(by: holder, offer)
        #expect(stage.give(.licence(others)).refusal == .licences(.notSeller))
        let unknown = LicenceCommand.withdraw(by: holder, LicenceOfferID())
        #expect(stage.give(.licence(unknown)).refusal == .licences(.offerUnknown))
        let own = LicenceCommand.withdraw(by: World.boAccount, offer)
        #expect(
            stage.give(.licence(own), by: TestKey.bo)
                == .success(.licenceOffered(offer, isListed: false)))
        #expect(stage.give(.licence(own), by: TestKey.bo).refusal == .licences(.notListed))
        #expect(stage.state.licence(licence(1))?.holder == holder)
        #expect(renew(&stage) == .licences(.notListed))
    }

    @Test func aTermEndsToTheNanosecond() throws {
        var stage = try stage { $0.isTransferable = true }
        _ = try buy(&stage).get()
        stage.wait(month - 1)
        #expect(buy(&stage, serial: 1).refusal == .licences(.inForce))
        #expect(renew(&stage, 99) == .licences(.wrongPrice(.credits(100))))
        #expect(renew(&stage) == nil)
        #expect(stage.credits(holder) == 800)
        let end = World.time.advanced(byNanoseconds: 2 * month)
        #expect(stage.state.licence(licence(1))?.until == end)
        stage.wait(month + 1)
        #expect(stage.time == end && stage.state.licence(licence(1))?.holds(at: end) == false)
        #expect(renew(&stage) == .licences(.expired))
        #expect(pass(&stage, to: World.otherAccount) == .licences(.expired))
        #expect(buy(&stage, serial: 2).refusal == .licences(.licenceUnknown))
        let other = (World.otherAccount, TestKey.other)
        #expect(buy(&stage, serial: 1, by: other).refusal == nil)
        #expect(stage.state.licence(licence(1))?.holder == World.otherAccount)
        #expect(stage.state.licenceOffer(offer)?.serials == 1)
        #expect(renew(&stage) == .licences(.notHolder))
    }

    @Test func forEverAndSoldOut() throws {
        var stage = try stage { ($0.days, $0.most) = (0, 2) }
        _ = try buy(&stage).get()
        stage.wait(1_000 * month)
        #expect(stage.state.licence(licence(1))?.isForEver == true)
        #expect(renew(&stage) == .licences(.forEver))
        #expect(buy(&stage, serial: 1).refusal == .licences(.inForce))
        _ = try buy(&stage).get()
        #expect(buy(&stage).refusal == .licences(.soldOut))
        #expect(buy(&stage, 99).refusal == .licences(.wrongPrice(.credits(100))))
    }

    @Test func passingOnInOrder() throws {
        var fixed = try stage()
        #expect(pass(&fixed, to: holder) == .licences(.licenceUnknown))
        _ = try buy(&fixed).get()
        #expect(pass(&fixed, to: holder) == .licences(.notTransferable))
        var stage = try stage { $0.isTransferable = true }
        _ = try buy(&stage).get()
        #expect(pass(&stage, to: holder, by: TestKey.bo) == .licences(.notHolder))
        #expect(pass(&stage, to: holder) == .licences(.sameAccount))
        #expect(pass(&stage, to: .fees) == .licences(.receiverUnknown))
        #expect(pass(&stage, to: World.otherAccount) == nil)
        #expect(stage.state.licence(licence(1))?.holder == World.otherAccount)
        #expect(pass(&stage, to: World.adaAccount) == .licences(.notHolder))
        #expect(stage.credits(holder) == 900)
    }

    /// A sale counts as a payment: to whom, how much, and under which mandate.
    @Test func salesAreJudged() throws {
        var listed = try stage()
        try listed.enact { $0.counterparties = [World.otherAccount] }
        #expect(buy(&listed).refusal == .limits(.counterpartyNotAllowed))
        var small = try stage()
        try small.enact { $0.limits.valuePerAction = .credits(99) }
        #expect(buy(&small).refusal == .limits(.valueTooLarge(most: .credits(99))))
        var stage = try stage()
        var terms = MandateTerms(
            holder: World.scout, expires: stage.time.advanced(byNanoseconds: month))
        (terms.scope, terms.budget) = (KindSet([.transfer]), .credits(150))
        terms.payees = [World.boAccount]
        _ = try stage.give(.mandate(.issue(number: 7, terms)), by: TestKey.ada).get()
        let mandate = MandateID(of: World.adaAccount, number: 7)
        let before = stage.credits(World.adaAccount)
        let price = Payment(
            to: World.boAccount, price: .credits(100), mandate: mandate)
        let purchase = LicencePurchase(by: holder, offer, price)
        _ = try stage.give(.licence(.buy(purchase))).get()
        #expect(stage.credits(World.adaAccount) == before - 100 && stage.credits(holder) == 1_000)
        #expect(stage.state.licence(licence(1))?.holder == holder)
        #expect(
            stage.give(.licence(.buy(purchase))).refusal == .mandates(.overBudget(mandate)))
    }
}
