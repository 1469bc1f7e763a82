// One seat as a machine: blocks, time and payload in; what to keep, to send and to execute out.
import Cryptography
import Primitives

/// A validator of one epoch, or an observer of it: without a key, or with one that has no seat, it
/// follows the graph and serves it, and makes no blocks.
///
/// The shell performs the actions in their order, and whatever stands after a `persist` only once
/// that block is durable: nobody sees an own block that a crash could take back.
public struct Validator: Sendable {
    public enum Input: Sendable {
        /// A block that `from` sent; its own or another's.
        case block(CheckedBlock, from: Peer)
        /// `by` asks for blocks, and for the rounds above `above` and below them.
        case wanted([BlockReference], above: Round, by: Peer)
        /// Something to be ordered, item by item.
        case payload(BlockPayload)
        /// The same, and nobody waits for it: the graph keeps its calm pace.
        case patientPayload(BlockPayload)
        /// Something that somebody waits for is about to stand in another seat's block.
        case hurry
        /// Small items that the protocol itself needs in order or seen, such as coin shares: they
        /// go first, and while payload is held back too.
        case system(BlockPayload)
        /// The coin of a round is open.
        case coin(Round, Digest)
        /// A quorum of seats has said where it stands, and every own block among that has been
        /// given as `block`: it is safe to make blocks.
        case ready
        /// Time passes.
        case tick
    }

    public enum Action: Hashable, Sendable {
        /// Make this block durable; it is accepted here, own or another's.
        case persist(CheckedBlock)
        /// Send this own block to all others.
        case broadcast(CheckedBlock)
        case send(CheckedBlock, to: Peer)
        /// Ask `from` for these blocks and for the rounds above `above` and below them.
        case request([BlockReference], above: Round, from: Peer)
        /// The order grew.
        indirect case commit(Commit)
        /// A seat signed two blocks in one round.
        indirect case accuse(Evidence)
        /// There is no room for this payload now.
        case refuse(BlockPayload)
        /// Come back with `tick` at this time or soon after; it replaces the time asked for before.
        case wake(Instant)
        case halt(Halt)
    }

    /// Why a validator goes no further.
    public enum Halt: Hashable, Sendable {
        /// More than f seats are faulty. Nothing more comes from this validator.
        case broken(CommitFault)
        /// Others have a block by our key that is not here: the disk is older than what was sent.
        /// The key must sign nothing more in this epoch; the validator goes on as an observer.
        case amnesia
    }

    public let committee: CommitteeView
    /// The seat of the key; nil for an observer.
    public let seat: Seat?
    public let settings: ValidatorSettings
    public internal(set) var store: BlockStore
    public internal(set) var committer: Committer
    /// What stopped this validator.
    public internal(set) var halted: Halt?
    /// Whether it may make blocks: see `Input.ready`.
    public internal(set) var isReady: Bool

    /// Own blocks made in one step, at most: a seat alone orders its payload in one step, with
    /// three blocks.
    private static let blocksPerStep = 4

    let key: SigningKey?
    /// What goes wrong, in tests only.
    let lapses: Lapses
    var coins = OpenedCoins()
    var queue: PayloadQueue
    var systemQueue: PayloadQueue
    /// The last own block; the genesis block at first.
    var lastOwn: BlockReference?
    var lastOwnBlock: CheckedBlock?
    /// Whether somebody waits for something in `queue`.
    var isQueueUrgent = false
    /// The last round whose blocks may hold something that somebody waits for.
    var hurriedThrough = Round.genesis
    /// Own blocks with payload that are not in the order yet, oldest first.
    var unsequenced: [CheckedBlock] = []
    /// Accepted blocks with payload that are not in the order yet.
    var carriers: Set<BlockReference> = []
    /// Blocks from the future, by arrival.
    var early: [(block: CheckedBlock, sender: Peer)] = []
    /// By seat, the highest round of a block of its that was not from the future.
    var punctual: [Round]
    /// Something changed that a commit may follow from.
    var isChanged = true
    var fetching: Fetching
    var lastProposal: Instant?
    /// When the last own block was sent last.
    var lastSent = Instant(nanoseconds: 0)
    /// Since when a quorum of a round is here.
    var quorumSeen: (round: Round, since: Instant)?
    var accused = 0
    var planned: Instant?

    /// A validator at the start of its chain, come back, or at the head of another seat.
    ///
    /// - Parameter key: nil for an observer; a key without a seat makes one too.
    public init(
        committee: CommitteeView, key: SigningKey?, settings: ValidatorSettings,
        genesisTime: Instant, recovery: Recovery
    ) {
        let rules = CommitRules(settings.commits, for: committee)
        self.init(
            committee: committee, key: key, settings: settings,
            rules: rules, from: (genesisTime, recovery))
    }

