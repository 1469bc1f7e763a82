// Inputs of the checks of consensus and replica, out of what four validators said and kept.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records
import Replica

extension Sample {
    static func committeeSamples() -> [Sample] {
        let play = CommitteePlay.played
        return messageSamples(play) + orderedSamples(play) + fastPathSamples(play)
            + coinSamples(play) + stateSamples(play) + journalSamples(play)
    }

    /// Up to two of each kind of bytes that begin alike.
    private static func few(_ check: String, _ inputs: [[UInt8]], limit: Int) -> [Sample] {
        var counts: [UInt8: Int] = [:]
        var samples: [Sample] = []
        for input in inputs where input.count <= limit {
            guard let first = input.first, counts[first, default: 0] < 2,
                !samples.contains(where: { $0.bytes == input })
            else { continue }
            samples.append(Sample(check, "\(first)-\(counts[first, default: 0])", input))
            counts[first, default: 0] += 1
        }
        return samples
    }

    private static func messageSamples(_ play: CommitteePlay) -> [Sample] {
        // Late ones are of the epoch that the witness is in.
        var messages = Array(play.messages.reversed())
        if let last = play.certified.last {
            messages.append(.checkpoints([last.checkpoint]))
            let entries = play.state.map { SnapshotEntry(key: $0.key, value: $0.value) }
                .sorted { $0.key.encoded.lexicographicallyPrecedes($1.key.encoded) }
            messages.append(
                .snapshot(
                    SnapshotPart(
                        checkpoint: last.checkpoint, steps: Array(play.steps.prefix(1)), part: 0,
                        isLast: true, entries: Array(entries.prefix(6)))))
        }
        messages += [
            .checkpointsWanted(from: 3), .bodiesWanted([Digest(), LedgerPlay.chain]),
        ]
        let bodies = play.entries.compactMap { entry -> Body? in
            if case .body(_, let body) = entry { body } else { nil }
        }
        messages.append(.bodies(Array(bodies.suffix(2))))
        let blocks = play.entries.compactMap { entry -> Block? in
            if case .block(let block) = entry { block } else { nil }
        }
        messages.append(
            .blocksWanted(
                epoch: 1, blocks.last?.header.parents ?? [], above: Round(2)))
        let snapshotWanted: [UInt8] = [13] + [UInt8](repeating: 0, count: 20)
        return few("peer-message", [snapshotWanted] + messages.map(\.encoded), limit: 8192)
            + blocks.filter { $0.header.author > Seat(0) }.suffix(6).enumerated()
            .map { Sample("block", "\($0)", $1.encoded) }
    }

    private static func orderedSamples(_ play: CommitteePlay) -> [Sample] {
        var items = play.ordered
        let claims = play.entries.compactMap { entry -> SignedClaim? in
            if case .body(_, let body) = entry { SignedClaim(body) } else { nil }
        }
        if let first = claims.first, let last = claims.last {
            items.append(.unlock(Conflict(first, last)))
        }
        if let evidence = lockEvidence(play) { items.append(.doubleLock(evidence)) }
        let votes = play.messages.compactMap { message -> CheckpointVote? in
            if case .checkpointVote(let vote) = message { vote } else { nil }
        }
        if votes.count > 1 { items.append(.twinCheckpoints(votes[0], votes[1])) }
        if case .coinShare(let share)? = items.first(where: {
            if case .coinShare = $0 { true } else { false }
        }) {
            items.append(.wrongShare(CoinEvidence(share: share)))
        }
        if let slot = proposals(play).first?.items.first?.slot {
            items.append(.unlockVote(UnlockVote(slot: slot, certificate: nil)))
            items.append(.unlockVote(UnlockVote(slot: slot, certificate: certificates(play).first)))
        }
        return few("ordered", items.map(\.encoded), limit: 4096)
    }

    // MARK: The fast path

    private static func proposals(_ play: CommitteePlay) -> [Proposal] {
        play.messages.compactMap {
            if case .proposal(let proposal, _) = $0 { proposal } else { nil }
        }
    }

    private static func certificates(_ play: CommitteePlay) -> [Certificate] {
        play.messages.compactMap { if case .certificate(let found) = $0 { found } else { nil } }
    }

    private static func lockEvidence(_ play: CommitteePlay) -> LockEvidence? {
        guard let certificate = certificates(play).first, let vote = certificate.votes.first else {
            return nil
        }
        let lock = SignedLock(proposal: certificate.proposal, vote: vote, index: 0)
        return LockEvidence(first: lock, second: lock)
    }

