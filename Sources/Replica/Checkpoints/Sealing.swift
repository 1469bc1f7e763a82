// Checkpoints: sealed where the order says so, signed by every seat, certified by a quorum.
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

import struct Consensus.Round
import struct Consensus.Seat

/// What is between carried out and certified.
struct Sealing: Sendable {
    /// A checkpoint that waits for its certificate.
    struct Sealed: Sendable {
        var header: CheckpointHeader
        var committee: Committee
        var items: [CheckpointItem]
        var changes: [(key: StateKey, value: [UInt8])]
        var floor: Round
        /// By place in the committee.
        var signatures: [UInt16: Signature] = [:]
        /// What seats signed instead at this height.
        var strays: [UInt16: CheckpointVote] = [:]
        /// The next committee, where it ends an epoch.
        var next: Committee?

        /// Of a quorum and no more.
        var certificate: [CheckpointSignature] {
            signatures.keys.sorted().prefix(committee.quorum).compactMap { seat in
                signatures[seat].map { CheckpointSignature(validator: seat, signature: $0) }
            }
        }
    }

    /// Carried out since the newest sealed checkpoint, in order.
    var pending: [CheckpointItem] = []
    /// The newest sealed header; nil before the first.
    var newest: CheckpointHeader?
    /// Sealed and not certified, by height.
    var waiting: [Sealed] = []
    /// Signatures for heights that are not sealed here yet.
    var early: [UInt64: [(PublicKey, CheckpointVote)]] = [:]
    /// The height for which this seat has put a heartbeat in order.
    var beatHeight: UInt64 = 0
    /// When own signatures were sent last.
    var sentAt = Instant(nanoseconds: 0)
    let created: Instant

    init(created: Instant) { self.created = created }

    /// Heights ahead for which signatures are kept.
    static let mostEarly: UInt64 = 64

    /// Whether a commit of that time ends with a checkpoint.
    func isDue(at time: Instant, _ settings: ReplicaSettings) -> Bool {
        pending.count >= Limits.itemsPerCheckpoint / 2 || time >= due(settings)
    }

    /// The earliest time of a commit that ends with a checkpoint.
    func due(_ settings: ReplicaSettings) -> Instant {
        let interval =
            pending.isEmpty ? settings.idleIntervalNanoseconds : settings.intervalNanoseconds
        return (newest?.time ?? created).advanced(byNanoseconds: interval)
    }
}

extension Replica {
    /// Seals a checkpoint of everything carried out, and signs it.
    mutating func seal(
        at time: Instant, closing: Bool, now: Instant, into actions: inout [Action]
    ) {
        _ = state.setConsensus(OrderTrail.slot, to: execution.trail.encoded)
        _ = state.setConsensus(EpochFlow.slot, to: flow.encoded)
        let next = closing ? nextCommittee : nil
        let changes = state.takeChanges()
        tree.update(changes.map { $0.key.change(to: $0.value) })
        let items = sealing.pending
        sealing.pending.removeAll()
        var header = CheckpointHeader()
        header.chain = state.chain
        header.epoch = epoch
        header.height = (sealing.newest?.height ?? 0) + 1
        header.previous = sealing.newest?.digest ?? state.chain
        header.time = max(
            time, (sealing.newest?.time ?? genesis.created).advanced(byNanoseconds: 1))
        header.items = UInt32(clamping: items.count)
        header.itemsRoot = items.isEmpty ? Digest() : BatchTree.root(of: items.map(\.leaf))
        header.records = state.records
        header.stateRoot = tree.root
        header.committee = committee.digest
        header.next = next?.digest
        sealing.newest = header
        var sealed = Sealing.Sealed(
            header: header, committee: committee, items: items, changes: changes,
            floor: execution.trail.floor(depth: settings.commits.depth))
        sealed.next = next
        sealing.waiting.append(sealed)
        signNewest(into: &actions)
        for (signer, vote) in sealing.early.removeValue(forKey: header.height) ?? [] {
            note(vote, from: signer, into: &actions)
        }
        certify(into: &actions)
    }

    private mutating func signNewest(into actions: inout [Action]) {
        let place = sealing.waiting.count - 1
        let sealed = sealing.waiting[place]
        guard halted == nil, let key,
            let seat = sealed.committee.validators.firstIndex(of: key.publicKey)
        else { return }
        let signature = key.sign(sealed.header.signedBytes)
        sealing.waiting[place].signatures[UInt16(seat)] = signature
        guard view.count > 1, !isReplaying, !contacts.isAsking else { return }
        actions.append(
            .broadcast(
                .checkpointVote(CheckpointVote(header: sealed.header, signature: signature))))
    }

