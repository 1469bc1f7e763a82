// One validator of a chain, or an observer, as a value: it takes submissions, messages and time,
// and
// returns what to record, to send and to announce.
//
// The shell that owns a replica performs its actions in their order, and those that stand after a
// `record` only once that is durable (output commit): the state in memory may run ahead of the
// disk,
// but nobody outside ever sees what a crash could take back.
import Consensus
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

public struct Replica: Sendable {
    public enum Input: Sendable {
        /// From this node's own clients.
        case submit(Body)
        /// From an authenticated peer.
        case message(PeerMessage, from: PublicKey)
        /// A link to this peer is up.
        case connected(PublicKey)
        /// Time passes.
        case tick
    }

    public enum Action: Sendable {
        /// Make this durable.
        case record(JournalEntry)
        case send(PeerMessage, to: PublicKey)
        /// To every peer whose link is up.
        case broadcast(PeerMessage)
        /// Answer this from the store.
        case serve(Wanted, to: PublicKey)
        /// These bodies, submitted here, are certified and durable at a quorum: agent-final.
        case final([Digest])
        /// This body, submitted here, will not be certified; it changed nothing.
        case refused(Digest, SubmitRefusal)
        /// Carried out, in the order of the ledger.
        indirect case executed(Execution)
        /// The graph moved on.
        indirect case committed(CommitSummary)
        /// A checkpoint was certified: final.
        indirect case certified(SealedCheckpoint)
        /// An epoch ended with this checkpoint.
        indirect case epoch(EpochStep)
        /// The state was taken over from a snapshot; keep it as the store's own.
        indirect case adopted(Snapshot)
        /// Call `tick` at this time or soon after, and not at the time asked for before.
        case wake(Instant)
        /// This validator signs nothing more.
        case halt(HaltReason)
    }

    public let genesis: Genesis
    public let settings: ReplicaSettings
    /// This validator's key; nil for an observer, and after its disk came back older.
    var key: SigningKey?
    /// The state that follows from everything carried out so far.
    public internal(set) var state: LedgerState
    /// The tree over the state at the newest sealed checkpoint.
    public internal(set) var tree = StateTree()
    /// Header of the last certified checkpoint; nil before the first.
    public internal(set) var last: CheckpointHeader?
    public internal(set) var epoch: UInt64 = 0
    public internal(set) var committee: Committee
    var view: CommitteeView
    /// The graph of blocks of this epoch.
    public internal(set) var order: Validator
    /// The epoch before, for those who are still in it.
    var earlier: EarlierEpoch?
    var locks: FastPath
    var pool: BodyPool
    var execution = ExecutionQueue()
    var sealing: Sealing
    var flow = EpochFlow()
    var coin = CoinKeeping()
    var contacts: Contacts
    var download: Download?
    /// Proposals that wait for the state to catch up.
    var early: [EarlyProposal] = []
    /// Payload that the graph had no room for.
    var backlog: [BlockPayload] = []
    var alarms = Alarms()
    /// When held submissions and proposals are looked at next.
    var reconsiderAt = Instant(nanoseconds: 0)
    /// Bodies of the proposal that is being voted on.
    var candidates: [Digest: (body: Body, totals: BatchTotals?)] = [:]
    /// Chains in which two updates were seen for one place.
    var contested: Set<Digest> = []
    /// Own submissions that wait for the body that holds their place, by its digest.
    var disputes: [Digest: Digest] = [:]
    /// Own submissions that are offered again at a time, soonest first.
    var postponed: [(digest: Digest, due: Instant)] = []
    /// Own submissions that the ledger may allow once what is under way is carried out.
    var held: [HeldSubmission] = []
    /// Hashes of certificates whose signatures were checked.
    var known = KnownCertificates()
    /// Checkpoints of late, to notice another history by.
    var certifiedHeights = CertifiedHeights()
    /// Seats proven faulty in this epoch.
    var proven = SeatSet()
    /// What stopped this validator.
    public internal(set) var halted: HaltReason?
    /// Whether entries of the journal are being taken in: nothing is sent or recorded.
    var isReplaying = false
    /// What the machines inside have still to be told in this step.
    var work: [Work] = []
    /// What they are told once this validator may sign.
    var unsaid: [Work] = []

    enum Work {
        case order(Validator.Input)
        case locks(FastPath.Input)
        /// Own submissions; their heads are looked up when it is their turn.
        case offer([Body])
        case certificate(CheckedCertificate)
        case unlocking(UpdateSlot)
    }

