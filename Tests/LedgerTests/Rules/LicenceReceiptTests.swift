// The receipt of a licence out of a state and one validator, and each thing that spoils it.
import Cryptography
import Merkle
import Primitives
import Records
import Testing

@testable import Ledger

@Suite struct LicenceReceiptTests {
    private let committee = Committee([TestKey.ada.publicKey])

    /// What a state says of a licence of 30 days and of its holder, at `time`.
    private func receipt(
        of holder: AccountID = World.scoutAccount, at time: Instant = World.time
    ) throws -> LicenceReceipt {
        var stage = try Stage()
        var terms = LicenceTerms(
            name: "corpus", content: Digest(repeating: 5), price: .credits(1))
        (terms.days, terms.isTransferable) = (30, true)
        _ = try stage.give(
            .licence(.offer(by: World.boAccount, number: 1, terms)), by: TestKey.bo
        ).get()
        let offer = LicenceOfferID(of: World.boAccount, number: 1)
        let purchase = LicencePurchase(
            by: World.scoutAccount, offer, Payment(to: World.boAccount, price: .credits(1)))
        _ = try stage.give(.licence(.buy(purchase))).get()
        let id = LicenceID(offer: offer, serial: 1)
        if holder != World.scoutAccount {
            let pass = LicenceCommand.transfer(by: World.scoutAccount, id, to: holder)
            _ = try stage.give(.licence(pass)).get()
        }
        let agent = stage.state.agent(AgentID(holder))
        let keys: [StateKey] = [
            .law(.licence(id)), agent.map { .agent($0.id) } ?? .owner(OwnerID(holder)),
        ]
        var tree = StateTree()
        tree.update(
            keys.map { $0.change(to: stage.state.encodedEntry($0) ?? []) }
                + [StateKey.owner(World.bo).change(to: [1])])
        let committee = try #require(committee)
        let genesis = try #require(
            Genesis(name: "licence", created: World.time, committee: committee))
        var header = CheckpointHeader()
        (header.chain, header.height, header.stateRoot) = (genesis.digest, 3, tree.root)
        (header.committee, header.time) = (committee.digest, time)
        let signature = TestKey.ada.sign(header.signedBytes)
        let parts = keys.map {
            StateEntryPart(
                key: $0.encoded, value: stage.state.encodedEntry($0) ?? [],
                path: tree.proof($0.place).siblings)
        }
        return LicenceReceipt(
            genesis: genesis, licence: parts[0], holder: parts[1],
            checkpoint: Checkpoint(
                header: header,
                certificate: [CheckpointSignature(validator: 0, signature: signature)]))
    }

    private func part(_ receipt: LicenceReceipt, _ trusted: Digest? = nil) -> ReceiptPart? {
        do throws(ReceiptRefusal) {
            try receipt.verify(trusted: trusted)
            return nil
        } catch { return error.part }
    }

    @Test func ownersAndAgentsHoldLicences() throws {
        for (holder, isAgents) in [(World.scoutAccount, true), (World.adaAccount, false)] {
            let receipt = try receipt(of: holder)
            #expect(part(receipt, receipt.genesis.digest) == nil && receipt.isAgents == isAgents)
            #expect(try LicenceReceipt(json: receipt.json()) == receipt)
            #expect(try AnyReceipt(json: receipt.json(.pretty)) == .licence(receipt))
        }
    }

    @Test func aLicenceHoldsToTheNanosecondBeforeItsEnd() throws {
        let end = World.time.advanced(byNanoseconds: 30 * Nanoseconds.perDay)
        let last = Instant(nanoseconds: end.nanoseconds - 1)
        #expect(part(try receipt(at: last)) == nil)
        #expect(part(try receipt(at: end)) == .licence)
    }

    @Test func whatIsSpoiledIsNamed() throws {
        let good = try receipt()
        let own = try receipt(of: World.adaAccount)
        let table: [(ReceiptPart, (inout LicenceReceipt) -> Void)] = [
            (.genesis, { $0.chain = Digest() }),
            (.state, { $0.licence.value[150] ^= 1 }), (.state, { $0.holder.value[40] ^= 1 }),
            (.state, { $0.licence.path.append(Digest(repeating: 1)) }),
            (.state, { $0.checkpoint.header.stateRoot = Digest() }),
            (.licence, { $0.licence = $0.holder }), (.holder, { $0.holder = $0.licence }),
            (.state, { $0.holder = own.holder }),
            (.certificate, { $0.checkpoint.certificate = [] }),
            (.certificate, { $0.checkpoint.header.height += 1 }),
        ]
        for (number, (expected, spoil)) in table.enumerated() {
            var receipt = good
            spoil(&receipt)
            #expect(part(receipt) == expected, "row \(number)")
        }
        #expect(part(good, Digest()) == .genesis)
    }
}
