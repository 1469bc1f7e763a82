// Receipts, state proofs and the tile log: what a node gives to those who do not trust it.
import Ledger
import Merkle
import Primitives
import Records

extension Node {
    /// The receipt of a record.
    public func receipt(_ id: RecordID) throws(NodeFailure) -> ReceiptLookup {
        let working = try asked()
        guard let view = try working.batch(id.batch), try working.record(id) != nil else {
            return .unknown
        }
        guard let placement = try working.placement(id.batch),
            let checkpoint = try working.checkpoint(placement.height)
        else { return .notCheckpointed }
        guard id.batch > working.store.prunedThrough else { throw .pruned(batch: id.batch) }
        let sealed = try working.sealedBatch(view)
        let decoded = try working.batch(decoding: id.batch)
        let leaves = checkpoint.items.map(\.item.leaf)
        guard let path = BatchTree.path(leaves: decoded.digests, index: id.row),
            let itemPath = BatchTree.path(leaves: leaves, index: Int(placement.index))
        else { return .unknown }
        let batchPart = Receipt.BatchPart(
            header: sealed.header, signature: sealed.signature, index: id.row,
            path: path.siblings)
        let checkpointPart = CheckpointPart(
            header: checkpoint.checkpoint.header, index: Int(placement.index),
            path: itemPath.siblings, certificate: checkpoint.checkpoint.certificate)
        var receipt = Receipt(
            genesis: genesis,
            record: decoded.columns.record(at: id.row, digests: decoded.digests),
            batch: batchPart, checkpoint: checkpointPart)
        receipt.steps = try working.steps(to: checkpoint.checkpoint.header, from: genesis)
        if !receipt.steps.isEmpty, receipt.json().count > Receipt.textBytes { receipt.steps = [] }
        return .receipt(receipt)
    }

    /// The receipt of an operation, by its digest.
    public func receipt(
        operation digest: Digest
    ) throws(NodeFailure) -> OperationReceiptLookup {
        let working = try asked()
        guard case .operation(let operation) = try working.body(digest) else { return .unknown }
        guard let placement = try working.placement(operation: digest),
            let view = try working.checkpoint(placement.height)
        else { return .notCheckpointed }
        let place = Int(placement.index)
        guard view.items.indices.contains(place), view.items[place].item.digest == digest,
            let path = BatchTree.path(leaves: view.items.map(\.item.leaf), index: place),
            let part = OperationReceipt.OperationPart(encoded: operation.encoded)
        else { return .unknown }
        let checkpoint = view.checkpoint
        var receipt = OperationReceipt(
            genesis: genesis, operation: part,
            outcome: view.items[place].item == .refused(digest) ? .refused : .done,
            checkpoint: CheckpointPart(
                header: checkpoint.header, index: place, path: path.siblings,
                certificate: checkpoint.certificate))
        receipt.steps = try working.steps(to: checkpoint.header, from: genesis)
        if !receipt.steps.isEmpty, receipt.json().count > OperationReceipt.textBytes {
            receipt.steps = []
        }
        return .receipt(receipt)
    }

    /// An entry of the state as of the last checkpoint, with its proof; nil before the first
    /// checkpoint.
    public func stateProof(_ key: StateKey) throws(NodeFailure) -> StateView? {
        let working = try asked()
        guard let last = working.core.replica.last,
            let view = try working.checkpoint(last.height)
        else { return nil }
        return StateView(
            key: key.place, value: try working.get(key.encoded, in: Space.state),
            proof: working.core.replica.tree.proof(key.place), checkpoint: view.checkpoint)
    }

    /// The name of the tile log: witnesses and clients know it by this.
    public var logOrigin: String { "althing/" + genesis.digest.hex.prefix(16) }

    /// The signed head of the tile log (C2SP tlog-checkpoint); nil while it is empty.
    public func logNote() throws(NodeFailure) -> [UInt8]? {
        guard let log = try asked().core.log, log.size > 0 else { return nil }
        do {
            let note = try CheckpointNote(origin: logOrigin, head: log.head)
            return try note.signed(by: keys.validator, name: logOrigin).bytes
        } catch {
            return nil
        }
    }

    /// A tile of the log or a bundle of its entries (C2SP tlog-tiles); nil where the log does not
    /// reach it.
    public func logTile(_ path: TilePath) throws(NodeFailure) -> [UInt8]? {
        let working = try asked()
        guard let log = working.core.log else { return nil }
        guard case .entries = path.kind else { return log.tile(path) }
        let first = path.index * 256
        guard first + UInt64(path.width) <= log.size else { return nil }
        var entries: [[UInt8]] = []
        for height in first + 1...first + UInt64(path.width) {
            guard let view = try working.checkpoint(height) else { return nil }
            entries.append(view.checkpoint.header.encoded)
        }
        return EntryBundle.encode(entries)
    }
}