    /// A replica at the genesis.
    ///
    /// - Parameter key: the key of this validator; nil, or a key that has no seat, for an observer.
    public init(genesis: Genesis, key: SigningKey?, settings: ReplicaSettings) {
        self.genesis = genesis
        self.settings = settings
        self.key = key
        committee = genesis.committee
        state = LedgerState(genesis: genesis)
        view = Self.view(of: genesis.committee, chain: genesis.digest, epoch: 0)
        order = Self.order(
            view, key: key, settings, Recovery(genesisTime: genesis.created, startsReady: false),
            hasKeys: false)
        locks = FastPath(committee: view, key: key, settings: settings.fastPath(for: view))
        pool = BodyPool(limit: settings.poolBytes)
        sealing = Sealing(created: genesis.created)
        execution.trail = OrderTrail(head: CommitHead(genesisTime: genesis.created))
        flow.started = genesis.created
        contacts = Contacts(nextStatus: genesis.created)
    }

    /// A committee has 1 to 128 different keys, as a view must.
    static func view(of committee: Committee, chain: Digest, epoch: UInt64) -> CommitteeView {
        guard
            let view = CommitteeView(chain: chain, epoch: epoch, keys: committee.validators)
        else { preconditionFailure("a committee is a valid view") }
        return view
    }

    /// The graph of an epoch; without keys for a coin all its leaders are known.
    static func order(
        _ view: CommitteeView, key: SigningKey?, _ settings: ReplicaSettings,
        _ recovery: Recovery, hasKeys: Bool
    ) -> Validator {
        Validator(
            committee: view, key: key, settings: settings.order(for: view, hasKeys: hasKeys),
            genesisTime: recovery.head.time, recovery: recovery)
    }

    /// What the batches of other submitters than this come to that are on their way here: taken in
    /// or promised a place, and not carried out.
    public func inFlight(besides submitter: SubmitterID?) -> [BatchTotals] {
        pool.totals(besides: submitter)
    }

    /// This validator's place in the committee; nil for an observer.
    public var seat: Seat? { key.flatMap { view.seat(of: $0.publicKey) } }

    /// Takes one input at the time `now`; the same inputs give the same actions.
    public mutating func step(_ input: Input, at now: Instant, into actions: inout [Action]) {
        alarms.clear(through: now)
        switch input {
        case .submit(let body): submit(body, at: now, into: &actions)
        case .message(let message, let sender):
            receive(message, from: sender, at: now, into: &actions)
        case .connected(let peer):
            greet(peer, into: &actions)
            askForHistory(of: peer, into: &actions)
        case .tick:
            work.append(.order(.tick))
            work.append(.locks(.tick))
            stepEarlier(.tick, at: now, into: &actions)
        }
        drain(at: now, into: &actions)
        attend(at: now, into: &actions)
        if let time = alarms.first { actions.append(.wake(time)) }
    }

    /// Lets the machines inside go on until none has anything left for another.
    mutating func drain(at now: Instant, into actions: inout [Action]) {
        while !work.isEmpty {
            let items = work
            work.removeAll(keepingCapacity: true)
            let epoch = epoch
            // What was meant for the machines of an epoch that has ended is for nobody.
            for item in items where self.epoch == epoch { tell(item, at: now, into: &actions) }
            offerShares()
        }
    }

    private mutating func tell(_ item: Work, at now: Instant, into actions: inout [Action]) {
        switch item {
        case .order(let input):
            if isStopped, case .ready = input { return }
            var made: [Validator.Action] = []
            let epoch = epoch
            order.step(input, at: now, into: &made)
            obey(made, of: epoch, at: now, into: &actions)
        case .locks(let input): lock(input, at: now, into: &actions)
        case .offer where contacts.isAsking, .certificate where contacts.isAsking:
            if unsaid.count < Self.mostUnsaid { unsaid.append(item) }
        case .offer(let bodies):
            let submissions = bodies.map { body in
                let head = head(of: body)
                return FastPath.Submission(
                    body.update(attempt: head.attempt), head: head, bytes: body.size)
            }
            lock(.submit(submissions), at: now, into: &actions)
        case .certificate(let certificate):
            let heads = certificate.updates.map { head(of: $0) }
            lock(.certificate(certificate, heads: heads), at: now, into: &actions)
        case .unlocking(let slot):
            lock(.unlocking(slot, head: head(of: slot.chain)), at: now, into: &actions)
        }
    }

