// The receipt of a licence: its entry and its holder's, under the last checkpoint.
import Ledger
import Primitives
import Records

/// What there is of the receipt of a licence.
public enum LicenceReceiptLookup: Sendable {
    case unknown
    /// It has ended.
    case ended
    /// No checkpoint holds it yet.
    case notCheckpointed
    case receipt(LicenceReceipt)
}

extension Node {
    /// The receipt of a licence as of the last checkpoint. What was done with it since, a transfer
    /// above all, is waited for: a receipt never shows the holder of before.
    public func receipt(licence id: LicenceID) throws(NodeFailure) -> LicenceReceiptLookup {
        let state = try asked().core.replica.state
        guard case .licence(let licence)? = state.law(.licence(id)) else { return .unknown }
        let isAgents = state.agent(AgentID(licence.holder)) != nil
        let holder: StateKey =
            isAgents ? .agent(AgentID(licence.holder)) : .owner(OwnerID(licence.holder))
        guard let view = try stateProof(.law(.licence(id))),
            let first = view.part(.law(.licence(id))),
            first.value == state.encodedEntry(.law(.licence(id))),
            let second = try stateProof(holder)?.part(holder)
        else { return .notCheckpointed }
        guard licence.holds(at: view.checkpoint.header.time) else { return .ended }
        var receipt = LicenceReceipt(
            genesis: genesis, licence: first, holder: second, checkpoint: view.checkpoint)
        receipt.steps = try asked().steps(to: view.checkpoint.header, from: genesis)
        if receipt.json().count > LicenceReceipt.textBytes { receipt.steps = [] }
        return .receipt(receipt)
    }
}

extension StateView {
    /// As receipts hold it; nil where there is no entry.
    fileprivate func part(_ key: StateKey) -> StateEntryPart? {
        value.map { StateEntryPart(key: key.encoded, value: $0, path: proof.siblings) }
    }
}
