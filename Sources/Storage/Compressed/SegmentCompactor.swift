// Compressing sealed segments beside the owner of their journal: a step at a time, on a worker.
import Environment
import Primitives
import Synchronization

/// What a step did.
public struct CompactionStep: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// There is more to do.
        case going
        /// It is in its place.
        case compressed(SegmentSizes)
        /// It is compressed already, lies elsewhere, or would not get smaller by a twentieth.
        case left
        /// The disk has too little room for a second file; nothing was begun.
        case noRoom
        /// The segment is as it was, and nothing is under way.
        case failed(StorageFailure)
    }

    public var segment: UInt64
    /// Bytes that were read of the segment and written.
    public var bytes: UInt64
    public var outcome: Outcome
}

/// Takes one segment after the other. Its owner says when the next step may go on, so that its pace
/// is the owner's matter, and the journal stays the owner's: nothing of it is touched but the files
/// of sealed segments.
public final class SegmentCompactor: Sendable {
    // Unsafe only in name: the steps of one worker touch it, one after the other.
    private nonisolated(unsafe) let directory: JournalDirectory
    private nonisolated(unsafe) var compaction: SegmentCompaction?
    private let split: @Sendable (UInt8, UnsafeRawBufferPointer) -> [FrameSection]?
    private let worker: any Worker
    private let state = Mutex(State())

    private struct State {
        var isBusy = false
        var isStopped = false
        var step: CompactionStep?
    }

    /// - Parameters:
    ///   - journal: whose disk can be used from every thread.
    ///   - worker: used by nobody else.
    public init(
        _ journal: Journal, on worker: any Worker,
        split: @escaping @Sendable (UInt8, UnsafeRawBufferPointer) -> [FrameSection]?
    ) {
        directory = journal.directory
        self.worker = worker
        self.split = split
    }

    /// Begins the next step of a sealed segment, which the last step was of unless that ended one.
    /// Not before `take` returned what the last one did.
    public func begin(_ segment: UInt64) {
        state.withLock { $0.isBusy = true }
        worker.submit {
            if self.state.withLock({ $0.isStopped }) { return }
            let step = self.run(segment)
            self.state.withLock {
                $0.isBusy = false
                $0.step = step
            }
        }
    }

    /// Whether a step is under way.
    public var isBusy: Bool { state.withLock { $0.isBusy } }

    /// What the last step did, once.
    public func take() -> CompactionStep? {
        state.withLock { state in
            defer { state.step = nil }
            return state.step
        }
    }

    /// Ends what is under way, behind the step that runs now; no file changes after this returned.
    public func stop() {
        state.withLock { $0.isStopped = true }
        worker.wait()
        compaction?.abandon()
        compaction = nil
    }

    private func run(_ segment: UInt64) -> CompactionStep {
        var step = CompactionStep(segment: segment, bytes: 0, outcome: .left)
        do throws(StorageFailure) {
            if compaction == nil {
                guard try hasRoom(beside: segment) else {
                    step.outcome = .noRoom
                    return step
                }
                compaction = try SegmentCompaction(directory, segment, split)
            }
            guard let compaction else { return step }
            step.bytes = try compaction.step()
            guard compaction.isDone else {
                step.outcome = .going
                return step
            }
            self.compaction = nil
            if let sizes = compaction.sizes { step.outcome = .compressed(sizes) }
        } catch {
            compaction?.abandon()
            compaction = nil
            step.outcome = .failed(error)
        }
        return step
    }

    /// Whether what is appended meanwhile still has room beside a file that gets no smaller.
    private func hasRoom(beside segment: UInt64) throws(StorageFailure) -> Bool {
        let disk = directory.disk
        let (folder, path) = (directory.path, directory.segmentPath(segment))
        guard try directory.list().local.contains(segment) else { return true }
        return try onDisk { () throws(DiskFailure) in
            let file = try disk.open(path, .reading)
            defer { file.close() }
            return try disk.freeBytes(folder) / 2 >= file.size
        }
    }
}
