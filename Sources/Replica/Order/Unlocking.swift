// Settling split votes, and noting proven faults, at their place in the order.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records

/// What the state keeps of a chain whose votes were split: the attempt that is open for everything
/// above its head, and the unlocking that is being decided.
struct ChainAttempt: Sendable {
    var attempt: UInt32 = 0
    var unlocking: UnlockEntry?

    init() {}

    /// Attempt, then the unlocking where there is one.
    var encoded: [UInt8] {
        if attempt == 0, unlocking == nil { return [] }
        var writer = ByteWriter()
        writer.write(attempt)
        writer.append(unlocking?.encoded ?? [])
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        if bytes.isEmpty { return }
        var reader = ByteReader(bytes)
        attempt = try reader.read()
        let rest = try reader.rest()
        unlocking = rest.isEmpty ? nil : try UnlockEntry(decoding: rest)
    }
}

extension Replica {
    func chainAttempt(_ chain: Digest) -> ChainAttempt {
        (try? ChainAttempt(decoding: state.unlock(chain))) ?? ChainAttempt()
    }

    private mutating func set(_ attempt: ChainAttempt, of chain: Digest) {
        _ = state.setUnlock(chain, to: attempt.encoded)
    }

    /// The chain moved on: what was being settled is settled.
    mutating func endUnlock(of chain: Digest) {
        var attempt = chainAttempt(chain)
        guard attempt.unlocking != nil else { return }
        attempt.unlocking = nil
        set(attempt, of: chain)
    }

    /// Acts on an ordered item of `author`.
    mutating func take(
        _ ordered: Ordered, from author: Seat, at time: Instant, now: Instant,
        into actions: inout [Action]
    ) {
        switch ordered {
        case .certificate, .coinShare: break
        case .sealingKey(let key, let registration): take(registration, of: key)
        case .keyMessage(let message): take(message, from: author, at: time, into: &actions)
        case .wrongShare(let evidence): take(evidence, from: author, at: time, into: &actions)
        // The commit's time may still be before that of the checkpoint: then another follows.
        case .heartbeat: if author == seat { sealing.beatHeight = 0 }
        case .unlock(let conflict): begin(conflict)
        case .unlockVote(let vote): count(vote, from: author, at: time, now: now)
        case .twins(let evidence):
            if let seat = try? evidence.check(in: view) {
                punish(seat, for: .twinBlocks, by: author, at: time, into: &actions)
            }
        case .doubleLock(let evidence):
            if let seat = try? evidence.check(in: view) {
                punish(seat, for: .twinVotes, by: author, at: time, into: &actions)
            }
        case .twinCheckpoints(let first, let second):
            for seat in view.seats where areTwins(first, second, of: seat) {
                punish(seat, for: .twinCheckpoints, by: author, at: time, into: &actions)
            }
        case .endOfEpoch: if flow.isClosing { flow.ended.insert(author) }
        }
    }

    /// Whether a seat signed two headers of one height of this chain and epoch.
    private func areTwins(
        _ first: CheckpointVote, _ second: CheckpointVote, of seat: Seat
    ) -> Bool {
        let key = view.keys[Int(seat.index)]
        return first.header.chain == state.chain && second.header.chain == state.chain
            && first.header.epoch == epoch && second.header.epoch == epoch
            && first.header.height == second.header.height && first.header != second.header
            && first.isSigned(by: key) && second.isSigned(by: key)
    }

    private mutating func begin(_ conflict: Conflict) {
        guard conflict.isProven(chain: genesis.digest) else { return }
        let head = head(of: conflict.update)
        var attempt = chainAttempt(conflict.update.chain)
        let slot = UpdateSlot(
            chain: conflict.update.chain, sequence: conflict.update.sequence,
            attempt: head.attempt)
        guard attempt.unlocking == nil, let entry = UnlockEntry(Unlock(slot: slot), head: head)
        else { return }
        attempt.unlocking = entry
        set(attempt, of: slot.chain)
        work.append(.unlocking(slot))
    }

    private mutating func count(
        _ vote: UnlockVote, from author: Seat, at time: Instant, now: Instant
    ) {
        let chain = vote.slot.chain
        var attempt = chainAttempt(chain)
        guard var entry = attempt.unlocking else { return }
        switch entry.take(vote, from: author, in: view) {
        case .ignored: return
        case .open: attempt.unlocking = entry
        case .stands(let certificate):
            // Its items have their turn at once, in the place of this vote.
            execution.insertSecond(
                certificate.updates.map { .update($0, at: time) } + [.certificate(certificate)])
            attempt.unlocking = entry
        case .voided(let next):
            attempt.attempt = next
            attempt.unlocking = nil
        }
        set(attempt, of: chain)
        if attempt.unlocking == nil { reopen(chain, at: now) }
    }

    /// A new attempt is open: own submissions of the chain are given to the fast path again.
    private mutating func reopen(_ chain: Digest, at now: Instant) {
        work.append(.locks(.executed(chain: chain, head: head(of: chain))))
        guard !isReplaying, seat != nil else { return }
        offer(pool.own.filter { $0.chain == chain })
    }

    mutating func punish(
        _ seat: Seat, for kind: FaultKind, by author: Seat, at time: Instant,
        into actions: inout [Action]
    ) {
        _ = state.punish(
            view.keys[Int(seat.index)], for: kind, reporter: view.keys[Int(author.index)],
            at: time)
        convict(seat, into: &actions)
    }
}
