// One seat as a machine: blocks, time and payload in; what to keep, to send and to execute out.
import Cryptography
import Primitives

/// A validator of one epoch. The shell obeys the actions in their order and makes `persist` actions
/// durable in their order too, so that whatever is durable has all it names below it.
public struct Validator: Sendable {
    public enum Input: Sendable {
        /// A block that `from` sent; its own or another's.
        case block(CheckedBlock, from: Seat)
        /// `by` asks for blocks, and for their ancestors above `above`.
        case wanted([BlockReference], above: Round, by: Seat)
        /// An own block that was to be persisted is durable.
        case durable(BlockReference)
        /// Something to be ordered.
        case payload([UInt8])
        /// The coin of a round is open.
        case coin(Round, Digest)
        /// Time passes.
        case tick
    }

    public enum Action: Hashable, Sendable {
        /// Make this block durable. For an own block, answer with `durable`.
        case persist(CheckedBlock)
        /// Send this block to all other seats.
        case broadcast(CheckedBlock)
        case send(CheckedBlock, to: Seat)
        /// Ask `from` for these blocks and their ancestors above `above`.
        case request([BlockReference], above: Round, from: Seat)
        /// The order grew.
        case commit(Commit)
        /// A seat signed two blocks in one round.
        case accuse(Evidence)
        /// There is no room for this payload now.
        case refuse([UInt8])
        /// Come back with `tick` at this time or soon after.
        case wake(Instant)
        /// More than f seats are faulty. Nothing more will come from this validator.
        case halt(CommitFault)
    }

    public let committee: CommitteeView
    public let seat: Seat
    public let settings: ValidatorSettings
    public internal(set) var store: BlockStore
    public internal(set) var committer: Committer
    /// What stopped this validator.
    public internal(set) var fault: CommitFault?

    let key: SigningKey
    var coins = OpenedCoins()
    var queue: PayloadQueue
    /// The last own block, durable and accepted; the genesis block at first.
    var lastOwn: BlockReference
    var lastOwnBlock: CheckedBlock?
    /// An own block that is not durable yet.
    var unsaved: CheckedBlock?
    /// Own blocks with payload that are not in the order yet, oldest first.
    var unsequenced: [CheckedBlock] = []
    var lastProposal = Instant(nanoseconds: 0)
    /// When the last own block was sent last.
    var lastSent = Instant(nanoseconds: 0)
    /// When missing parents were asked for last, and how often without success.
    var lastAsked = Instant(nanoseconds: 0)
    var asked = 0
    /// Since when a quorum of a round is here.
    var quorumSeen: (round: Round, since: Instant)?
    var accused = 0

    /// A validator at the start of its chain or come back; nil where the committee does not have
    /// `key`.
    public init?(
        committee: CommitteeView, key: SigningKey, settings: ValidatorSettings,
        genesisTime: Instant, recovery: Recovery
    ) {
        let rules = CommitRules(settings.commits, for: committee)
        self.init(
            committee: committee, key: key, settings: settings,
            rules: rules, from: (genesisTime, recovery))
    }

    init?(
        committee: CommitteeView, key: SigningKey, settings: ValidatorSettings,
        rules: CommitRules, from start: (genesisTime: Instant, recovery: Recovery)
    ) {
        guard let index = committee.keys.firstIndex(of: key.publicKey) else { return nil }
        self.committee = committee
        self.key = key
        self.settings = settings
        seat = Seat(UInt8(index))
        queue = PayloadQueue(limit: settings.queueBytes)
        lastOwn = committee.genesis[index]
        let recovery = start.recovery
        committer = Committer(
            settings: settings.commits, rules: rules, head: recovery.head,
            sequenced: recovery.sequenced)
        let floor = committer.floor
        store = BlockStore(
            committee: committee, genesisTime: start.genesisTime,
            pruned: floor > .genesis ? floor : nil)
        let ordered = Set(recovery.sequenced)
        for block in recovery.blocks {
            recover(block, isOrdered: ordered.contains(block.reference))
        }
        if let place = store.place(of: lastOwn) { store.cover(place) }
    }

    private mutating func recover(_ block: CheckedBlock, isOrdered: Bool) {
        _ = store.insert(block)
        guard block.author == seat, block.round > lastOwn.round else { return }
        if !isOrdered, !block.block.payload.isEmpty, store.contains(block.reference) {
            unsequenced.append(block)
        }
        lastOwn = block.reference
        lastOwnBlock = block
    }

    /// Takes one input at the time `now`; the same inputs give the same actions.
    public mutating func step(_ input: Input, at now: Instant, into actions: inout [Action]) {
        guard fault == nil else { return }
        switch input {
        case .block(let block, let sender):
            receive(block, from: sender, into: &actions)
            advance(into: &actions)
        case .wanted(let references, let round, let peer):
            answer(references, above: round, to: peer, into: &actions)
        case .durable(let reference):
            publish(reference, at: now, into: &actions)
            advance(into: &actions)
        case .payload(let item):
            if !queue.offer(item) { actions.append(.refuse(item)) }
        case .coin(let round, let coin):
            if round > committer.head.round { coins.open(round, coin, in: committee) }
            advance(into: &actions)
        case .tick: break
        }
        guard fault == nil else { return }
        retry(at: now, into: &actions)
        propose(at: now, into: &actions)
    }

    // Blocks of others

    private mutating func receive(
        _ block: CheckedBlock, from sender: Seat, into actions: inout [Action]
    ) {
        switch store.insert(block) {
        case .accepted(let references): keep(references, into: &actions)
        case .waiting(let missing) where !missing.isEmpty:
            actions.append(.request(missing, above: store.quorumRound, from: sender))
        case .waiting, .known, .pruned, .unwantedTwin, .overLimit: break
        }
        for evidence in store.evidence.dropFirst(accused) { actions.append(.accuse(evidence)) }
        accused = store.evidence.count
    }

    func keep(_ references: [BlockReference], into actions: inout [Action]) {
        for reference in references where reference != lastOwn {
            if let block = store.block(reference) { actions.append(.persist(block)) }
        }
    }

    private func answer(
        _ references: [BlockReference], above round: Round, to peer: Seat,
        into actions: inout [Action]
    ) {
        let limit = settings.blocksPerAnswer
        let wanted = references.prefix(limit)
        let blocks = wanted.compactMap { store.block($0) }
        let older = store.ancestors(of: Array(wanted), above: round, limit: limit)
        for block in older.filter({ !wanted.contains($0.reference) }) + blocks {
            actions.append(.send(block, to: peer))
        }
    }

    // Commits

    private mutating func advance(into actions: inout [Action]) {
        do {
            while let commit = try committer.nextCommit(in: store, coins: coins) {
                actions.append(.commit(commit))
                settle(commit, into: &actions)
            }
        } catch {
            fault = error
            actions.append(.halt(error))
        }
    }

    /// Forgets what a commit makes old, and takes back own payload that it leaves out for good.
    private mutating func settle(_ commit: Commit, into actions: inout [Action]) {
        for decided in commit.decisions { coins.forget(decided.slot.round) }
        unsequenced.removeAll { own in commit.blocks.contains { $0.reference == own.reference } }
        let floor = committer.floor
        guard floor > .genesis else { return }
        keep(store.prune(through: floor), into: &actions)
        let lost = unsequenced.filter { $0.round <= floor }
        unsequenced.removeAll { $0.round <= floor }
        queue.giveBack(lost.flatMap(\.block.payload))
    }
}
