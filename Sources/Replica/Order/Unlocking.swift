// Settling split votes, and noting proven faults, at their place in the order.
import Consensus
import Ledger
import Primitives

extension Replica {
    /// The attempt that is open for the update of a chain.
    func attempt(of chain: Digest, sequence: UInt64) -> UInt32 {
        unlock(of: chain).map { $0.sequence == sequence ? $0.attempt : 0 } ?? 0
    }

    private func unlock(of chain: Digest) -> UnlockEntry? {
        let bytes = state.unlock(chain)
        return bytes.isEmpty ? nil : try? UnlockEntry(decoding: bytes)
    }

    /// The chain moved on: what was being settled is settled.
    mutating func clearUnlock(of chain: Digest) {
        if !state.unlock(chain).isEmpty { _ = state.setUnlock(chain, to: []) }
    }

    /// Acts on an ordered item of `author`.
    mutating func take(_ ordered: Ordered, from author: Seat, at time: Instant) {
        switch ordered {
        case .certificate: break
        case .unlock(let unlock): begin(unlock)
        case .unlockVote(let vote): count(vote, from: author, at: time)
        case .twins(let evidence): punishTwins(evidence, by: author, at: time)
        case .doubleLock(let evidence): punishDoubleLock(evidence, by: author, at: time)
        case .endOfEpoch: flow.ended.insert(author)
        }
    }

    private mutating func begin(_ unlock: Unlock) {
        let slot = unlock.slot
        guard unlock.epoch == epoch, slot.sequence == sequence(of: slot.chain) + 1 else { return }
        var entry =
            self.unlock(of: slot.chain)
            ?? UnlockEntry(sequence: slot.sequence, attempt: slot.attempt)
        guard entry.sequence == slot.sequence, entry.attempt == slot.attempt, !entry.isOpen else {
            return
        }
        entry.open()
        _ = state.setUnlock(slot.chain, to: entry.encoded)
        work.append(.locks(.unlocking(slot)))
    }

    /// The last sequence carried out on a chain of either kind.
    private func sequence(of chain: Digest) -> UInt64 {
        state.submitter(SubmitterID(chain))?.sequence
            ?? state.lastSequence(of: PublicKey(chain))
    }

    private mutating func count(
        _ vote: UnlockVote, from author: Seat, at time: Instant
    ) {
        let slot = vote.slot
        guard vote.epoch == epoch, var entry = unlock(of: slot.chain) else { return }
        guard entry.sequence == slot.sequence, entry.attempt == slot.attempt else { return }
        if let certificate = vote.certificate, let checked = check(certificate) {
            // The certificate stands: its items have their turn at once.
            for update in checked.updates {
                execution.insertSecond(.update(update, at: time))
            }
        }
        guard entry.take(from: author, quorum: view.quorum) == .voided else {
            _ = state.setUnlock(slot.chain, to: entry.encoded)
            return
        }
        _ = state.setUnlock(slot.chain, to: entry.encoded)
    }

    // MARK: Faults

    private mutating func punishTwins(
        _ evidence: Evidence, by author: Seat, at time: Instant
    ) {
        guard let seat = try? evidence.check(in: view) else { return }
        punish(seat, for: .twinBlocks, by: author, at: time)
    }

    private mutating func punishDoubleLock(
        _ evidence: LockEvidence, by author: Seat, at time: Instant
    ) {
        guard let seat = try? evidence.check(in: view) else { return }
        punish(seat, for: .twinVotes, by: author, at: time)
    }

    private mutating func punish(
        _ seat: Seat, for kind: FaultKind, by author: Seat, at time: Instant
    ) {
        _ = state.punish(
            view.keys[Int(seat.index)], for: kind, reporter: view.keys[Int(author.index)],
            at: time)
    }
}