    private static func fastPathSamples(_ play: CommitteePlay) -> [Sample] {
        var inputs: [(FastPathObject, [UInt8])] = []
        for message in play.messages.reversed() {
            switch message {
            case .proposal(let proposal, _): inputs.append((.proposal, proposal.encoded))
            case .vote(let reply): inputs.append((.reply, reply.encoded))
            case .certificate(let certificate):
                inputs.append((.certificate, certificate.encoded))
            case .confirm(let confirm):
                inputs.append((.confirm, confirm.encoded))
                let signature = SeatSignature(
                    seat: confirm.voter, items: confirm.confirmed, signature: confirm.signature)
                let finality = Finality(
                    epoch: confirm.epoch, proposal: confirm.proposal, confirms: [signature])
                inputs.append((.finality, finality.encoded))
            default: break
            }
        }
        if let evidence = lockEvidence(play) { inputs.append((.evidence, evidence.encoded)) }
        if let slot = proposals(play).first?.items.first?.slot {
            let certificate = certificates(play).first
            let head = ChainHead(
                sequence: slot.sequence - 1, digest: Digest(), attempt: slot.attempt)
            inputs.append((.unlock, Unlock(slot: slot).encoded))
            inputs.append((.unlockVote, UnlockVote(slot: slot, certificate: nil).encoded))
            inputs.append((.unlockVote, UnlockVote(slot: slot, certificate: certificate).encoded))
            if let view = play.view, var entry = UnlockEntry(Unlock(slot: slot), head: head) {
                let vote = UnlockVote(slot: slot, certificate: nil)
                _ = entry.take(vote, from: Seat(2), in: view)
                inputs.append((.entry, entry.encoded))
            }
            inputs.append((.record, LockRecord.unlocking(slot).encoded))
        }
        for case .locks(_, let record) in play.entries { inputs.append((.record, record.encoded)) }
        return few("fast-path", inputs.map { [$0.rawValue] + $1 }, limit: 4095)
    }

    // MARK: The coin

    private static func coinSamples(_ play: CommitteePlay) -> [Sample] {
        guard let setting = play.setting, let generation = KeyPlay.generation(setting) else {
            return []
        }
        let messages = KeyPlay.messages(setting)
        var inputs: [(CoinObject, [UInt8])] = []
        if let keys = generation.keys(), let coin = Coin(committee: setting.committee, keys: keys) {
            inputs.append((.keys, keys.encoded))
            let shares = zip(KeyPlay.participants(setting), CommitteePlay.keys)
                .compactMap { participant, key in
                    participant.secret(from: generation).map {
                        coin.share(of: Round(7), secret: $0, key: key)
                    }
                }
            inputs += shares.prefix(2).map { (.share, $0.encoded) }
            if let opened = OpenedCoin(shares: Array(shares.prefix(coin.threshold))) {
                inputs.append((.opened, opened.encoded))
            }
        }
        if let first = messages.first, let last = messages.last {
            inputs += [first, last].map { (.keyMessage, $0.encoded) }
            inputs.append((.keyEvidence, KeyEvidence.malformedDealing(first).encoded))
            inputs.append(
                (.keyEvidence, KeyEvidence.falseComplaint(response: last, dealing: first).encoded))
        }
        inputs.append((.generation, KeyGeneration(setting).encoded))
        inputs.append((.generation, generation.encoded))
        var writer = ByteWriter()
        SealingRegistration(key: CommitteePlay.keys[0]).encode(to: &writer)
        inputs.append((.registration, writer.bytes))
        return few("coin", inputs.map { [$0.rawValue] + $1 }, limit: 8191)
    }

    // MARK: The state

    private static func stateSamples(_ play: CommitteePlay) -> [Sample] {
        var entries = play.state.map { ($0.key.encoded, $0.value) }
        entries += play.certified.flatMap(\.changes).filter { !$0.value.isEmpty }
            .map { ($0.key.encoded, $0.value) }
        entries.sort { $0.0.lexicographicallyPrecedes($1.0) }
        var samples: [Sample] = []
        var kinds: [UInt8: Int] = [:]
        for (key, value) in entries where kinds[key[0], default: 0] < 2 && value.count < 4000 {
            let input = [UInt8(key.count)] + key + value
            guard !samples.contains(where: { $0.bytes == input }) else { continue }
            samples.append(
                Sample("state-entry", "\(key[0])-\(kinds[key[0], default: 0])", input))
            kinds[key[0], default: 0] += 1
        }
        for (key, value) in play.state.sorted(by: {
            $0.key.encoded.lexicographicallyPrecedes($1.key.encoded)
        }) {
            guard case .consensus(let slot) = key, value.count < 8191 else { continue }
            samples.append(Sample("snapshot", "slot-\(slot)", [slot] + value))
        }
        // The close of an epoch with the members of the next, out of the last checkpoint of one.
        for sealed in play.certified where sealed.checkpoint.header.next != nil {
            guard let flow = sealed.changes.first(where: { $0.key == .consensus(2) }) else {
                continue
            }
            samples.append(Sample("snapshot", "closing", [0x82] + flow.value))
            break
        }
        return samples
    }

    private static func journalSamples(_ play: CommitteePlay) -> [Sample] {
        let kinds: [JournalEntry.Kind] = [.block, .locks, .certificate]
        let lost = JournalEntry.amnesia(CommitteePlay.keys[0].publicKey)
        return kinds.compactMap { kind in
            play.entries.last { $0.kind == kind && $0.encoded.count < 4000 }.map {
                Sample("journal-entry", "\(kind)", [kind.rawValue] + $0.encoded)
            }
        } + [Sample("journal-entry", "amnesia", [lost.kind.rawValue] + lost.encoded)]
    }
}
