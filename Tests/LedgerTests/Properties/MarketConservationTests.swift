// Random histories of licences: what all hold together is the supply, and serials hold what they say.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct MarketConservationTests {
    private static let actors: [(AccountID, SigningKey)] = [
        (World.adaAccount, TestKey.ada), (World.boAccount, TestKey.bo),
        (World.scoutAccount, TestKey.scout), (World.otherAccount, TestKey.other),
    ]

    private func random(_ generator: inout SeededGenerator) -> (AccountID, SigningKey) {
        Self.actors[Int.random(in: 0..<4, using: &generator)]
    }

    /// A world whose holdings are followed from the start.
    private func begin() throws -> (stage: Stage, holdings: Holdings) {
        var (stage, holdings) = (try Stage(), Holdings())
        for id in Self.actors.map(\.0) { stage.state.set(stage.state.account(id)) }
        holdings.follow(&stage.state)
        #expect(try holdings.total() == Supply.total.nanoCredits)
        return (stage, holdings)
    }

    private func licenceCommand(_ generator: inout SeededGenerator) -> LicenceCommand {
        let (actor, other) = (random(&generator).0, random(&generator).0)
        let number = UInt64.random(in: 0...1, using: &generator)
        let offer = LicenceOfferID(seller: other, number: number)
        let serial = UInt64.random(in: 0...3, using: &generator)
        let licence = LicenceID(offer: offer, serial: serial)
        let prices: [UInt128] = [1, 999, 1_000_000, 7_000_000_001]
        let price = LicencePrice(
            seller: other, price: Amount(nanoCredits: prices[Int(number) * 2 + Int(serial % 2)]))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1:
            var terms = LicenceTerms(
                name: "n", content: Digest(repeating: 1),
                price: Amount(nanoCredits: prices[Int(number) * 2]))
            (terms.days, terms.isTransferable) = (UInt32(number), true)
            terms.most = serial
            return .offer(by: actor, number: number, terms)
        case 2: return .transfer(by: actor, licence, to: other)
        case 3, 4: return .renew(by: actor, licence, price)
        case 5: return serial == 0 ? .withdraw(by: actor, offer) : .renew(by: actor, licence, price)
        default:
            return .buy(LicencePurchase(by: actor, offer, serial: serial / 2, price))
        }
    }

    @Test(arguments: propertySeeds.prefix(16)) func licencesKeepTheSupply(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (stage, holdings) = try begin()
        var sold = 0
        for step in 0..<150 {
            stage.wait(UInt64.random(in: 0...Nanoseconds.perDay / 4, using: &generator))
            let command = licenceCommand(&generator)
            guard case .action(let action) = LawCommand.licence(command).intent,
                let key = Self.actors.first(where: { $0.0 == action.account })?.1
            else { continue }
            let result = stage.give(.licence(command), by: key)
            if case .success(.licenceHeld) = result { sold += 1 }
            holdings.follow(&stage.state)
            #expect(try holdings.total() == Supply.total.nanoCredits, "seed \(seed), \(step)")
        }
        #expect(sold > 0, "seed \(seed)")
    }
}
