// One validator that is alone takes batches in, as a node does: steps what is there, then commits.
import Ledger
import Platform
import Primitives
import Records
import Replica
import Storage

/// A replica with its journal.
final class RecordsRun {
    struct Result {
        var seconds: Double
        var cpuSeconds: Double
        var journalBytes: UInt64
        /// Syncs of the journal.
        var commits: Int
    }

    private(set) var replica: Replica
    let journal: Journal
    /// The checkpoints that were certified.
    private(set) var sealed: [SealedCheckpoint] = []
    private var commits = 0
    /// The ledger's time: an hour passes after each take, which makes a checkpoint.
    private var time = RecordWorkload.time
    private var actions: [Replica.Action] = []
    /// Bytes buffered at which a group is written as soon as the one before it is durable, and at
    /// which that is waited for.
    private static let (groupBytes, mostBytes) = (8 << 20, 16 << 20)
    /// Writes the journal while batches are stepped.
    private let writer = ThreadWorker("journal")

    init(_ path: String, workload: RecordWorkload) throws {
        journal = try Journal(
            disk: OSDisk(), directory: path,
            settings: JournalSettings(
                storeID: StoreID(), purpose: .records, segmentBytes: 1 << 30))
        replica = try workload.replica()
    }

    func close() { journal.close() }

    /// Takes encoded batches, and makes a checkpoint of them. A batch counts when its frame is
    /// durable, which it is when this returns.
    func take(_ encoded: [[UInt8]], window: Int) throws -> Result {
        let clock = SystemClock()
        let cpu = Processes.cpuNanoseconds
        let start = clock.monotonicNanoseconds()
        let checking = try Checking(encoded, window: window)
        var number = 0
        while number < encoded.count {
            try step(.submit(.batch(try checking.take(number))), at: time)
            number += 1
            let isDue = journal.bufferedBytes >= Self.groupBytes || !checking.isReady(number)
            guard isDue, !journal.isCommitting || journal.bufferedBytes >= Self.mostBytes else {
                continue
            }
            try journal.beginCommit(on: writer)
            commits += 1
        }
        time = time.advanced(byNanoseconds: Nanoseconds.perHour)
        try step(.tick, at: time)
        try commit()
        checking.join()
        let seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
        return Result(
            seconds: seconds, cpuSeconds: Double(Processes.cpuNanoseconds - cpu) / 1e9,
            journalBytes: journal.storedBytes, commits: commits)
    }

    /// One input; what it records is in the journal's buffer.
    private func step(_ input: Replica.Input, at time: Instant) throws {
        step(input, at: time, into: &actions)
        try obey(&actions)
    }

    func step(
        _ input: Replica.Input, at time: Instant = RecordWorkload.time,
        into actions: inout [Replica.Action]
    ) {
        replica.step(input, at: time, into: &actions)
    }

    /// Appends what is to be recorded, and forgets the actions.
    func obey(_ actions: inout [Replica.Action]) throws {
        for action in actions {
            switch action {
            case .record(let entry):
                let (head, columns) = entry.encodedParts
                if let columns {
                    let body = FrameBody(columns.bytes, digest: columns.digest)
                    try journal.append(kind: entry.kind.rawValue, head, body)
                } else {
                    try journal.append(kind: entry.kind.rawValue, head)
                }
            case .certified(let checkpoint): sealed.append(checkpoint)
            case .refused(_, let refusal): throw BenchFailure.failed("\(refusal)")
            default: break
            }
        }
        actions.removeAll(keepingCapacity: true)
    }

    func commit() throws {
        try journal.commit()
        commits += 1
    }
}
