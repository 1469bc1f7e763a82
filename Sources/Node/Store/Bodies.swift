// The bodies that are recorded and not placed in a certified checkpoint yet: where they stand in the
// journal, and in their chains.
import Ledger
import Primitives
import Records
import Replica
import Storage

struct Bodies {
    private var found: [Digest: (position: FramePosition, place: ChainPlace)] = [:]
    /// More than one where somebody signed two bodies for one place.
    private var byPlace: [ChainPlace: [Digest]] = [:]

    func position(_ digest: Digest) -> FramePosition? { found[digest]?.position }

    func place(_ digest: Digest) -> ChainPlace? { found[digest]?.place }

    mutating func note(_ body: Body, at position: FramePosition) {
        let place = ChainPlace(body)
        if found.updateValue((position, place), forKey: body.digest) == nil {
            byPlace[place, default: []].append(body.digest)
        }
    }

    /// What was executed there is placed: nothing of the place is needed any more.
    mutating func settle(_ place: ChainPlace) {
        for digest in byPlace.removeValue(forKey: place) ?? [] { found[digest] = nil }
    }

    mutating func removeAll() { self = Bodies() }
}

extension ChainPlace {
    init(_ body: Body) {
        switch body {
        case .batch(let batch):
            let header = batch.batch.header
            self.init(chain: Digest(header.submitter.bytes) ?? Digest(), sequence: header.sequence)
        case .operation(let operation):
            self.init(chain: Digest(operation.key.bytes) ?? Digest(), sequence: operation.sequence)
        }
    }
}

extension LedgerState {
    /// Whether something was executed at the place of `body`.
    func isSettled(_ body: Body) -> Bool {
        switch body {
        case .batch(let batch):
            let header = batch.batch.header
            return header.sequence <= submitter(header.submitter)?.sequence ?? 0
        case .operation(let operation):
            return operation.sequence <= lastSequence(of: operation.key)
        }
    }
}
