// Holding certificates: store and confirm them, put them into blocks, show them to unlocks, and let
// go of what is carried out.
import Primitives

extension FastPath {
    /// Holds a certificate and confirms what may be confirmed, of this one and of others that
    /// waited for it.
    mutating func receive(
        _ certificate: CheckedCertificate, heads: [ChainHead], at now: Instant,
        into actions: inout [Action]
    ) {
        let updates = certificate.updates
        guard certificate.proposal.epoch == committee.epoch, heads.count == updates.count else {
            return
        }
        for (update, head) in zip(updates, heads) { track(update.chain, head, into: &actions) }
        let (isNew, passed) = hold(certificate, updates, at: now, into: &actions)
        guard !isHalted else { return }
        if isNew {
            if rules.storesCertificates { actions.append(.store(certificate)) }
            contest(certificate, into: &actions)
        }
        confirm(certificate, again: true, into: &actions)
        confirm(passed.filter { $0 != certificate.reference }, into: &actions)
        for update in updates {
            note(moved: update.chain)
            drop(update.chain)
        }
    }

    /// Whether the certificate brought anything, and the certificates whose slots are now certified
    /// from the head up.
    private mutating func hold(
        _ certificate: CheckedCertificate, _ updates: [Update], at now: Instant,
        into actions: inout [Action]
    ) -> (isNew: Bool, passed: [CertificateReference]) {
        let reference = certificate.reference
        let gateway = Int(certificate.proposal.gateway.index)
        guard held[reference] != nil || heldCounts[gateway] < settings.certificatesPerGateway
        else { return (false, []) }
        var open = 0
        var passed: [CertificateReference] = []
        for update in updates {
            switch chains[update.chain]?.hold(update, reference, run: settings.run) {
            case .held?:
                open += 1
                let more = chains[update.chain]?.advance() ?? []
                certifiedCount += more.count
                passed += more
            case .conflict(let other)?:
                halt(certificate, other, into: &actions)
                return (false, [])
            case .known?, .outside?, nil: break
            }
        }
        guard open > 0 else { return (false, passed) }
        let due = now.advanced(byNanoseconds: referenceDelay(of: certificate))
        if held[reference] == nil { heldCounts[gateway] += 1 }
        let before = held[reference]
        held[reference] = HeldCertificate(
            certificate: certificate, open: open + (before?.open ?? 0),
            confirmed: before?.confirmed ?? ItemSet(count: certificate.proposal.items.count),
            dueAt: due)
        timers.set(.reference(reference), at: due)
        return (true, passed)
    }

    /// Holds a certificate of before; it is to be put into a block at `now`. Returns the held one
    /// that it contradicts.
    mutating func rehold(
        _ certificate: CheckedCertificate, at now: Instant
    ) -> CertificateReference? {
        var made: [Action] = []
        let isNew = hold(certificate, certificate.updates, at: now, into: &made).isNew
        if isNew { setReference(certificate.reference, at: now) }
        for case .halt(_, let other) in made { return other.reference }
        return nil
    }

    private mutating func halt(
        _ certificate: CheckedCertificate, _ other: CertificateReference,
        into actions: inout [Action]
    ) {
        isHalted = true
        if let second = held[other]?.certificate { actions.append(.halt(certificate, second)) }
    }

    // Confirms

    private mutating func confirm(
        _ references: [CertificateReference], into actions: inout [Action]
    ) {
        for reference in references {
            guard let certificate = held[reference]?.certificate else { continue }
            confirm(certificate, again: false, into: &actions)
        }
    }

    /// Confirms the items that may be; `again`, even where nothing was added since the last time.
    private mutating func confirm(
        _ certificate: CheckedCertificate, again: Bool, into actions: inout [Action]
    ) {
        guard let key, let seat else { return }
        let items = certificate.proposal.items
        let may = certificate.certified.indices.filter {
            chains[items[$0].chain]?.mayConfirm(items[$0], isClosing: isClosing) ?? false
        }
        let before = held[certificate.reference]?.confirmed ?? ItemSet(count: items.count)
        let now = ItemSet(may, count: items.count)
        guard !now.isEmpty, again || !now.subtracting(before).isEmpty else { return }
        held[certificate.reference]?.confirmed = before.union(now)
        let confirm = Confirm(
            of: certificate.reference.proposal, confirmed: now, by: seat, in: committee, with: key)
        let gateway = certificate.proposal.gateway
        if gateway == seat {
            collect(confirm, into: &actions)
        } else {
            actions.append(.confirm(confirm, to: gateway))
        }
    }

    // References