    private mutating func lock(
        _ input: FastPath.Input, at now: Instant, into actions: inout [Action]
    ) {
        // Gateways ask for votes again.
        if contacts.isAsking, case .proposal = input { return }
        var made: [FastPath.Action] = []
        locks.step(input, at: now, into: &made)
        for action in made { obey(action, at: now, into: &actions) }
    }

    /// Submissions and certificates that wait, at most; both come again.
    private static let mostUnsaid = 4_096

    mutating func halt(_ reason: HaltReason, into actions: inout [Action]) {
        guard halted == nil else { return }
        halted = reason
        actions.append(.halt(reason))
        // After amnesia it follows on as an observer; otherwise it answers questions only.
        if reason == .amnesia { giveUpKey(into: &actions) } else { order.fallSilent() }
        locks = FastPath(committee: view, key: nil, settings: settings.fastPath(for: view))
        refuseOwn(into: &actions)
    }

    /// What the key promised is not all known here, nor will it be after the next start.
    private mutating func giveUpKey(into actions: inout [Action]) {
        if let key, !isReplaying { actions.append(.record(.amnesia(key.publicKey))) }
        key = nil
        order.giveUpKey()
        earlier?.order.giveUpKey()
    }

    /// Whether nothing more is carried out here.
    var isStopped: Bool { halted.map { $0 != .amnesia } ?? false }
}

/// Why a validator signs nothing more.
public enum HaltReason: Error, Hashable, Sendable {
    /// More than a third of the seats are faulty: two blocks of one slot are certified.
    case broken(CommitFault)
    /// More than a third of the seats are faulty: two certificates for one place of a chain.
    case split(CertificateReference, CertificateReference)
    /// Another seat holds a block by this validator's key that its own disk does not have.
    case amnesia
    /// A quorum certified another checkpoint than the one that follows from the order here.
    case diverged(height: UInt64)
    /// More than a third of the seats are faulty: so many were caught signing two things.
    case outnumbered([Seat])
}

/// Why a submitted body will not be certified.
public enum SubmitRefusal: Error, Hashable, Sendable {
    /// The rules of the ledger refuse it.
    case ledger(LedgerFailure)
    /// Other validators refuse it, for these reasons.
    case committee([RejectReason])
    /// The state was taken over from others who are past it: look whether it was carried out.
    case overtaken
    /// Too much waits already; try later.
    case overloaded
    /// This node has no seat, or signs nothing more: submit elsewhere.
    case notAValidator
}

/// What another node asks of the store.
public enum Wanted: Sendable {
    case bodies([Digest])
    /// Certified checkpoints from a height on, at most `PeerMessage.mostCheckpoints`.
    case checkpoints(from: UInt64)
    case snapshot(SnapshotRequest)
}

/// A body that was carried out.
public struct Execution: Sendable {
    public var body: Body
    public var outcome: Settled
    /// The time of the commit.
    public var time: Instant

    public init(body: Body, outcome: Settled, time: Instant) {
        (self.body, self.outcome, self.time) = (body, outcome, time)
    }

    /// As an item of a checkpoint: it says whether an operation was carried out.
    public var item: CheckpointItem {
        switch (body, outcome) {
        case (.batch(let batch), _): .batch(batch.digest)
        case (.operation(let operation), .done): .operation(operation.digest)
        case (.operation(let operation), _): .refused(operation.digest)
        }
    }
}

/// A commit as views show it.
public struct CommitSummary: Sendable {
    public var epoch: UInt64
    public var head: CommitHead
    public var leaders: [BlockReference]
    public var decisions: [DecidedSlot]
    /// The blocks put in order.
    public var blocks: [CheckedBlock]
}

/// A checkpoint with what it was made of.
public struct SealedCheckpoint: Sendable {
    public var checkpoint: Checkpoint
    /// In the order of the tree under `itemsRoot`.
    public var items: [CheckpointItem]
    /// The state entries that changed since the checkpoint before.
    public var changes: [(key: StateKey, value: [UInt8])]
    /// Blocks above this round are needed to go on from here.
    public var floor: Round
}

/// The state at a certified checkpoint, taken over from others.
public struct Snapshot: Sendable {
    public var checkpoint: Checkpoint
    /// The ends of the epochs since the last that was known here.
    public var steps: [EpochStep]
    public var entries: [SnapshotEntry]
}
