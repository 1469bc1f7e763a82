// Compressing sealed segments while the node runs: which is next, when, and what came of it.
import Environment
import Primitives
import Storage

/// What compressing segments in the background did since the store was opened.
public struct CompactionStatus: Hashable, Sendable {
    /// Bytes a second that it may read and write, what the journals write included; 0 where it is
    /// off.
    public var bytesPerSecond: UInt64 = 0
    /// Segments that got smaller.
    public var segments: UInt64 = 0
    /// Bytes of their files, before and after.
    public var bytesBefore: UInt64 = 0
    public var bytesAfter: UInt64 = 0
    /// Sealed segments that were not looked at yet.
    public var waiting: UInt64 = 0
    /// Segments that could not be compressed: a fault in them, or in the disk.
    public var failures: UInt64 = 0

    public init() {}
}

/// One segment at a time, in steps of about a mebibyte on a worker. It changes the files of sealed
/// segments and nothing else: no position, no answer, no state depends on how far it is. Lives on
/// the node's thread, which asks it in every turn and never waits for it.
struct StoreCompaction {
    private var pace: CompactionPace
    private var parts: [Part]
    /// The part whose segment is under way.
    private var current: Int?
    /// After a failure: when to try again, by the monotonic clock.
    private var restUntil: UInt64 = 0
    private var done = CompactionStatus()

    private static let restNanoseconds = 60 * Nanoseconds.perSecond
    /// Between two looks at a step that is under way.
    private static let lookNanoseconds = 20 * Nanoseconds.perMillisecond

    private struct Part {
        let journal: Journal
        let compactor: SegmentCompactor
        /// Under which the index keeps `next`.
        let key: [UInt8]
        /// Segments before this sequence were looked at.
        var next: UInt64
        /// False once a damaged segment was passed over: the next start looks at it again.
        var isMarking = true
    }

    /// Nil where it is off.
    init?(_ store: Store, _ opening: StoreOpening, rate: UInt64) throws(StorageFailure) {
        guard rate > 0, let worker = opening.compactionWorker else { return nil }
        pace = CompactionPace(rate: rate)
        parts = []
        let journals = [
            (store.journal, IndexKey.compacted), (store.payloadJournal, IndexKey.compactedPayloads),
        ]
        for (journal, key) in journals {
            let compactor = SegmentCompactor(journal, on: worker) { BatchSplit.sections($0, $1) }
            parts.append(
                Part(
                    journal: journal, compactor: compactor, key: key,
                    next: try store.mark(key)))
        }
    }

    var status: CompactionStatus {
        var status = done
        status.bytesPerSecond = pace.rate
        status.waiting = parts.reduce(0) { $0 + UInt64($1.journal.sealedSegments(from: $1.next)) }
        return status
    }

    /// Takes what the last step did, and begins the next where it is time.
    ///
    /// - Parameter now: by the monotonic clock.
    mutating func advance(at now: UInt64, _ store: Store) {
        pace.pass(to: now, written: parts.reduce(0) { $0 + $1.journal.writtenBytes })
        if let current, let step = parts[current].compactor.take() {
            settle(step, of: current, at: now, store)
        }
        guard !isBusy, pace.isFree, now >= restUntil, let (part, segment) = next else { return }
        current = part
        parts[part].compactor.begin(segment)
    }

    /// Nanoseconds until `advance` should be called; nil where there is nothing to do.
    func nanosecondsToNext(at now: UInt64) -> UInt64? {
        if isBusy { return Self.lookNanoseconds }
        guard next != nil else { return nil }
        return now < restUntil ? restUntil - now : pace.nanoseconds
    }

    /// Ends it, behind the step that is under way; no file changes after this returned.
    func stop() {
        for part in parts { part.compactor.stop() }
    }

    private var isBusy: Bool {
        guard let current else { return false }
        return parts[current].compactor.isBusy
    }

    /// The segment to go on with, or to begin.
    private var next: (part: Int, segment: UInt64)? {
        for part in current.map({ [$0] }) ?? Array(parts.indices) {
            if let segment = parts[part].journal.sealedSegment(from: parts[part].next) {
                return (part, segment)
            }
        }
        return nil
    }

    private mutating func settle(
        _ step: CompactionStep, of part: Int, at now: UInt64, _ store: Store
    ) {
        pace.take(step.bytes)
        if step.outcome == .going { return }
        current = nil
        switch step.outcome {
        case .going: break
        case .compressed(let sizes):
            parts[part].journal.take(sizes, ofSegment: step.segment)
            done.segments += 1
            done.bytesBefore += sizes.before
            done.bytesAfter += sizes.after
            pass(step.segment, of: part, store)
        case .left: pass(step.segment, of: part, store)
        case .noRoom: restUntil = now &+ Self.restNanoseconds
        case .failed(let failure):
            done.failures += 1
            if case .damaged = failure {
                // Whoever reads it finds the fault; the others do not wait for it.
                parts[part].isMarking = false
                pass(step.segment, of: part, store)
            } else {
                restUntil = now &+ Self.restNanoseconds
            }
        }
    }

    /// Goes on behind a segment, now and after the next start.
    private mutating func pass(_ segment: UInt64, of part: Int, _ store: Store) {
        parts[part].next = segment + 1
        guard parts[part].isMarking else { return }
        store.put(parts[part].key, IndexKey.number(segment + 1), in: Space.meta)
    }
}

extension Store {
    /// The next start looks at every sealed segment again: some are no longer compressed.
    func forgetCompaction(in batch: WriteBatch) {
        batch.delete(IndexKey.compacted, in: Space.meta)
        batch.delete(IndexKey.compactedPayloads, in: Space.meta)
    }
}
