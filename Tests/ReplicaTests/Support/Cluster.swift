// Replicas of one chain that talk through memory in virtual time, each with its journal.
import Cryptography
import Ledger
import Primitives
import Records

@testable import Replica

/// All messages arrive after one delay, everything recorded is durable at once.
struct Cluster {
    struct Node {
        var replica: Replica
        var journal: [JournalEntry] = []
        var final: [Digest] = []
        var refused: [(Digest, SubmitRefusal)] = []
        var executed: [Execution] = []
        var certified: [SealedCheckpoint] = []
        var steps: [EpochStep] = []
        var commits: [CommitSummary] = []
        var halted: HaltReason?
        var wakeAt: Instant?
        var isUp = true
        /// What a store would serve.
        var snapshots: [UInt64: [SnapshotEntry]] = [:]
        var adopted = 0
    }

    struct Mail {
        var time: Instant
        var number: UInt64
        var from: Int
        var to: Int
        var message: PeerMessage
    }

    let keys: [SigningKey]
    let genesis: Genesis
    let settings: ReplicaSettings
    var nodes: [Node] = []
    var now = Cluster.start
    var mail: [Mail] = []
    private var sent: UInt64 = 0
    /// Mail for which this holds is lost.
    var isLost: (Int, Int, PeerMessage) -> Bool = { _, _, _ in false }
    /// What becomes of the bytes that a node sends.
    var spoil: (Int, [UInt8]) -> [UInt8] = { $1 }

    static let start = Instant(nanoseconds: 1_700_000_000_000_000_000)
    static let delay = 2 * Nanoseconds.perMillisecond

