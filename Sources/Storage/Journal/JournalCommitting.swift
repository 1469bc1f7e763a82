// Commits: at once, or begun on a worker while the owner fills the next group.
import Environment
import Primitives
import Synchronization

extension Journal {
    /// Writes all frames since the last commit and returns when they survive a loss of power; what
    /// was begun before is ended first. When it throws, none of them will ever be read, unless
    /// `isSuspended` is true: then reopening decides, for all of them alike.
    public func commit() throws(StorageFailure) {
        try finishCommit()
        guard !isSuspended else { throw .suspended }
        guard !group.isEmpty else { return }
        defer { group.clear() }
        try write(try finishGroup())
        committedSequence += UInt64(group.frameCount)
    }

    /// Begins to write all frames since the last commit on `worker`, and returns; they are durable
    /// once `finishCommit` has returned. Frames may be appended meanwhile, for the next commit.
    /// What was begun before is ended first, so that groups become durable in their order.
    public func beginCommit(on worker: any Worker) throws(StorageFailure) {
        try finishCommit()
        guard !isSuspended else { throw .suspended }
        guard !group.isEmpty else { return }
        let bytes: UnsafeRawBufferPointer
        do { bytes = try finishGroup() } catch {
            group.clear()
            throw error
        }
        swap(&group, &written)
        group.clear()
        let commit = PendingCommit(bytes, of: written.frameCount, to: current.file, on: worker)
        pending = commit
        commit.start()
    }

    /// Whether a commit was begun that would still be waited for.
    public var isCommitting: Bool { pending.map { !$0.isDone } ?? false }

    /// Returns when what `beginCommit` began is durable; at once where nothing was begun. When it
    /// throws, the frames of that commit and those appended since are gone as with `commit`.
    public func finishCommit() throws(StorageFailure) {
        guard let commit = pending else { return }
        let failure = commit.wait()
        pending = nil
        if let failure {
            cutBack()
            group.clear()
            throw failure
        }
        grow(by: commit.bytes.count)
        committedSequence += UInt64(commit.frames)
    }

    /// Forgets the frames appended since the last commit was made or begun.
    public func discard() { group.clear() }

    /// Completes the group that is being filled, behind everything that is durable.
    private func finishGroup() throws(StorageFailure) -> UnsafeRawBufferPointer {
        if isRollDue { try rollOver() }
        let place = groupPlace
        return group.finish(first: committedSequence, at: place)
    }

    /// The sequence of the first frame of the group that is being filled.
    var groupSequence: UInt64 { committedSequence + UInt64(pending?.frames ?? 0) }

    /// Where the group that is being filled will stand: fixed from its first frame on.
    var groupPlace: GroupPlace {
        isRollDue
            ? GroupPlace(
                storeID: current.header.storeID, segment: groupSequence,
                offset: UInt64(JournalFormat.blockBytes))
            : current.place(writtenEnd)
    }

    /// The version of the segment that it will stand in.
    var groupVersion: UInt32 { isRollDue ? JournalFormat.version : current.header.version }

    private var isRollDue: Bool {
        writtenEnd >= directory.settings.segmentBytes && current.header.first != groupSequence
    }

    /// Where the current segment ends once what was begun is done.
    private var writtenEnd: UInt64 { current.end + UInt64(pending?.bytes.count ?? 0) }
}

/// A group on its way to the disk. Its owner leaves bytes and file alone until `wait` returns.
final class PendingCommit: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    let frames: UInt32
    private nonisolated(unsafe) let file: SegmentFile
    private let worker: any Worker
    private let outcome = Mutex(Outcome.open)

    private enum Outcome {
        case open
        case durable
        case failed(StorageFailure)
    }

    init(
        _ bytes: UnsafeRawBufferPointer, of frames: UInt32, to file: SegmentFile,
        on worker: any Worker
    ) {
        self.bytes = bytes
        self.frames = frames
        self.file = file
        self.worker = worker
    }

    func start() {
        worker.submit {
            let outcome: Outcome
            do throws(StorageFailure) {
                try self.file.append(self.bytes)
                try self.file.sync()
                outcome = .durable
            } catch {
                outcome = .failed(error)
            }
            self.outcome.withLock { $0 = outcome }
        }
    }

    var isDone: Bool {
        outcome.withLock { if case .open = $0 { false } else { true } }
    }

    /// Returns when the bytes are durable or could not be made so; the failure.
    @discardableResult func wait() -> StorageFailure? {
        if !isDone { worker.wait() }
        return outcome.withLock { if case .failed(let failure) = $0 { failure } else { nil } }
    }
}
