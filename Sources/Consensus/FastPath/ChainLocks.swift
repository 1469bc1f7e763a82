// The locks and certificates that one seat holds of one chain, and every decision made about it.
import Primitives

/// One chain above its head. Whether to lock, to confirm and to show a certificate is decided here;
/// the exhaustive models of the tests run these functions.
struct ChainLocks: Sendable {
    struct Lock: Hashable, Sendable {
        var update: Update
        /// Whose proposal it was made for; it counts against that gateway's share.
        var gateway: Seat
        /// Whether a record of it was made.
        var isRecorded: Bool
    }

    struct Certified: Hashable, Sendable {
        var digest: Digest
        var reference: CertificateReference
    }

    struct Slot: Sendable {
        var lock: Lock?
        var certified: Certified?
    }

    /// What a certificate did to a slot.
    enum Holding: Hashable {
        case held
        /// The same was held before, or the head is past it.
        case known
        /// Another attempt, or too far above the head.
        case outside
        /// Another update is certified for the slot: more than f seats are faulty.
        case conflict(CertificateReference)
    }

    private(set) var head: ChainHead
    /// The attempt of `head`, for each sequence above it.
    private(set) var slots: [UInt64: Slot] = [:]
    /// Every slot above the head up to here has its certificate.
    private(set) var certifiedThrough: UInt64
    /// An unlock of this sequence and `head.attempt` is being decided.
    private(set) var unlockingFrom: UInt64?
    /// Updates of this gateway that are under way; the head is kept for them.
    var pins = 0
    let rules: FastPathRules

    init(head: ChainHead, rules: FastPathRules) {
        self.head = head
        self.rules = rules
        certifiedThrough = head.sequence
    }

    /// Whether nothing would be lost with it.
    var isIdle: Bool { slots.isEmpty && unlockingFrom == nil && pins == 0 }

    /// Slots above the head whose certificates and all before them are here.
    var certifiedCount: Int { Int(certifiedThrough - head.sequence) }

    // Locks

    /// Why `update` is not locked; nil where it is or may be.
    func refusal(of update: Update, isClosing: Bool, run: UInt64) -> RejectReason? {
        if isClosing, rules.locksStopAtClose { return .closed }
        if update.attempt != head.attempt {
            return update.attempt < head.attempt ? .voided : .early
        }
        guard update.sequence > head.sequence else { return .past }
        if isUnlocking(update.sequence), rules.locksStopAtUnlock { return .unlocking }
        guard update.sequence - head.sequence <= run else { return .overLimit }
        let slot = slots[update.sequence]
        if let certified = slot?.certified, certified.digest != update.digest {
            return .held(by: certified.digest)
        }
        if let lock = slot?.lock, rules.keepsLocks {
            return lock.update.digest == update.digest ? nil : .held(by: lock.update.digest)
        }
        return rules.locksInOrder ? misplacement(of: update) : nil
    }

    /// What is wrong with the update below; nil where it is the head, locked or certified as
    /// `update` wants it.
    private func misplacement(of update: Update) -> RejectReason? {
        if update.sequence == head.sequence + 1 {
            return (update.previous ?? head.digest) == head.digest ? nil : .wrongPrevious
        }
        guard let below = slots[update.sequence - 1] else { return .gap }
        guard let previous = update.previous else { return below.certified == nil ? .gap : nil }
        guard let digest = below.certified?.digest ?? below.lock?.update.digest else { return .gap }
        return digest == previous ? nil : .wrongPrevious
    }

    /// Locks `update`, which is not refused. Whether the lock is new.
    mutating func lock(_ update: Update, for gateway: Seat, isRecorded: Bool = false) -> Bool {
        if let lock = slots[update.sequence]?.lock, lock.update.digest == update.digest {
            return false
        }
        let isNew = slots[update.sequence]?.lock == nil
        slots[update.sequence, default: Slot()].lock = Lock(
            update: update, gateway: gateway, isRecorded: isRecorded)
        return isNew
    }

    /// Whether the lock of `sequence` still needs a record, which the caller now makes.
    mutating func takeRecord(of sequence: UInt64) -> Bool {
        guard slots[sequence]?.lock?.isRecorded == false else { return false }
        slots[sequence]?.lock?.isRecorded = true
        return true
    }

    // Certificates

    /// Holds a certificate of `update`.
    mutating func hold(
        _ update: Update, _ reference: CertificateReference, run: UInt64
    ) -> Holding {
        guard update.attempt == head.attempt else { return .outside }
        guard update.sequence > head.sequence else { return .known }
        guard update.sequence - head.sequence <= run else { return .outside }
        if let held = slots[update.sequence]?.certified {
            return held.digest == update.digest ? .known : .conflict(held.reference)
        }
        slots[update.sequence, default: Slot()].certified = Certified(
            digest: update.digest, reference: reference)
        return .held
    }

    /// Moves `certifiedThrough` up; the certificates it passed.
    mutating func advance() -> [CertificateReference] {
        var passed: [CertificateReference] = []
        while let next = slots[certifiedThrough + 1]?.certified {
            passed.append(next.reference)
            certifiedThrough += 1
        }
        return passed
    }

    /// Whether a certified update may be confirmed: it is carried out, or it and all before it
    /// above the head are certified here, and no unlock or close stops it.
    func mayConfirm(_ update: Update, isClosing: Bool) -> Bool {
        if isClosing, rules.confirmsStopAtClose { return false }
        guard update.attempt == head.attempt else { return false }
        if update.sequence <= head.sequence { return true }
        if isUnlocking(update.sequence), rules.confirmsStopAtUnlock { return false }
        guard slots[update.sequence]?.certified?.digest == update.digest else { return false }
        return update.sequence <= certifiedThrough || !rules.confirmsInOrder
    }

    // Unlocking

    private func isUnlocking(_ sequence: UInt64) -> Bool {
        unlockingFrom.map { $0 <= sequence } ?? false
    }

    /// An unlock of `slot` is being decided. False where the head is past it or below its attempt.
    mutating func unlock(_ slot: UpdateSlot) -> Bool {
        guard slot.attempt == head.attempt, slot.sequence > head.sequence else { return false }
        unlockingFrom = min(unlockingFrom ?? slot.sequence, slot.sequence)
        return true
    }

    /// The certificate that an unlock vote of `sequence` shows.
    func shown(at sequence: UInt64) -> CertificateReference? {
        rules.unlockVotesShowCertificates ? slots[sequence]?.certified?.reference : nil
    }

    // The head

    /// The total order carried the chain to `new`, or voided an attempt. The slots that are no
    /// more, by ascending sequence.
    mutating func execute(through new: ChainHead) -> [Slot] {
        guard new.passes(head), new.sequence >= head.sequence, new.attempt >= head.attempt else {
            return []
        }
        let isVoid = new.attempt > head.attempt
        let gone = isVoid || new.sequence - head.sequence > UInt64(slots.count)
            ? slots.keys.filter { isVoid || $0 <= new.sequence }.sorted()
            : Array(head.sequence..<new.sequence).map { $0 + 1 }
        if isVoid || unlockingFrom.map({ $0 <= new.sequence }) ?? false { unlockingFrom = nil }
        head = new
        certifiedThrough = isVoid ? new.sequence : max(certifiedThrough, new.sequence)
        return gone.compactMap { slots.removeValue(forKey: $0) }
    }
}
