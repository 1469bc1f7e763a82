// One seat's fast path as a machine: updates, votes, certificates and confirms in; what to keep, to
// send and to report out.
import Cryptography
import Primitives

/// The fast path of one seat in one epoch. The shell performs actions in their order, and those
/// that stand after a `record` or a `store` only when that is durable.
///
/// Specification: docs/spec/fastpath.md. Heads that inputs carry are those of the ledger at the
/// time of the call: whatever was carried out before was told with `executed`.
public struct FastPath: Sendable {
    public enum Input: Sendable {
        /// Clients of this gateway want these certified. Bodies are here and admissible.
        case submit([Submission])
        /// `from` asks for votes; one verdict for each item. The bodies are here.
        case proposal(Proposal, from: Seat, verdicts: [Verdict])
        /// A vote on a proposal of this gateway.
        case vote(CheckedLockVote, rejections: [Rejection])
        /// A certificate from its gateway or from a block; a head for each of its `updates`.
        case certificate(CheckedCertificate, heads: [ChainHead])
        /// A confirm of a certificate of this gateway.
        case confirm(CheckedConfirm)
        /// The total order carried a chain on, or voided an attempt.
        case executed(chain: ChainKey, head: ChainHead)
        /// The certificate stands in the total order: no need to put it there soon.
        case sequenced(CertificateReference)
        /// An unlock was sequenced: speak no more for this slot and those above it.
        case unlocking(UpdateSlot, head: ChainHead)
        /// The epoch closes: votes and confirms end, what was confirmed is flushed.
        case closing
        /// Time passes.
        case tick
    }

    public enum Action: Hashable, Sendable {
        /// Make this durable before anything after it.
        case record(LockRecord)
        /// Make this durable before anything after it; `replay` it after a crash.
        case store(CheckedCertificate)
        /// Send this, with the bodies.
        case propose(Proposal, to: [Seat])
        case vote(LockVote, [Rejection], to: Seat)
        case certify(CheckedCertificate, to: [Seat])
        case confirm(Confirm, to: Seat)
        /// Updates submitted here are certified: no other can win their slots.
        case certified([Update])
        /// Updates submitted here are final, and the proof of it.
        case final([Update], Finality)
        /// An update submitted here cannot be certified now, and why seats say so. It may be
        /// submitted again; where two are held for one slot, an unlock decides. It may still turn
        /// out certified.
        case rejected(Update, [RejectReason])
        /// Put this into the next own block.
        case reference(CheckedCertificate)
        /// Put this into the next own block.
        case unlockVote(UnlockVote)
        /// All that this seat may have confirmed is carried out: its end of epoch may be sent.
        case flushed
        /// A seat locked one slot for two updates.
        indirect case accuse(LockEvidence)
        /// Two updates are certified for one slot: more than f seats are faulty. Nothing more will
        /// come from this machine.
        case halt(CheckedCertificate, CheckedCertificate)
        /// Come back with `tick` at this time or soon after.
        case wake(Instant)
    }

    /// An update for this gateway and where its chain stands.
    public struct Submission: Hashable, Sendable {
        public var update: Update
        public var head: ChainHead
        /// Bytes of the body, so that proposals do not grow too large to send.
        public var bytes: Int

        public init(_ update: Update, head: ChainHead, bytes: Int = 0) {
            self.update = update
            self.head = head
            self.bytes = bytes
        }
    }

    /// What the application says of an item.
    public enum Verdict: Hashable, Sendable {
        /// The body is here, is that of the item and may follow; its chain stands at `head`.
        case admissible(head: ChainHead)
        case refused(code: UInt8)
    }

    public let committee: CommitteeView
    /// Nil for an observer, which holds certificates and says nothing.
    public let seat: Seat?
    public let settings: FastPathSettings
    let key: SigningKey?
    let rules: FastPathRules

    var chains: [ChainKey: ChainLocks] = [:]
    /// Locks by the seat of the gateway they were made for.
    var lockCounts: [Int]
    var held: [CertificateReference: HeldCertificate] = [:]
    /// Certificates held, by the seat of their gateway.
    var heldCounts: [Int]
    /// Slots of all chains that `ChainLocks.certifiedCount` counts.
    var certifiedCount = 0

    /// Own proposals by digest, and where their slots stand.
    var outstanding: [Digest: OutstandingProposal] = [:]
    var proposed: [UpdateSlot: [(proposal: Digest, index: Int)]] = [:]
    /// Of those, the ones without a certificate.
    var uncertifiedCount = 0
    var lastNumber: UInt64 = 0
    /// Updates for the next proposal, and since when the first waits.
    var pending: [Pending] = []
    var pendingBytes = 0
    var pendingSince: Instant?
    /// Updates that wait for the one before them, by chain.
    var delayed: [ChainKey: [DelayedUpdate]] = [:]
    var delayedCount = 0
    /// Chains of `delayed` that moved in this step.
    var moved: [ChainKey] = []

