// Coming back after a crash: what was recorded and stored is taken again.
import Primitives

extension FastPath {
    /// Takes a record of before, in the order of recording. `head` says where a chain of the ledger
    /// stands, which has been brought to where the journal ends.
    public mutating func replay(_ record: LockRecord, head: (ChainKey) -> ChainHead) {
        switch record {
        case .locked(let updates, let gateway):
            guard committee.contains(gateway) else { return }
            for update in updates {
                restore(update.slot, head(update.chain))
                relock(update, for: gateway)
                drop(update.chain)
            }
        case .unlocking(let slot):
            restore(slot, head(slot.chain))
            _ = chains[slot.chain]?.unlock(slot)
            drop(slot.chain)
        case .closed: isClosing = true
        }
    }

    /// Takes a certificate that was stored; it is due to be put into a block at `now`. Returns one
    /// that was stored before for the same slot, where there is one: more than f seats are faulty.
    @discardableResult
    public mutating func replay(
        _ certificate: CheckedCertificate, at now: Instant, head: (ChainKey) -> ChainHead
    ) -> CertificateReference? {
        for update in certificate.updates { restore(update.slot, head(update.chain)) }
        let other = rehold(certificate, at: now)
        for update in certificate.updates { drop(update.chain) }
        return other
    }

    /// Tracks a chain. An attempt that was spoken for is never below the head's.
    private mutating func restore(_ slot: UpdateSlot, _ head: ChainHead) {
        var ignored: [Action] = []
        var head = head
        head.attempt = max(head.attempt, slot.attempt)
        track(slot.chain, head, into: &ignored)
    }

    private mutating func relock(_ update: Update, for gateway: Seat) {
        guard let chain = chains[update.chain], update.attempt == chain.head.attempt,
            update.sequence > chain.head.sequence, chain.slots[update.sequence]?.lock == nil
        else { return }
        if chains[update.chain]?.lock(update, for: gateway, isRecorded: true) == true {
            lockCounts[Int(gateway.index)] += 1
        }
    }

    /// All that a new journal must begin with: locks and answers in force, by chain and sequence.
    public var records: [LockRecord] {
        var records: [LockRecord] = []
        for key in chains.keys.sorted() {
            guard let chain = chains[key] else { continue }
            for sequence in chain.slots.keys.sorted() {
                guard let lock = chain.slots[sequence]?.lock else { continue }
                records.append(.locked([lock.update], gateway: lock.gateway))
            }
            if let sequence = chain.unlockingFrom {
                let attempt = chain.head.attempt
                records.append(
                    .unlocking(UpdateSlot(chain: key, sequence: sequence, attempt: attempt)))
            }
        }
        return records + (isClosing ? [.closed] : [])
    }

    /// The certificates held, in the order of their references.
    public var certificates: [CheckedCertificate] {
        held.keys.sorted().compactMap { held[$0]?.certificate }
    }
}
