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
        /// Seats that signed something else at this height, by what they signed.
        var others: [Digest: [UInt16]] = [:]
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
    var early: [UInt64: [(PublicKey, SignedHeight)]] = [:]
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
        for (signer, signed) in sealing.early.removeValue(forKey: header.height) ?? [] {
            note(signed, from: signer, into: &actions)
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
        guard view.count > 1, !isReplaying else { return }
        actions.append(.broadcast(.checkpointSignature(Self.signed(sealed.header, signature))))
    }

    private static func signed(_ header: CheckpointHeader, _ signature: Signature) -> SignedHeight {
        SignedHeight(
            epoch: header.epoch, height: header.height, digest: header.digest,
            signature: signature)
    }

    /// Takes another seat's signature.
    mutating func note(
        _ signed: SignedHeight, from signer: PublicKey, into actions: inout [Action]
    ) {
        let newest = sealing.newest?.height ?? 0
        if signed.height > newest {
            guard signed.height <= newest + Sealing.mostEarly else { return }
            var list = sealing.early[signed.height] ?? []
            guard !list.contains(where: { $0.0 == signer }),
                list.count < Limits.validatorsPerCommittee
            else { return }
            list.append((signer, signed))
            sealing.early[signed.height] = list
            return
        }
        guard let place = sealing.waiting.firstIndex(where: { $0.header.height == signed.height })
        else { return }
        let sealed = sealing.waiting[place]
        guard let index = sealed.committee.validators.firstIndex(of: signer) else { return }
        let seat = UInt16(index)
        let message = SignatureTag.checkpoint + signed.digest.bytes
        guard sealed.signatures[seat] == nil,
            Ed25519.isValid(signed.signature, of: message, by: signer)
        else { return }
        if signed.digest == sealed.header.digest {
            sealing.waiting[place].signatures[seat] = signed.signature
            certify(into: &actions)
            return
        }
        var others = sealed.others[signed.digest] ?? []
        if !others.contains(seat) { others.append(seat) }
        sealing.waiting[place].others[signed.digest] = others
        if others.count >= sealed.committee.quorum {
            halt(.diverged(height: signed.height), into: &actions)
        }
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
        for checkpoint in checkpoints {
            guard let first = sealing.waiting.first,
                first.header.height == checkpoint.header.height,
                first.committee.certifies(checkpoint.header, by: checkpoint.certificate)
            else { continue }
            guard checkpoint.header == first.header else {
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
            if !sealing.pending.isEmpty { actions.append(.wake(due)) }
            return
        }
        sealing.beatHeight = height
        put([.heartbeat])
        actions.append(.wake(now))
    }

    /// Says own signatures again, and asks for certificates, while some are waited for.
    mutating func remind(at now: Instant, into actions: inout [Action]) {
        guard let first = sealing.waiting.first, view.count > 1 else { return }
        let due = sealing.sentAt.advanced(byNanoseconds: settings.retryNanoseconds)
        guard now >= due else {
            actions.append(.wake(due))
            return
        }
        sealing.sentAt = now
        actions.append(.wake(now.advanced(byNanoseconds: settings.retryNanoseconds)))
        guard now >= first.header.time.advanced(byNanoseconds: settings.retryNanoseconds) else {
            return
        }
        for sealed in sealing.waiting.prefix(8) {
            guard let key,
                let seat = sealed.committee.validators.firstIndex(of: key.publicKey),
                let signature = sealed.signatures[UInt16(seat)]
            else { continue }
            actions.append(
                .broadcast(.checkpointSignature(Self.signed(sealed.header, signature))))
        }
        if let peer = contacts.nextPeer(others) {
            actions.append(.send(.checkpointsWanted(from: first.header.height), to: peer))
        }
    }
}
