// How a node goes on from a state that it took over from others, because it was too far behind to
// follow the graph.
import Ledger
import Primitives
import Records
import Replica
import Storage

extension Core {
    /// Frames of the journal that hold a part of a snapshot taken over, encoded as the message that
    /// brings one; the kinds of the replica's own entries are below.
    static let partKind: UInt8 = 64

    /// The replica goes on from `snapshot`: the journal keeps it, since it is where a replay has to
    /// take over, and the index follows.
    mutating func adopt(_ snapshot: Snapshot, _ turn: Turn) throws(StorageFailure) {
        let state = AdoptedState(snapshot)
        for part in state.parts {
            try turn.store.append(kind: Self.partKind, PeerMessage.snapshot(part).encoded)
        }
        try follow(state, turn.store)
    }

    /// Brings the index and what is known here to the adopted state. What was carried out in
    /// between
    /// is not known here in detail; peers have it.
    mutating func follow(_ adopted: AdoptedState, _ store: Store) throws(StorageFailure) {
        batchCount = adopted.batchCount(in: replica.state)
        placedBatches = batchCount
        indexedBatches = max(indexedBatches, batchCount)
        unplaced.removeAll()
        log = nil
        for body in own where replica.state.isSettled(ChainPlace(body)) {
            noteFinal(body.digest)
            _ = chain.remove(body.digest)
        }
        let state = replica.state
        bodies.settle { state.isSettled($0) }
        retention.settle { state.isSettled($0) }
        let stored = StoredSnapshot(
            checkpoint: adopted.checkpoint,
            replayFrom: retention.first(or: store.journal.nextSequence),
            batchCount: batchCount)
        for step in adopted.steps { store.put(step) }
        let view = CheckpointView(checkpoint: adopted.checkpoint, items: [])
        store.put(view)
        try store.replaceState(by: adopted.entries, stored)
        tell(.checkpoint(view))
    }

    private var own: [Body] { chain.batches.map { .batch($0.batch) } }
}

/// The state at a certified checkpoint as it came from others.
struct AdoptedState {
    var checkpoint: Checkpoint
    /// The ends of the epochs since the last that was known here.
    var steps: [EpochStep]
    var entries: [SnapshotEntry]

    init(_ snapshot: Snapshot) {
        checkpoint = snapshot.checkpoint
        steps = snapshot.steps
        entries = snapshot.entries
    }

    init(_ parts: [SnapshotPart], first: SnapshotPart) {
        checkpoint = first.checkpoint
        steps = first.steps
        entries = parts.flatMap(\.entries)
    }

    /// Batches carried out up to it, given the state it restores: each moved its submitter's chain
    /// by one.
    func batchCount(in state: LedgerState) -> UInt64 {
        entries.reduce(0) { sum, entry in
            guard case .submitter(let id) = entry.key else { return sum }
            return sum &+ (state.submitter(id)?.sequence ?? 0)
        }
    }

    /// As peers send it.
    var parts: [SnapshotPart] {
        var parts: [SnapshotPart] = []
        var entries: [SnapshotEntry] = []
        var bytes = 0
        func part(isLast: Bool) -> SnapshotPart {
            SnapshotPart(
                checkpoint: checkpoint, steps: parts.isEmpty ? steps : [],
                part: UInt32(parts.count), isLast: isLast, entries: entries)
        }
        for entry in self.entries {
            let size = entry.key.encoded.count + entry.value.count
            if !entries.isEmpty, bytes + size > SnapshotPart.mostBytes {
                parts.append(part(isLast: false))
                entries.removeAll()
                bytes = 0
            }
            entries.append(entry)
            bytes += size
        }
        parts.append(part(isLast: true))
        return parts
    }
}

/// Parts of a snapshot as they come up in the journal.
struct PartCollector {
    private var parts: [SnapshotPart] = []

    /// The snapshot that the part completes; nil while parts are missing. A first part begins anew.
    mutating func take(_ part: SnapshotPart) -> AdoptedState? {
        if part.part == 0 { parts.removeAll() }
        guard part.part == parts.count else { return nil }
        parts.append(part)
        guard part.isLast, let first = parts.first else { return nil }
        defer { parts.removeAll() }
        return AdoptedState(parts, first: first)
    }
}