    static func key(_ number: Int) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: UInt8(number), count: 32)) else {
            preconditionFailure("a seed of 32 bytes makes a key")
        }
        return key
    }

    static var quick: ReplicaSettings {
        var settings = ReplicaSettings(intervalNanoseconds: 100 * Nanoseconds.perMillisecond)
        settings.leaderNanoseconds = 20 * Nanoseconds.perMillisecond
        return settings
    }

    init(_ count: Int, observers: Int = 0, settings: ReplicaSettings = Cluster.quick) {
        keys = (0..<count + observers).map { Cluster.key(100 + $0) }
        guard let committee = Committee(keys.prefix(count).map(\.publicKey)),
            let genesis = Genesis(name: "test", created: Cluster.start, committee: committee)
        else { preconditionFailure("different keys make a committee") }
        self.genesis = genesis
        self.settings = settings
        for key in keys {
            nodes.append(Node(replica: Replica(genesis: genesis, key: key, settings: settings)))
        }
        for index in nodes.indices { boot(index) }
    }

    // MARK: Life

    /// Starts a node that was made or replayed.
    private mutating func boot(_ index: Int) {
        var actions: [Replica.Action] = []
        nodes[index].replica.start(at: now, into: &actions)
        obey(actions, of: index)
        for peer in nodes.indices where peer != index && nodes[peer].isUp {
            step(index, .connected(keys[peer].publicKey))
            step(peer, .connected(keys[index].publicKey))
        }
    }

    mutating func stop(_ index: Int) { nodes[index].isUp = false }

    /// Starts again from the journal, all of it or a part.
    mutating func restart(_ index: Int, journal count: Int? = nil) throws {
        var node = Node(
            replica: Replica(genesis: genesis, key: keys[index], settings: settings))
        node.journal = Array(nodes[index].journal.prefix(count ?? .max))
        for entry in node.journal {
            var actions: [Replica.Action] = []
            try node.replica.replay(entry, into: &actions)
            node.note(actions)
        }
        nodes[index] = node
        boot(index)
    }

    // MARK: Steps

    mutating func submit(_ body: Body, to index: Int) { step(index, .submit(body)) }

    mutating func step(_ index: Int, _ input: Replica.Input) {
        guard nodes[index].isUp else { return }
        var actions: [Replica.Action] = []
        nodes[index].replica.step(input, at: now, into: &actions)
        obey(actions, of: index)
    }

    private mutating func obey(_ actions: [Replica.Action], of index: Int) {
        nodes[index].note(actions)
        for action in actions {
            switch action {
            case .send(let message, let key): send(message, from: index, to: key)
            case .broadcast(let message):
                for key in keys where key.publicKey != keys[index].publicKey {
                    send(message, from: index, to: key.publicKey)
                }
            case .serve(let wanted, let key): serve(wanted, from: index, to: key)
            case .wake(let time):
                nodes[index].wakeAt = time
            default: break
            }
        }
    }

    private mutating func serve(_ wanted: Wanted, from index: Int, to key: PublicKey) {
        switch wanted {
        case .bodies(let digests):
            let bodies = nodes[index].journal.compactMap { entry -> Body? in
                if case .body(_, let body) = entry, digests.contains(body.digest) { return body }
                return nil
            }
            send(.bodies(bodies), from: index, to: key)
        case .checkpoints(let height):
            let found = nodes[index].certified.map(\.checkpoint)
                .filter { $0.header.height >= height }
            send(.checkpoints(Array(found.prefix(64))), from: index, to: key)
        case .snapshot(let request):
            let wanted = request.height == 0
                ? nodes[index].certified.last : nodes[index].certified.first {
                    $0.checkpoint.header.height == request.height
                }
            guard let sealed = wanted,
                let all = nodes[index].snapshots[sealed.checkpoint.header.height]
            else { return }
            // Two parts, so that the second has to be asked for.
            let middle = all.count / 2
            let isLast = request.part == 1
            let part = SnapshotPart(
                checkpoint: sealed.checkpoint,
                steps: request.part == 0
                    ? nodes[index].steps.filter { $0.epoch >= request.epoch } : [],
                part: request.part, isLast: isLast,
                entries: Array(isLast ? all[middle...] : all[..<middle]))
            send(.snapshot(part), from: index, to: key)
        }
    }

    private mutating func send(_ message: PeerMessage, from index: Int, to key: PublicKey) {
        guard let peer = keys.firstIndex(where: { $0.publicKey == key }) else { return }
        if isLost(index, peer, message) { return }
        sent += 1
        mail.append(
            Mail(
                time: now.advanced(byNanoseconds: Self.delay), number: sent, from: index, to: peer,
                message: message))
    }

    /// Lets time pass and mail arrive.
    mutating func run(milliseconds: UInt64) throws {
        let end = now.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
        while true {
            let nextMail = mail.map(\.time).min() ?? end
            let nextWake = nodes.filter(\.isUp).compactMap(\.wakeAt).min() ?? end
            let next = max(now, min(nextMail, nextWake))
            guard next < end else { break }
            now = next
            for index in nodes.indices where nodes[index].isUp {
                guard let wake = nodes[index].wakeAt, wake <= now else { continue }
                nodes[index].wakeAt = nil
                step(index, .tick)
            }
            let due = mail.filter { $0.time <= now }.sorted { $0.number < $1.number }
            mail.removeAll { $0.time <= now }
            for item in due where nodes[item.to].isUp {
                // Through bytes, as on a wire.
                let bytes = spoil(item.from, item.message.encoded)
                let message: PeerMessage
                do { message = try PeerMessage(decoding: bytes) } catch {
                    if bytes == item.message.encoded { throw error }
                    continue
                }
                step(item.to, .message(message, from: keys[item.from].publicKey))
            }
        }
        now = end
    }
}

extension Cluster.Node {
    mutating func note(_ actions: [Replica.Action]) {
        for action in actions {
            switch action {
            case .record(let entry): journal.append(entry)
            case .final(let digests): final += digests
            case .refused(let digest, let refusal): refused.append((digest, refusal))
            case .executed(let execution): executed.append(execution)
            case .certified(let sealed): certify(sealed)
            case .epoch(let step): steps.append(step)
            case .committed(let summary): commits.append(summary)
            case .adopted(let snapshot): adopt(snapshot)
            case .halt(let reason): halted = reason
            default: break
            }
        }
    }

    private mutating func certify(_ sealed: SealedCheckpoint) {
        var entries: [StateKey: [UInt8]] = [:]
        if let last = certified.last {
            for entry in snapshots[last.checkpoint.header.height] ?? [] {
                entries[entry.key] = entry.value
            }
        }
        for change in sealed.changes {
            entries[change.key] = change.value.isEmpty ? nil : change.value
        }
        let height = sealed.checkpoint.header.height
        snapshots[height] = entries.map { SnapshotEntry(key: $0.key, value: $0.value) }
            .sorted { $0.key.encoded.lexicographicallyPrecedes($1.key.encoded) }
        certified.append(sealed)
    }

    private mutating func adopt(_ snapshot: Snapshot) {
        adopted += 1
        snapshots[snapshot.checkpoint.header.height] = snapshot.entries
        certified.append(
            SealedCheckpoint(
                checkpoint: snapshot.checkpoint, items: [], changes: [], floor: .genesis))
        steps += snapshot.steps
    }
}
