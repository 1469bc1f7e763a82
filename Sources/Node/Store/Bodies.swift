// The bodies that are recorded and not placed in a certified checkpoint yet: where they stand in
// the
// journal, and in their chains.
import Consensus
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

    /// Settles every place of which `isSettled` says that its time has passed.
    mutating func settle(where isSettled: (ChainPlace) -> Bool) {
        for place in byPlace.keys.filter(isSettled) { settle(place) }
    }
}

extension ChainPlace {
    init(_ body: Body) { self.init(body.update(attempt: 0)) }

    init(_ update: Update) { self.init(chain: update.chain, sequence: update.sequence) }
}

extension LedgerState {
    /// Whether the chain has passed that place.
    func isSettled(_ place: ChainPlace) -> Bool { chainHeads.isSettled(place) }
}

extension ChainHeads {
    /// Whether the chain had passed that place.
    func isSettled(_ place: ChainPlace) -> Bool { place.sequence <= sequence(of: place.chain) }
}