    init(
        committee: CommitteeView, key: SigningKey?, settings: ValidatorSettings,
        rules: CommitRules, from start: (genesisTime: Instant, recovery: Recovery)
    ) {
        let index = key.flatMap { committee.keys.firstIndex(of: $0.publicKey) }
        self.committee = committee
        self.settings = settings
        self.key = index == nil ? nil : key
        seat = index.map { Seat(UInt8($0)) }
        queue = PayloadQueue(limit: settings.queueBytes)
        systemQueue = PayloadQueue(limit: settings.systemBytes)
        lastOwn = index.map { committee.genesis[$0] }
        punctual = Array(repeating: .genesis, count: committee.count)
        fetching = Fetching(settings: settings)
        let recovery = start.recovery
        lapses = rules.lapses
        isReady = recovery.startsReady
        committer = Committer(
            settings: settings.commits, rules: rules, head: recovery.head,
            sequenced: recovery.sequenced)
        let floor = committer.floor
        store = BlockStore(
            committee: committee, genesisTime: start.genesisTime,
            pruned: floor > .genesis ? floor : nil, archiveBytes: settings.archiveBytes)
        store.lapses = lapses
        fetching.lapses = lapses
        queue.lapses = lapses
        if let place = lastOwn.flatMap({ store.place(of: $0) }) { store.cover(place) }
        for block in recovery.blocks { recover(block) }
    }

    mutating func recover(_ block: CheckedBlock) {
        if case .accepted(let references) = store.restore(block) { note(references) }
        accused = store.evidence.count
        guard let lastOwn, block.author == seat, block.round > lastOwn.round else { return }
        if carriers.contains(block.reference) { unsequenced.append(block) }
        if lapses.contains(.forgetsLastOwn) { return }
        self.lastOwn = block.reference
        lastOwnBlock = block
        if let place = store.place(of: block.reference) { store.cover(place) }
    }

    /// Where this validator stands in the common order.
    public var head: CommitHead { committer.head }

    /// Takes one input at the time `now`; the same inputs give the same actions.
    public mutating func step(_ input: Input, at now: Instant, into actions: inout [Action]) {
        if case .broken = halted { return }
        takeDue(at: now, into: &actions)
        take(input, at: now, into: &actions)
        advance(into: &actions)
        if case .broken = halted { return }
        var made = 0
        while made < Self.blocksPerStep, propose(at: now, into: &actions) {
            made += 1
            advance(into: &actions)
        }
        retry(at: now, into: &actions)
        plan(at: now, into: &actions)
    }

    private mutating func take(_ input: Input, at now: Instant, into actions: inout [Action]) {
        switch input {
        case .block(let block, let sender): receive(block, from: sender, at: now, into: &actions)
        case .wanted(let references, let round, let peer):
            let blocks = store.answer(
                references, above: round, limit: settings.blocksPerAnswer,
                bytes: settings.bytesPerAnswer)
            for block in blocks { actions.append(.send(block, to: peer)) }
        case .payload(let payload):
            isQueueUrgent = true
            if !queue.offer(payload) { actions.append(.refuse(payload)) }
        case .patientPayload(let payload):
            if !queue.offer(payload) { actions.append(.refuse(payload)) }
        case .hurry: hurriedThrough = max(hurriedThrough, store.highestRound + 2)
        case .system(let payload):
            if !systemQueue.offer(payload) { actions.append(.refuse(payload)) }
        case .coin(let round, let coin):
            guard round > committer.head.round else { return }
            coins.open(round, coin, in: committee)
            isChanged = true
        case .ready: isReady = true
        case .tick: break
        }
    }

    // Commits

    mutating func advance(into actions: inout [Action]) {
        guard isChanged else { return }
        isChanged = false
        do {
            while let commit = try committer.nextCommit(in: store, coins: coins) {
                actions.append(.commit(commit))
                settle(commit, into: &actions)
            }
        } catch {
            halted = .broken(error)
            actions.append(.halt(.broken(error)))
        }
    }

    /// Forgets what a commit makes old, and takes back own payload that it leaves out for good.
    private mutating func settle(_ commit: Commit, into actions: inout [Action]) {
        for decided in commit.decisions { coins.forget(decided.slot.round) }
        for block in commit.blocks { carriers.remove(block.reference) }
        if !lapses.contains(.repeatsPayload) {
            unsequenced.removeAll { !carriers.contains($0.reference) }
        }
        let floor = committer.floor
        guard floor > .genesis else { return }
        keep(store.prune(through: floor), into: &actions)
        carriers = carriers.filter { $0.round > floor }
        for block in unsequenced.reversed()
        where block.round <= floor && !lapses.contains(.losesPrunedPayload) {
            queue.giveBack(block.block.payload)
        }
        unsequenced.removeAll { $0.round <= floor }
    }
}
