// Four validators that talk through memory: what they say is what decoders start from, and one of
// them hears what inputs make of it.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records
import Replica

/// Messages arrive at once, in the order of sending; everything recorded is durable at once.
struct CommitteePlay {
    static let keys = (11...14).compactMap {
        SigningKey(seed: [UInt8](repeating: UInt8($0), count: 32))
    }
    static let committee = Committee(keys.map(\.publicKey))
    static let genesis = committee.flatMap {
        Genesis(name: "check", created: LedgerPlay.time, committee: $0)
    }
    /// After more than one epoch, with coins.
    static let played = CommitteePlay()

    private(set) var replicas: [Replica] = []
    /// Everything said, once.
    private(set) var messages: [PeerMessage] = []
    /// Everything that the first recorded.
    private(set) var entries: [JournalEntry] = []
    /// What its checkpoints changed.
    private(set) var state: [StateKey: [UInt8]] = [:]
    private(set) var certified: [SealedCheckpoint] = []
    private(set) var steps: [EpochStep] = []
    private(set) var now = LedgerPlay.time
    private var mail: [(from: Int, to: Int, message: PeerMessage)] = []
    private var operations: [PublicKey: UInt64] = [:]

    static var settings: ReplicaSettings {
        var settings = ReplicaSettings(intervalNanoseconds: 50 * Nanoseconds.perMillisecond)
        settings.epochNanoseconds = 200 * Nanoseconds.perMillisecond
        settings.commits.knownRounds = 2
        settings.calmNanoseconds = settings.roundNanoseconds
        return settings
    }

    private init() {
        guard let genesis = Self.genesis else { return }
        replicas = Self.keys.map {
            Replica(genesis: genesis, key: $0, settings: Self.settings)
        }
        for index in replicas.indices {
            var actions: [Replica.Action] = []
            replicas[index].start(at: now, into: &actions)
            obey(actions, of: index)
        }
        deliver()
        enter(genesis.digest)
        pass(milliseconds: 120)
        forge()
        vote(genesis.digest)
        pass(milliseconds: 600)
    }

    // MARK: What happens

    private mutating func submit(_ command: Command, by key: SigningKey, chain: Digest) {
        operations[key.publicKey, default: 0] += 1
        let operation = SignedOperation(
            chain: chain, owner: OwnerID(firstKey: key.publicKey),
            sequence: operations[key.publicKey] ?? 1, command: command, key: key)
        step(0, .submit(.operation(operation)))
    }

    /// An owner, her submitter and her agent, and a batch of it.
    private mutating func enter(_ chain: Digest) {
        let (ada, submitter) = (LedgerPlay.keys[0], LedgerPlay.keys[2])
        submit(.owner(.register(name: "Ada")), by: ada, chain: chain)
        submit(
            .owner(.authorize(submitter: submitter.publicKey, rights: .all)), by: ada,
            chain: chain)
        pass(milliseconds: 40)
        var record = Record()
        record.agent = AgentID(owner: OwnerID(firstKey: ada.publicKey), name: "scout")
        record.start = now
        submit(
            .agent(.register(name: "scout", profile: AgentProfile(version: "1"))), by: ada,
            chain: chain)
        pass(milliseconds: 40)
        var columns = RecordColumns()
        columns.append(record, parents: [])
        var header = BatchHeader()
        header.chain = chain
        header.submitter = SubmitterID(key: submitter.publicKey)
        header.sequence = 1
        header.closed = now
        step(0, .submit(.batch(CheckedBatch(sealing: columns, header: header, key: submitter))))
    }

    /// The last seat makes a second block in some round.
    private mutating func forge() {
        guard let genesis = Self.genesis, let key = Self.keys.last,
            let block = replicas[0].order.store.newestBlock(of: Seat(3))?.block
        else { return }
        let twin = Block(
            signing: block.header, payload: [[1]], chain: genesis.digest, with: key)
        step(0, .message(.block(twin), from: key.publicKey))
    }

    /// All but one vote for a newcomer, one for something else.
    private mutating func vote(_ chain: Digest) {
        let newcomer = LedgerPlay.keys[1]
        let proof = newcomer.sign(
            KeyProof.message(
                for: .validator, chain: chain, owner: OwnerID(firstKey: newcomer.publicKey)))
        let adds = SeatChange.add(newcomer.publicKey, address: "bo:1")
        let replaces = SeatChange.replace(
            Self.keys[1].publicKey, by: newcomer.publicKey, address: "bo:1")
        for (index, key) in Self.keys.enumerated() {
            let change = index == 3 ? replaces : adds
            submit(.validator(.vote(change, proof: proof)), by: key, chain: chain)
        }
    }

    private mutating func pass(milliseconds: Int) {
        for _ in 0..<milliseconds / 2 {
            now = now.advanced(byNanoseconds: 2 * Nanoseconds.perMillisecond)
            for index in replicas.indices { step(index, .tick) }
        }
    }

    private mutating func step(_ index: Int, _ input: Replica.Input) {
        var actions: [Replica.Action] = []
        replicas[index].step(input, at: now, into: &actions)
        obey(actions, of: index)
        deliver()
    }

    private mutating func deliver() {
        var sent = 0
        while sent < mail.count {
            let letter = mail[sent]
            sent += 1
            var actions: [Replica.Action] = []
            replicas[letter.to].step(
                .message(letter.message, from: Self.keys[letter.from].publicKey), at: now,
                into: &actions)
            obey(actions, of: letter.to)
        }
        mail.removeAll()
    }

    private mutating func obey(_ actions: [Replica.Action], of index: Int) {
        for action in actions {
            switch action {
            case .send(let message, let key):
                messages.append(message)
                if let to = Self.keys.firstIndex(where: { $0.publicKey == key }) {
                    mail.append((index, to, message))
                }
            case .broadcast(let message):
                messages.append(message)
                for to in replicas.indices where to != index { mail.append((index, to, message)) }
            default: if index == 0 { note(action) }
            }
        }
    }

    private mutating func note(_ action: Replica.Action) {
        switch action {
        case .record(let entry): entries.append(entry)
        case .epoch(let step): steps.append(step)
        case .certified(let sealed):
            certified.append(sealed)
            for (key, value) in sealed.changes { state[key] = value.isEmpty ? nil : value }
        default: break
        }
    }

    // MARK: What is made of it

    /// The committee of the epoch that the first is in; nil where it cannot be.
    var view: CommitteeView? {
        guard let genesis = Self.genesis, let first = replicas.first else { return nil }
        return CommitteeView(
            chain: genesis.digest, epoch: first.epoch, keys: first.committee.validators)
    }

    /// Who generates keys in this play.
    var setting: KeySetting? {
        view.flatMap { view in
            let points = Self.keys.map { SealingRegistration(key: $0).point }
            return KeySetting(
                committee: view, sealingKeys: Array(points.prefix(view.count)))
        }
    }

    /// Items in the blocks of all seats.
    var ordered: [Ordered] {
        entries.flatMap { entry -> [Ordered] in
            guard case .block(let block) = entry else { return [] }
            return block.payload.compactMap { try? Ordered(decoding: Array($0)) }
        }
    }
}