    /// The first f + 1 seats after the gateway refer to a certificate first, then the next f + 1.
    private func referenceDelay(of certificate: CheckedCertificate) -> UInt64 {
        let count = committee.count
        guard let seat else { return settings.referenceAfter }
        let distance = (Int(seat.index) + count - Int(certificate.proposal.gateway.index)) % count
        let turn = UInt64(max(0, distance - 1) / committee.someHonest)
        return settings.referenceAfter.multipliedReportingOverflow(by: turn + 1).partialValue
    }

    /// A held certificate was not carried out for so long: put it into an own block.
    mutating func refer(
        _ reference: CertificateReference, at now: Instant, into actions: inout [Action]
    ) {
        guard let entry = held[reference], entry.dueAt <= now else { return }
        if isConfirmable(entry.certificate) { actions.append(.reference(entry.certificate)) }
        setReference(reference, at: now.advanced(byNanoseconds: settings.referenceAfter))
    }

    private mutating func setReference(_ reference: CertificateReference, at due: Instant) {
        held[reference]?.dueAt = due
        timers.set(.reference(reference), at: due)
    }

    /// Whether this seat may have confirmed something of it that is not carried out.
    private func isConfirmable(_ certificate: CheckedCertificate) -> Bool {
        certificate.updates.contains { update in
            guard let chain = chains[update.chain], update.attempt == chain.head.attempt else {
                return false
            }
            return update.sequence > chain.head.sequence
                && update.sequence <= chain.certifiedThrough
        }
    }

    /// It stands in the order; unless it is not carried out for long, it need not go there again.
    mutating func postpone(_ reference: CertificateReference, at now: Instant) {
        guard held[reference] != nil else { return }
        let wait = settings.referenceAfter.multipliedReportingOverflow(by: 8).partialValue
        setReference(reference, at: now.advanced(byNanoseconds: wait))
    }

    // The total order

    mutating func execute(
        _ chain: ChainKey, through head: ChainHead, into actions: inout [Action]
    ) {
        guard let before = chains[chain]?.head, head.passes(before) else { return }
        let counted = chains[chain]?.certifiedCount ?? 0
        let wasUnlocking = chains[chain]?.unlockingFrom != nil
        let gone = chains[chain]?.execute(through: head) ?? []
        let passed = chains[chain]?.advance() ?? []
        certifiedCount += (chains[chain]?.certifiedCount ?? 0) - counted
        for slot in gone { letGo(slot) }
        let freed = wasUnlocking ? certified(of: chain) : []
        confirm(passed + freed, into: &actions)
        note(moved: chain)
        drop(chain)
    }

    /// The certificates of the slots from the head of `chain` up to the first that has none.
    private func certified(of chain: ChainKey) -> [CertificateReference] {
        guard let chain = chains[chain], chain.certifiedCount > 0 else { return [] }
        return (chain.head.sequence + 1...chain.certifiedThrough).compactMap {
            chain.slots[$0]?.certified?.reference
        }
    }

    private mutating func letGo(_ slot: ChainLocks.Slot) {
        if let lock = slot.lock { lockCounts[Int(lock.gateway.index)] -= 1 }
        guard let reference = slot.certified?.reference, let entry = held[reference] else { return }
        held[reference]?.open -= 1
        guard entry.open <= 1 else { return }
        held[reference] = nil
        heldCounts[Int(entry.certificate.proposal.gateway.index)] -= 1
    }

    /// An unlock was sequenced: record that this seat is silent from the slot on, and answer.
    mutating func unlock(
        _ slot: UpdateSlot, head: ChainHead, into actions: inout [Action]
    ) {
        track(slot.chain, head, into: &actions)
        defer { drop(slot.chain) }
        guard chains[slot.chain]?.unlock(slot) == true, seat != nil else { return }
        let reference = chains[slot.chain]?.shown(at: slot.sequence)
        let certificate = reference.flatMap { held[$0]?.certificate.certificate }
        actions.append(.record(.unlocking(slot)))
        actions.append(.unlockVote(UnlockVote(slot: slot, certificate: certificate)))
    }

    /// Stops voting and confirming, and puts all that may have been confirmed into own blocks.
    mutating func close(at now: Instant, into actions: inout [Action]) {
        if !isClosing { actions.append(.record(.closed)) }
        isClosing = true
        endCollecting(into: &actions)
        for reference in held.keys.sorted() {
            guard let entry = held[reference], isConfirmable(entry.certificate) else { continue }
            actions.append(.reference(entry.certificate))
            setReference(reference, at: now.advanced(byNanoseconds: settings.referenceAfter))
        }
    }
}
