// The least ledger that the fast path can stand on: heads of chains, carried on by a total order.
import Primitives

@testable import Consensus

/// What stands in the total order.
enum OrderedItem: Sendable {
    case certificate(CheckedCertificate)
    case unlock(Unlock)
    case unlockVote(UnlockVote, Seat)
    case close
    case endOfEpoch(Seat)
}

/// One seat's view of the order so far.
struct TestLedger: Sendable {
    let committee: CommitteeView
    let rules: FastPathRules
    var heads: [ChainKey: ChainHead] = [:]
    /// Certified updates above heads whose predecessors are not in the order yet.
    var deferred: [ChainKey: [UInt64: Update]] = [:]
    var unlocks: [ChainKey: UnlockEntry] = [:]
    var ended = SeatSet()
    var isClosing = false
    /// The last commit of the epoch was made: nothing counts any more.
    var isOver = false
    /// All that was carried out, with the attempts.
    var carried: [UpdateSlot: Digest] = [:]
    /// A certified update that names another predecessor than the one carried out.
    var misplaced: [Update] = []

    init(committee: CommitteeView, rules: FastPathRules) {
        self.committee = committee
        self.rules = rules
    }

    func head(_ chain: ChainKey) -> ChainHead { heads[chain] ?? .start }

    /// Carries the order on by one item; what the fast path is told.
    mutating func apply(_ item: OrderedItem) -> [FastPath.Input] {
        guard !isOver else { return [] }
        switch item {
        case .certificate(let certificate): return sequence(certificate)
        case .unlock(let unlock):
            let chain = unlock.slot.chain
            guard unlocks[chain] == nil, let entry = UnlockEntry(unlock, head: head(chain)) else {
                return []
            }
            unlocks[chain] = entry
            return [.unlocking(unlock.slot, head: head(chain))]
        case .unlockVote(let vote, let seat): return take(vote, seat)
        case .close:
            isClosing = true
            return [.closing]
        case .endOfEpoch(let seat):
            ended.insert(seat)
            isOver = ended.count >= committee.quorum
            return []
        }
    }

    private mutating func take(_ vote: UnlockVote, _ seat: Seat) -> [FastPath.Input] {
        let chain = vote.slot.chain
        switch unlocks[chain]?.take(vote, from: seat, in: committee, rules: rules) {
        case .ignored?, .open?, nil: return []
        case .stands(let certificate)?: return sequence(certificate)
        case .voided(let attempt)?:
            unlocks[chain] = nil
            deferred[chain] = nil
            heads[chain] = ChainHead(
                sequence: head(chain).sequence, digest: head(chain).digest, attempt: attempt)
            return [.executed(chain: chain, head: head(chain))]
        }
    }

    private mutating func sequence(_ certificate: CheckedCertificate) -> [FastPath.Input] {
        for update in certificate.updates {
            let head = head(update.chain)
            guard update.attempt == head.attempt, update.sequence > head.sequence else { continue }
            deferred[update.chain, default: [:]][update.sequence] = update
            carryOut(update.chain)
        }
        return certificate.updates.map { .executed(chain: $0.chain, head: head($0.chain)) }
            + [.sequenced(certificate.reference)]
    }

    private mutating func carryOut(_ chain: ChainKey) {
        while true {
            let sequence = head(chain).sequence + 1
            guard let next = deferred[chain]?.removeValue(forKey: sequence) else { return }
            if let previous = next.previous, previous != head(chain).digest {
                misplaced.append(next)
                return
            }
            heads[chain] = ChainHead(
                sequence: next.sequence, digest: next.digest, attempt: next.attempt)
            carried[next.slot] = next.digest
            unlocks[chain] = nil
        }
    }
}