    var timers = TimerQueue<Timer>()
    var announced: Instant?
    public internal(set) var isClosing = false
    var isFlushed = false
    var accused = SeatSet()
    /// Whether two certificates for one slot were seen.
    public internal(set) var isHalted = false

    /// What a timer is about; when it goes off, the subject says whether it is due.
    enum Timer: Sendable {
        case flush
        case resend(Digest)
        case reference(CertificateReference)
        case patience(ChainKey)
    }

    struct HeldCertificate: Sendable {
        let certificate: CheckedCertificate
        /// Slots above their heads that it certifies.
        var open: Int
        /// Items confirmed so far.
        var confirmed: ItemSet
        /// When it is to be put into an own block.
        var dueAt: Instant
    }

    /// An update for the next proposal.
    struct Pending: Sendable {
        let update: Update
        let bytes: Int
    }

    struct DelayedUpdate: Sendable {
        let update: Update
        let bytes: Int
        let until: Instant
    }

    /// A machine without memory; `replay` gives it back what it recorded. Without a key of the
    /// committee it is an observer.
    public init(committee: CommitteeView, key: SigningKey?, settings: FastPathSettings) {
        self.init(
            committee: committee, key: key, settings: settings,
            rules: FastPathRules(for: committee))
    }

    init(
        committee: CommitteeView, key: SigningKey?, settings: FastPathSettings,
        rules: FastPathRules
    ) {
        self.committee = committee
        self.settings = settings
        self.rules = rules
        let index = key.flatMap { committee.keys.firstIndex(of: $0.publicKey) }
        seat = index.map { Seat(UInt8($0)) }
        self.key = index == nil ? nil : key
        lockCounts = Array(repeating: 0, count: committee.count)
        heldCounts = lockCounts
    }

    /// Takes one input at the time `now`; the same inputs give the same actions.
    public mutating func step(_ input: Input, at now: Instant, into actions: inout [Action]) {
        guard !isHalted else { return }
        switch input {
        case .submit(let submissions): submit(submissions, at: now, into: &actions)
        case .proposal(let proposal, let sender, let verdicts):
            answer(proposal, from: sender, verdicts, at: now, into: &actions)
        case .vote(let vote, let rejections):
            collect(vote.vote, rejections, at: now, into: &actions)
        case .certificate(let certificate, let heads):
            receive(certificate, heads: heads, at: now, into: &actions)
        case .confirm(let confirm): collect(confirm.confirm, into: &actions)
        case .executed(let chain, let head): execute(chain, through: head, into: &actions)
        case .sequenced(let reference): postpone(reference, at: now)
        case .unlocking(let slot, let head): unlock(slot, head: head, into: &actions)
        case .closing: close(at: now, into: &actions)
        case .tick: break
        }
        finish(at: now, into: &actions)
    }

    /// What is due by the clock or by what this step changed.
    private mutating func finish(at now: Instant, into actions: inout [Action]) {
        while let timer = timers.next(at: now) {
            switch timer {
            case .flush: break
            case .resend(let digest): resend(digest, at: now, into: &actions)
            case .reference(let reference): refer(reference, at: now, into: &actions)
            case .patience(let chain): giveUp(chain, at: now, into: &actions)
            }
        }
        repeat {
            flush(at: now, into: &actions)
            admitMoved(at: now, into: &actions)
        } while isFlushDue(at: now)
        if isClosing, !isFlushed, certifiedCount == 0 || !rules.endWaitsForConfirmed {
            isFlushed = true
            actions.append(.flushed)
        }
        guard let first = timers.first, first != announced, !isHalted else { return }
        announced = first
        actions.append(.wake(first))
    }

    // Chains

    /// Keeps the chain with this head, or moves the one that is kept up to it.
    mutating func track(_ chain: ChainKey, _ head: ChainHead, into actions: inout [Action]) {
        if chains[chain] != nil { execute(chain, through: head, into: &actions) }
        if chains[chain] == nil { chains[chain] = ChainLocks(head: head, rules: rules) }
    }

    /// Forgets the chain where nothing of it is kept.
    mutating func drop(_ chain: ChainKey) {
        if chains[chain]?.isIdle == true { chains[chain] = nil }
    }

    mutating func note(moved chain: ChainKey) {
        if delayed[chain] != nil { moved.append(chain) }
    }
}
