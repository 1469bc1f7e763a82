// Snapshots that peers are fetching part by part: the index is held for each as it was.
import Ledger
import Primitives
import Records
import Replica
import Storage

/// Limited in number and time, since a held index keeps files that compaction would remove.
struct SnapshotOffers {
    private struct Offer {
        let checkpoint: Checkpoint
        let view: IndexView
        let madeAt: UInt64
        var usedAt: UInt64
        /// The first key of each part as far as parts were made.
        var starts: [[UInt8]]
        /// The number of parts; nil until the last one was made.
        var count: Int?
    }

    private var offers: [Offer] = []

    /// Held at a time, at most.
    static let most = 2
    /// A new fetch gets a snapshot at most this old.
    static let freshNanoseconds = 30 * Nanoseconds.perSecond
    /// Dropped when nobody asked for so long.
    static let idleNanoseconds = 60 * Nanoseconds.perSecond
    /// Dropped after so long whoever asks.
    static let longestNanoseconds = 30 * 60 * Nanoseconds.perSecond

    /// The part that was asked for; nil where there is no such part, or no room for the snapshot.
    mutating func part(
        _ request: SnapshotRequest, from working: Working, at now: UInt64
    ) throws(NodeFailure) -> SnapshotPart? {
        sweep(at: now)
        guard let place = try place(request, working, at: now) else { return nil }
        offers[place].usedAt = now
        let number = Int(request.part)
        guard number < offers[place].starts.count else { return nil }
        let offer = offers[place]
        let (entries, next) = try Self.entries(of: offer.view, from: offer.starts[number])
        if let next, number + 1 == offer.starts.count { offers[place].starts.append(next) }
        let checkpoint = offer.checkpoint
        let steps =
            number == 0
            ? try working.steps(from: request.epoch, until: checkpoint.header.epoch) : []
        return SnapshotPart(
            checkpoint: checkpoint, steps: steps, part: request.part, isLast: next == nil,
            entries: entries)
    }

    /// Lets go what nobody fetches any more.
    mutating func sweep(at now: UInt64) {
        offers.removeAll { offer in
            now &- offer.usedAt > Self.idleNanoseconds
                || now &- offer.madeAt > Self.longestNanoseconds
        }
    }

    private mutating func place(
        _ request: SnapshotRequest, _ working: Working, at now: UInt64
    ) throws(NodeFailure) -> Int? {
        if request.height > 0 {
            return offers.firstIndex { $0.checkpoint.header.height == request.height }
        }
        if let place = offers.lastIndex(where: { now &- $0.madeAt <= Self.freshNanoseconds }) {
            return place
        }
        guard offers.count < Self.most else { return nil }
        do {
            let view = try IndexView(of: working.store.index)
            guard let stored = try Self.snapshot(in: view) else { return nil }
            offers.append(
                Offer(
                    checkpoint: stored.checkpoint, view: view, madeAt: now, usedAt: now,
                    starts: [[]]))
        } catch { throw .storage(error) }
        return offers.count - 1
    }

    private static func snapshot(in view: IndexView) throws(StorageFailure) -> StoredSnapshot? {
        var scan = IndexScan(Space.meta)
        scan.start = .at(IndexKey.snapshot)
        scan.prefix = IndexKey.snapshot
        scan.limit = 1
        var found: StoredSnapshot?
        try view.scan(scan) { _, value in
            found = try? StoredSnapshot(decoding: Array(value))
            return false
        }
        return found
    }

    /// The entries of a part that begins at `start`, and where the next part begins; nil after the
    /// last.
    private static func entries(
        of view: IndexView, from start: [UInt8]
    ) throws(NodeFailure) -> (entries: [SnapshotEntry], next: [UInt8]?) {
        var scan = IndexScan(Space.state)
        if !start.isEmpty { scan.start = .at(start) }
        var entries: [SnapshotEntry] = []
        var bytes = 0
        var next: [UInt8]?
        var isSound = true
        do {
            try view.scan(scan) { name, value in
                let size = name.count + value.count
                if !entries.isEmpty, bytes + size > SnapshotPart.mostBytes {
                    next = Array(name)
                    return false
                }
                bytes += size
                guard let key = StateKey(decoding: Array(name)) else {
                    isSound = false
                    return false
                }
                entries.append(SnapshotEntry(key: key, value: Array(value)))
                return true
            }
        } catch { throw .storage(error) }
        guard isSound else { throw .index(space: "state", DecodingFailure(.outOfRange, at: 0)) }
        return (entries, next)
    }
}

extension Working {
    /// The steps that end the epochs from `first` up to the one before `end`.
    fileprivate func steps(
        from first: UInt64, until end: UInt64
    ) throws(NodeFailure) -> [EpochStep] {
        guard first < end else { return [] }
        var scan = IndexScan(Space.epochs)
        scan.prefix = [0]
        scan.start = .at(IndexKey.step(first, isChange: false))
        scan.limit = Int(min(end - first, UInt64(SnapshotPart.mostSteps)))
        return try steps(scan)
    }
}
