// The graph of blocks alone as a program: opaque payload in, the common order out.
import Consensus
import Cryptography
import Primitives

/// A `Validator` with the coin in the place of which stands a hash of the round, opened as late as
/// a real one would be.
struct GraphProgram: Machine {
    private let seat: Seat
    private let make: (Recovery) -> Validator?
    private let committee: CommitteeView
    private let genesisTime: Instant
    private var validator: Validator?
    private var replayed: [CheckedBlock] = []
    private var executed: UInt64 = 0
    private var seen: Set<Digest> = []
    private var opened: Set<Round> = []

    /// The journal's kind of a block.
    static let blockKind: UInt8 = 6

    init(
        seat: Seat, committee: CommitteeView, genesisTime: Instant,
        make: @escaping (Recovery) -> Validator?
    ) {
        self.seat = seat
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
        var recovery = Recovery(genesisTime: genesisTime)
        recovery.blocks = replayed
        replayed = []
        validator = make(recovery)
        step(.tick, at: now, into: &actions)
    }

    mutating func step(
        _ input: MachineInput, at now: Instant, into actions: inout [MachineAction]
    ) {
        var wishes: [Validator.Action] = []
        switch input {
        case .submit(let bytes): validator?.step(.payload(bytes), at: now, into: &wishes)
        case .message(let bytes, let from): take(bytes, from, at: now, into: &wishes)
        case .connected: break
        case .tick: validator?.step(.tick, at: now, into: &wishes)
        }
        openCoins(at: now, into: &wishes)
        var next = 0
        while next < wishes.count {
            obey(wishes[next], at: now, &wishes, into: &actions)
            next += 1
        }
    }

    private mutating func take(
        _ bytes: [UInt8], _ from: Int, at now: Instant, into wishes: inout [Validator.Action]
    ) {
        let sender = Seat(UInt8(from))
        if let question = try? GraphQuestion(decoding: bytes) {
            validator?.step(
                .wanted(question.references, above: question.above, by: sender), at: now,
                into: &wishes)
        } else if let block = try? Block(decoding: bytes),
            let checked = try? CheckedBlock(block, in: committee)
        {
            validator?.step(.block(checked, from: sender), at: now, into: &wishes)
        }
    }

    private mutating func obey(
        _ wish: Validator.Action, at now: Instant, _ wishes: inout [Validator.Action],
        into actions: inout [MachineAction]
    ) {
        switch wish {
        case .persist(let block):
            actions.append(.record(kind: Self.blockKind, block.block.encoded))
            if block.author == seat {
                validator?.step(.durable(block.reference), at: now, into: &wishes)
            }
        case .broadcast(let block): actions.append(.broadcast(block.block.encoded))
        case .send(let block, let to):
            actions.append(.send(block.block.encoded, to: Int(to.index)))
        case .request(let references, let above, let from):
            let question = GraphQuestion(references: references, above: above)
            actions.append(.send(question.encoded, to: Int(from.index)))
        case .commit(let commit): execute(commit, into: &actions)
        case .accuse(let evidence):
            actions.append(.fact(.accused(Int(evidence.author.index))))
        case .refuse: break
        case .wake(let time): actions.append(.wake(time))
        case .halt(let fault): actions.append(.fact(.halted("\(fault)")))
        }
    }

    private mutating func execute(_ commit: Commit, into actions: inout [MachineAction]) {
        actions.append(.fact(.committed(commit.index, commit.head.digest)))
        for block in commit.blocks {
            for item in block.block.payload {
                let digest = BLAKE3.hash(item)
                guard seen.insert(digest).inserted else { continue }
                executed += 1
                actions.append(.fact(.executed(executed, digest, isDone: true)))
            }
        }
    }

    /// A coin of a round opens when so many seats could have opened it.
    private mutating func openCoins(at now: Instant, into wishes: inout [Validator.Action]) {
        guard let known = validator?.settings.commits.knownRounds, known < 1 << 32 else { return }
        while let round = dueCoin {
            opened.insert(round)
            var writer = ByteWriter()
            writer.write(round.number)
            validator?.step(.coin(round, BLAKE3.hash(writer.bytes)), at: now, into: &wishes)
        }
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

/// A question for blocks, as the graph program sends it; a first byte that no block begins with.
struct GraphQuestion {
    var references: [BlockReference]
    var above: Round

    private static let mark: UInt16 = 0x5157

    init(references: [BlockReference], above: Round) {
        self.references = references
        self.above = above
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.mark)
        writer.write(above.number)
        writer.write(UInt16(clamping: references.count))
        for reference in references.prefix(Int(UInt16.max)) {
            writer.write(reference.author.index)
            writer.write(reference.round.number)
            writer.write(reference.digest)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(UInt16.self) == Self.mark else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        above = Round(try reader.read())
        references = []
        for _ in 0..<(try reader.read(UInt16.self)) {
            let author = Seat(try reader.read())
            let round = Round(try reader.read())
            references.append(
                BlockReference(round: round, author: author, digest: try reader.read()))
        }
        try reader.finish()
        guard above <= .last, references.allSatisfy({ $0.round <= .last }) else {
            throw DecodingFailure(.outOfRange, at: 2)
        }
    }
}
