// A whole validator as a program: the replica of the node, with what the node's store would answer
// to other seats.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records
import Replica

struct ReplicaProgram: Machine {
    private let keys: SeatKeys
    private var replica: Replica
    private var archive: Archive
    private var executed: UInt64 = 0
    /// Faults of seats that were claimed already.
    private var claimed: Set<Int> = []
    /// Whether the journal of a life before is being read: nothing is kept again.
    private var isReplaying = true

    /// The journal's kind of a state taken over from others; the node keeps it in its index.
    static let adoptedKind: UInt8 = 200

    init(genesis: Genesis, seat: Int, keys: SeatKeys, settings: ReplicaSettings) {
        self.keys = keys
        replica = Replica(genesis: genesis, key: keys.signing[seat], settings: settings)
        archive = Archive(genesis: genesis)
    }

    // MARK: The program

    mutating func replay(
        kind: UInt8, _ bytes: [UInt8], into actions: inout [MachineAction]
    ) throws(ReplayRefusal) {
        if kind == Self.adoptedKind {
            try restore(bytes, into: &actions)
            return
        }
        guard let kind = JournalEntry.Kind(rawValue: kind) else {
            throw ReplayRefusal(reason: "an entry of kind \(kind)")
        }
        var made: [Replica.Action] = []
        do {
            let entry = try JournalEntry(kind: kind, decoding: bytes)
            archive.keep(entry)
            try replica.replay(entry, into: &made)
        } catch { throw ReplayRefusal(reason: "\(kind): \(error)") }
        obey(made, into: &actions)
    }

    private mutating func restore(
        _ bytes: [UInt8], into actions: inout [MachineAction]
    ) throws(ReplayRefusal) {
        do {
            let snapshot = try AdoptedState(decoding: bytes)
            try replica.restore(
                checkpoint: snapshot.checkpoint,
                entries: snapshot.entries.map { ($0.key, $0.value) })
            archive.adopt(snapshot)
            actions.append(.fact(.adopted(height: snapshot.checkpoint.header.height)))
        } catch { throw ReplayRefusal(reason: "adopted state: \(error)") }
    }

    mutating func start(at now: Instant, into actions: inout [MachineAction]) {
        isReplaying = false
        var made: [Replica.Action] = []
        replica.start(at: now, into: &made)
        obey(made, into: &actions)
    }

    mutating func step(
        _ input: MachineInput, at now: Instant, into actions: inout [MachineAction]
    ) {
        var made: [Replica.Action] = []
        switch input {
        case .submit(let bytes):
            guard let body = try? Body(decoding: bytes) else { return }
            replica.step(.submit(body), at: now, into: &made)
        case .message(let parcel, let from):
            guard let message = parcel.open({ try? PeerMessage(decoding: $0) }) else { return }
            replica.step(.message(message, from: keys.of[from]), at: now, into: &made)
        case .connected(let peer):
            replica.step(.connected(keys.of[peer]), at: now, into: &made)
        case .tick: replica.step(.tick, at: now, into: &made)
        }
        obey(made, into: &actions)
    }

    // MARK: Actions

    private mutating func obey(
        _ made: [Replica.Action], into actions: inout [MachineAction]
    ) {
        for action in made {
            switch action {
            case .record(let entry):
                archive.keep(entry)
                actions.append(.record(kind: entry.kind.rawValue, entry.encoded))
                if case .certificate(let certificate) = entry {
                    actions.append(.fact(.kept(certificate)))
                }
            case .send(let message, let key):
                if let seat = keys.seat(of: key) {
                    actions.append(.send(message.encoded, to: seat))
                }
            case .broadcast(let message): actions.append(.broadcast(message.encoded))
            case .serve(let wanted, let key):
                guard let seat = keys.seat(of: key),
                    let answer = archive.answer(wanted)
                else { continue }
                actions.append(.send(answer.encoded, to: seat))
            case .wake(let time): actions.append(.wake(time))
            case .adopted(let snapshot):
                let state = AdoptedState(snapshot)
                archive.adopt(state)
                actions.append(.record(kind: Self.adoptedKind, state.encoded))
                let height = state.checkpoint.header.height
                actions.append(.fact(.adopted(height: height)))
            default: tell(action, into: &actions)
            }
        }
    }

    /// What clients and oracles want to know.
    private mutating func tell(
        _ action: Replica.Action, into actions: inout [MachineAction]
    ) {
        switch action {
        case .final(let digests):
            for digest in digests { actions.append(.fact(.final(digest))) }
        case .refused(let digest, let refusal):
            actions.append(.fact(.refused(digest, "\(refusal)")))
        case .executed(let execution):
            archive.keep(execution)
            actions.append(.fact(.executed(execution)))
        case .committed(let summary):
            actions.append(.fact(.committed(summary.head.index, summary.head.digest)))
        case .certified(let sealed):
            archive.keep(sealed)
            actions.append(.fact(.certified(sealed)))
            claimFaults(into: &actions)
        case .epoch(let step):
            archive.keep(step)
            actions.append(.fact(.epoch(step)))
        case .halt(.amnesia): actions.append(.fact(.forgot))
        case .halt(let reason): actions.append(.fact(.halted("\(reason)")))
        default: break
        }
    }

    private mutating func claimFaults(into actions: inout [MachineAction]) {
        for (seat, key) in keys.of.enumerated()
        where !claimed.contains(seat) && replica.state.fault(key) != nil {
            claimed.insert(seat)
            actions.append(.fact(.accused(seat)))
        }
    }
}

/// The keys of all machines; a machine's number is its place here.
struct SeatKeys: Sendable {
    let signing: [SigningKey]
    let of: [PublicKey]
    private let seats: [PublicKey: Int]

    init(_ signing: [SigningKey]) {
        self.signing = signing
        of = signing.map(\.publicKey)
        seats = Dictionary(uniqueKeysWithValues: of.enumerated().map { ($1, $0) })
    }

    func seat(of key: PublicKey) -> Int? { seats[key] }
}
