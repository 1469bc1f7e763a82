// What a node's store holds besides the journal: bodies, certified checkpoints, the last state.
import Cryptography
import Ledger
import Primitives
import Records
import Replica

/// In memory, made again from the journal at every start, as the node's index would be.
struct Archive {
    private var bodies: [Digest: Body] = [:]
    /// By height, without holes from the first that is kept.
    private var checkpoints: [Checkpoint] = []
    private var steps: [EpochStep] = []
    /// The state at the last certified checkpoint.
    private var entries: [StateKey: [UInt8]] = [:]
    /// Snapshots that somebody fetches, oldest first.
    private var held: [(height: UInt64, entries: [SnapshotEntry])] = []

    /// Bytes of entries in one part, small enough that a snapshot has several.
    private static let partBytes = 4_096
    private static let mostHeld = 4

    /// The state at the genesis is not among the changes of any checkpoint.
    init(genesis: Genesis) {}

    mutating func keep(_ entry: JournalEntry) {
        if case .body(_, let body) = entry { bodies[body.digest] = body }
    }

    mutating func keep(_ execution: Execution) { bodies[execution.body.digest] = execution.body }

    mutating func keep(_ sealed: SealedCheckpoint) {
        checkpoints.append(sealed.checkpoint)
        for (key, value) in sealed.changes { entries[key] = value.isEmpty ? nil : value }
    }

    mutating func keep(_ step: EpochStep) { steps.append(step) }

    mutating func adopt(_ state: AdoptedState) {
        checkpoints = [state.checkpoint]
        steps += state.steps
        entries = [:]
        for entry in state.entries { entries[entry.key] = entry.value }
        held = []
    }

    /// Nil where there is nothing to answer.
    mutating func answer(_ wanted: Wanted) -> PeerMessage? {
        switch wanted {
        case .bodies(let digests):
            let found = digests.compactMap { bodies[$0] }
            return found.isEmpty ? nil : .bodies(found)
        case .checkpoints(let height):
            let found = checkpoints.drop { $0.header.height < height }
            return found.isEmpty
                ? nil : .checkpoints(Array(found.prefix(PeerMessage.mostCheckpoints)))
        case .snapshot(let request): return snapshot(request).map { .snapshot($0) }
        }
    }

    private mutating func snapshot(_ request: SnapshotRequest) -> SnapshotPart? {
        let height = request.height == 0 ? checkpoints.last?.header.height : request.height
        guard let height,
            let checkpoint = checkpoints.first(where: { $0.header.height == height })
        else { return nil }
        if !held.contains(where: { $0.height == height }) {
            guard height == checkpoints.last?.header.height else { return nil }
            let sorted = entries.map { SnapshotEntry(key: $0.key, value: $0.value) }
                .sorted { $0.key.encoded.lexicographicallyPrecedes($1.key.encoded) }
            held.append((height, sorted))
            if held.count > Self.mostHeld { held.removeFirst() }
        }
        guard let all = held.first(where: { $0.height == height })?.entries else { return nil }
        let parts = Self.parts(of: all)
        let number = Int(request.part)
        guard number < parts.count else { return nil }
        let relevant = steps.filter { step in
            step.checkpoint.header.epoch >= request.epoch
                && step.checkpoint.header.height <= height
        }
        return SnapshotPart(
            checkpoint: checkpoint, steps: number == 0 ? relevant : [], part: request.part,
            isLast: number == parts.count - 1, entries: Array(all[parts[number]]))
    }

    private static func parts(of entries: [SnapshotEntry]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, entry) in entries.enumerated() {
            bytes += entry.value.count + 64
            if bytes >= partBytes {
                parts.append(start..<index + 1)
                start = index + 1
                bytes = 0
            }
        }
        if start < entries.count || parts.isEmpty { parts.append(start..<entries.count) }
        return parts
    }
}

/// A state taken over from others, as the simulated journal keeps it.
struct AdoptedState {
    var checkpoint: Checkpoint
    var steps: [EpochStep]
    var entries: [SnapshotEntry]

    init(_ snapshot: Snapshot) {
        checkpoint = snapshot.checkpoint
        steps = snapshot.steps
        entries = snapshot.entries
    }

    var encoded: [UInt8] {
        let part = SnapshotPart(
            checkpoint: checkpoint, steps: steps, part: 0, isLast: true, entries: entries)
        return PeerMessage.snapshot(part).encoded
    }

    init(decoding bytes: [UInt8]) throws(BodyFailure) {
        guard case .snapshot(let part) = try PeerMessage(decoding: bytes) else {
            throw .malformed(DecodingFailure(.outOfRange, at: 0))
        }
        checkpoint = part.checkpoint
        steps = part.steps
        entries = part.entries
    }
}
