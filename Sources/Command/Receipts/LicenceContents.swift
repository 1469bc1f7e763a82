// What the receipt of a licence says: who holds it with which keys, to what, and until when.
import JSON
import Ledger
import Primitives
import Records

struct LicenceContents {
    private let receipt: LicenceReceipt
    /// Nil where an entry is none that this program knows.
    let licence: Licence?
    /// With which the holder signs now, an agent's owner's not among them.
    let keys: [PublicKey]

    init(_ receipt: LicenceReceipt) {
        self.receipt = receipt
        var state = LedgerState(chain: receipt.chain)
        for part in [receipt.licence, receipt.holder] {
            guard let key = StateKey(decoding: part.key) else { continue }
            // What does not decode is left out of the facts.
            try? state.restore(key, from: part.value)
        }
        if case .licence(let entry)? = Digest(receipt.licence.key.dropFirst())
            .flatMap({ state.law(.licence(LicenceID($0))) })
        {
            licence = entry
        } else {
            licence = nil
        }
        let holder = Digest(receipt.holder.key.dropFirst()) ?? Digest()
        if receipt.isAgents {
            keys = [state.agent(AgentID(holder))?.key].compactMap { $0 }.filter { !$0.isZero }
        } else {
            keys = (state.owner(OwnerID(holder))?.keys ?? []).filter(\.isActive).map(\.key)
        }
    }

    /// What a part was about; nil for those that all receipts have.
    func meaning(_ part: ReceiptPart) -> String? {
        switch part {
        case .format: LicenceReceipt.formatName
        case .state: "2 entries of checkpoint \(receipt.checkpoint.header.height)"
        case .licence: licence.map { "licence \($0.serial) of offer \($0.offer.hex)" }
        case .holder:
            (receipt.isAgents ? "agent " : "owner ")
                + (Digest(receipt.holder.key.dropFirst()) ?? Digest()).hex
        default: nil
        }
    }

    private var facts: [(name: String, value: String)] {
        guard let licence else { return [] }
        return [
            ("licence", licence.id.hex), ("holder", licence.holder.hex),
            ("keys", keys.map(\.hex).joined(separator: " ")), ("seller", licence.seller.hex),
            ("content", licence.content.hex),
            ("terms", licence.wording.isZero ? "" : licence.wording.hex),
            ("from", Quantity.time(licence.from)),
            ("until", licence.isForEver ? "for ever" : Quantity.time(licence.until)),
            ("transferable", licence.isTransferable ? "yes" : "no"),
        ]
    }

    /// One line for each fact.
    var text: String {
        var list = Facts()
        for fact in facts { list.add(fact.name, fact.value) }
        return list.text
    }

    var json: [JSONMember] {
        [
            JSONMember(
                "contents", .object(facts.map { JSONMember($0.name, .string($0.value)) }))
        ]
    }
}
