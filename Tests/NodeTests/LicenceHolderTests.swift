// Receipts of licences that were bought, passed on or renewed since the last checkpoint.
import Cryptography
import Ledger
import Node
import Primitives
import Records
import TestSupport
import Testing

@Suite struct LicenceHolderTests {
    let cast = Cast()
    let scratch: ScratchDirectory
    private let seller = SigningKey(seed: [UInt8](repeating: 6, count: 32))!

    init() throws { scratch = try ScratchDirectory() }

    /// The seat's owner, who has all the money, buys; the owner of the cast is the one it goes to.
    private var bank: AccountID { AccountID(OwnerID(firstKey: cast.validator.publicKey)) }
    private var next: AccountID { AccountID(cast.ownerID) }
    private var sellerID: AccountID { AccountID(OwnerID(firstKey: seller.publicKey)) }
    private var offer: LicenceOfferID { LicenceOfferID(of: sellerID, number: 1) }
    private var licence: LicenceID { LicenceID(offer: offer, serial: 1) }
    private var payment: Payment { Payment(to: sellerID, price: Amount(nanoCredits: 9)) }

    private func give(_ command: Command, by key: SigningKey, _ sequence: UInt64, to node: Node) {
        let operation = SignedOperation(
            chain: cast.genesis.digest, owner: OwnerID(firstKey: key.publicKey),
            sequence: sequence, command: command, key: key)
        node.submit(operation) { outcome in
            guard case .accepted = outcome else {
                Issue.record("\(command): \(outcome)")
                return
            }
        }
    }

    private func give(
        _ command: LicenceCommand, by key: SigningKey, _ sequence: UInt64, to node: Node
    ) {
        give(.law(.licence(command)), by: key, sequence, to: node)
    }

    private func checkpoint(_ node: Node) {
        cast.clock.move(milliseconds: 1_000)
        node.advance()
    }

    private func holder(_ node: Node) throws -> Digest? {
        guard case .receipt(let receipt) = try node.receipt(licence: licence) else { return nil }
        try receipt.verify(trusted: cast.genesis.digest)
        return Digest(receipt.holder.key.dropFirst())
    }

    @Test func aReceiptWaitsForTheCheckpointOfWhatWasDone() throws {
        let node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
        give(.owner(.register(name: "bank")), by: cast.validator, 1, to: node)
        give(.owner(.register(name: "seller")), by: seller, 1, to: node)
        checkpoint(node)
        var terms = LicenceTerms(
            name: "corpus", content: Digest([UInt8](repeating: 4, count: 32))!,
            price: payment.price)
        (terms.days, terms.isTransferable) = (30, true)
        give(.offer(by: sellerID, number: 1, terms), by: seller, 2, to: node)
        #expect(try holder(node) == nil)
        give(.buy(LicencePurchase(by: bank, offer, payment)), by: cast.validator, 2, to: node)
        #expect(try holder(node) == nil, "bought, in no checkpoint")
        checkpoint(node)
        #expect(try holder(node) == Digest(bank.bytes))

        give(.transfer(by: bank, licence, to: next), by: cast.validator, 3, to: node)
        #expect(try holder(node) == nil, "passed on, in no checkpoint")
        checkpoint(node)
        #expect(try holder(node) == Digest(next.bytes))
        node.close()
    }
}
