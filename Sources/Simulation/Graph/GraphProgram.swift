// The graph of blocks alone as a program: opaque payload in, the common order out.
import Consensus
import Cryptography
import Primitives

/// A `Validator` with the coin in the place of which stands a hash of the round, opened as late as
/// a real one would be.
struct GraphProgram: Machine {
    private let make: (Recovery) -> Validator
    private let committee: CommitteeView
    private let genesisTime: Instant
    private var validator: Validator?
    private var replayed: [CheckedBlock] = []
    private var executed: UInt64 = 0
    private var seen: Set<Digest> = []
    private var opened: Set<Round> = []
    /// Seats that said which of our blocks they have.
    private var answers = SeatSet()

    /// The journal's kind of a block.
    static let blockKind: UInt8 = 6

    init(
        committee: CommitteeView, genesisTime: Instant,
        make: @escaping (Recovery) -> Validator
    ) {
        self.committee = committee
        self.genesisTime = genesisTime
        self.make = make
    }

    mutating func replay(
        kind: UInt8, _ bytes: [UInt8], into actions: inout [MachineAction]
    ) throws(ReplayRefusal) {
        guard kind == Self.blockKind, let block = try? Block(decoding: bytes),
            let checked = try? CheckedBlock(block, in: committee)
        else { throw ReplayRefusal(reason: "no block") }
        replayed.append(checked)
    }

    mutating func start(at now: Instant, into actions: inout [MachineAction]) {
        // An empty journal may be that of a disk that was lost: others know better.
        var recovery = Recovery(genesisTime: genesisTime, startsReady: false)
        recovery.blocks = replayed
        replayed = []
        validator = make(recovery)
        actions.append(.broadcast(GraphMessage.asking.encoded))
        step(.tick, at: now, into: &actions)
    }

    mutating func step(
        _ input: MachineInput, at now: Instant, into actions: inout [MachineAction]
    ) {
        var wishes: [Validator.Action] = []
        switch input {
        case .submit(let bytes): validator?.step(.payload([bytes]), at: now, into: &wishes)
        case .message(let parcel, let from):
            take(parcel, Seat(UInt8(from)), at: now, into: &wishes, &actions)
        case .connected(let peer):
            if validator?.isReady == false {
                actions.append(.send(GraphMessage.asking.encoded, to: peer))
            }
        case .tick: validator?.step(.tick, at: now, into: &wishes)
        }
        openCoins(at: now, into: &wishes)
        for wish in wishes { obey(wish, into: &actions) }
    }

    private mutating func take(
        _ parcel: Parcel, _ sender: Seat, at now: Instant,
        into wishes: inout [Validator.Action], _ actions: inout [MachineAction]
    ) {
        guard let message = parcel.open({ try? GraphMessage(decoding: $0) }) else { return }
        switch message {
        case .asking:
            let newest = validator?.store.newestBlock(of: sender)?.block
            actions.append(.send(GraphMessage.answer(newest).encoded, to: Int(sender.index)))
        case .answer(let block):
            if let block { receive(block, from: sender, at: now, into: &wishes) }
            answers.insert(sender)
            guard answers.count + 1 >= committee.quorum, validator?.isReady == false else { return }
            validator?.step(.ready, at: now, into: &wishes)
        case .block(let block): receive(block, from: sender, at: now, into: &wishes)
        case .wanted(let references, let above):
            validator?.step(
                .wanted(references, above: above, by: .seat(sender)), at: now, into: &wishes)
        }
    }

    private mutating func receive(
        _ block: Block, from sender: Seat, at now: Instant, into wishes: inout [Validator.Action]
    ) {
        guard let checked = try? CheckedBlock(block, in: committee) else { return }
        validator?.step(.block(checked, from: .seat(sender)), at: now, into: &wishes)
    }

    private mutating func obey(_ wish: Validator.Action, into actions: inout [MachineAction]) {
        switch wish {
        case .persist(let block):
            actions.append(.record(kind: Self.blockKind, block.block.encoded))
        case .broadcast(let block):
            actions.append(.broadcast(GraphMessage.block(block.block).encoded))
        case .send(let block, let to):
            guard case .seat(let to) = to else { return }
            let message = GraphMessage.block(block.block)
            actions.append(.send(message.encoded, to: Int(to.index)))
        case .request(let references, let above, let from):
            guard case .seat(let from) = from else { return }
            let message = GraphMessage.wanted(references, above: above)
            actions.append(.send(message.encoded, to: Int(from.index)))
        case .commit(let commit): execute(commit, into: &actions)
        case .accuse(let evidence):
            actions.append(.fact(.accused(Int(evidence.author.index))))
        case .refuse: break
        case .wake(let time): actions.append(.wake(time))
        case .halt(.amnesia): actions.append(.fact(.forgot))
        case .halt(.broken(let fault)): actions.append(.fact(.halted("\(fault)")))
        }
    }

    private mutating func execute(_ commit: Commit, into actions: inout [MachineAction]) {
        actions.append(.fact(.committed(commit.index, commit.head.digest)))
        for block in commit.blocks {
            for item in block.block.payload {
                let digest = BLAKE3.hash(Array(item))
                guard seen.insert(digest).inserted else { continue }
                executed += 1
                actions.append(.fact(.ordered(executed, digest)))
            }
        }
    }

    /// A coin of a round opens when so many seats could have opened it.
    private mutating func openCoins(at now: Instant, into wishes: inout [Validator.Action]) {
        guard let known = validator?.settings.commits.knownRounds, known < 1 << 32 else { return }
        while let round = dueCoin {
            opened.insert(round)
            validator?.step(.coin(round, Self.coin(of: round)), at: now, into: &wishes)
        }
    }

    /// What stands in the place of the coin of a round.
    static func coin(of round: Round) -> Digest {
        var writer = ByteWriter()
        writer.write(round.number)
        return BLAKE3.hash(writer.bytes)
    }

    private var dueCoin: Round? {
        guard let validator else { return nil }
        var round = validator.committer.head.round + 1
        while round + 5 <= validator.store.highestRound {
            if !opened.contains(round),
                validator.store.authors(in: round + 5).count >= committee.someHonest
            {
                return round
            }
            round = round + 1
        }
        return nil
    }
}