    /// Takes another seat's signature.
    mutating func note(
        _ vote: CheckpointVote, from signer: PublicKey, into actions: inout [Action]
    ) {
        let height = vote.header.height
        let newest = sealing.newest?.height ?? 0
        if height > newest {
            guard height - newest <= Sealing.mostEarly else { return }
            var list = sealing.early[height] ?? []
            guard !list.contains(where: { $0.0 == signer }),
                list.count < Limits.validatorsPerCommittee
            else { return }
            list.append((signer, vote))
            sealing.early[height] = list
            return
        }
        guard let place = sealing.waiting.firstIndex(where: { $0.header.height == height }) else {
            return
        }
        let sealed = sealing.waiting[place]
        guard let index = sealed.committee.validators.firstIndex(of: signer),
            vote.header.chain == state.chain, vote.isSigned(by: signer)
        else { return }
        let seat = UInt16(index)
        if vote.header == sealed.header {
            sealing.waiting[place].signatures[seat] = vote.signature
            accuse(seat, of: sealed, other: sealed.strays[seat])
            certify(into: &actions)
            return
        }
        sealing.waiting[place].strays[seat] = vote
        accuse(seat, of: sealed, other: vote)
        let same = sealing.waiting[place].strays.values.count { $0.header == vote.header }
        if same >= sealed.committee.quorum {
            halt(.diverged(height: height), into: &actions)
        }
    }

    /// Where a seat signed our header and another of the same height, shows both to all.
    private mutating func accuse(
        _ seat: UInt16, of sealed: Sealing.Sealed, other: CheckpointVote?
    ) {
        guard let other, sealed.header.epoch == epoch,
            let signature = sealing.waiting.first(where: { $0.header == sealed.header })?
                .signatures[seat]
        else { return }
        let ours = CheckpointVote(header: sealed.header, signature: signature)
        put([.twinCheckpoints(ours, other)])
    }

    /// Certifies what has a quorum, in order of height.
    mutating func certify(into actions: inout [Action]) {
        while let first = sealing.waiting.first,
            first.signatures.count >= first.committee.quorum, !isReplaying
        {
            let checkpoint = Checkpoint(header: first.header, certificate: first.certificate)
            actions.append(.record(.checkpoint(checkpoint)))
            announce(checkpoint, into: &actions)
        }
    }

    /// The first waiting checkpoint is certified.
    mutating func announce(_ checkpoint: Checkpoint, into actions: inout [Action]) {
        let sealed = sealing.waiting.removeFirst()
        last = sealed.header
        certifiedHeights.note(checkpoint, of: sealed.committee)
        if sealed.next != nil, earlier?.epoch == sealed.header.epoch { earlier?.isNeeded = false }
        actions.append(
            .certified(
                SealedCheckpoint(
                    checkpoint: checkpoint, items: sealed.items, changes: sealed.changes,
                    floor: sealed.floor)))
        if let next = sealed.next {
            actions.append(.epoch(EpochStep(checkpoint: checkpoint, committee: next)))
        }
    }

    /// Checkpoints that others have certificates for.
    mutating func take(_ checkpoints: [Checkpoint], into actions: inout [Action]) {
        for checkpoint in checkpoints where !isStopped {
            compare(checkpoint, into: &actions)
            guard let first = sealing.waiting.first,
                first.header.height == checkpoint.header.height,
                checkpoint.header.chain == genesis.digest,
                first.committee.certifies(checkpoint.header, by: checkpoint.certificate)
            else { continue }
            guard checkpoint.header == first.header else {
                actions.append(.record(.checkpoint(checkpoint)))
                halt(.diverged(height: checkpoint.header.height), into: &actions)
                return
            }
            actions.append(.record(.checkpoint(checkpoint)))
            announce(checkpoint, into: &actions)
        }
    }

    /// Where a checkpoint is due and nothing else is put in order, lets the order go on.
    mutating func beat(at now: Instant, into actions: inout [Action]) {
        let height = (sealing.newest?.height ?? 0) + 1
        guard seat != nil, halted == nil, sealing.beatHeight < height else { return }
        let due = sealing.due(settings)
        guard now >= due else {
            if !sealing.pending.isEmpty { alarms.set(.checkpoint, at: due) }
            return
        }
        sealing.beatHeight = height
        put([.heartbeat])
        alarms.set(.checkpoint, at: now)
    }

    /// Says own signatures again, and asks for certificates, while some are waited for.
    mutating func remind(at now: Instant, into actions: inout [Action]) {
        guard let first = sealing.waiting.first, view.count > 1 else { return }
        let due = sealing.sentAt.advanced(byNanoseconds: settings.retryNanoseconds)
        guard now >= due else {
            alarms.set(.reminder, at: due)
            return
        }
        sealing.sentAt = now
        alarms.set(.reminder, at: now.advanced(byNanoseconds: settings.retryNanoseconds))
        guard now >= first.header.time.advanced(byNanoseconds: settings.retryNanoseconds) else {
            return
        }
        for sealed in sealing.waiting.prefix(8) {
            guard let key, !contacts.isAsking,
                let seat = sealed.committee.validators.firstIndex(of: key.publicKey),
                let signature = sealed.signatures[UInt16(seat)]
            else { continue }
            let vote = CheckpointVote(header: sealed.header, signature: signature)
            actions.append(.broadcast(.checkpointVote(vote)))
        }
        if let peer = contacts.nextPeer(others) {
            actions.append(.send(.checkpointsWanted(from: first.header.height), to: peer))
        }
    }
}
