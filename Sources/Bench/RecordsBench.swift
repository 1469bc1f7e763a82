// `bench records`: what one process does for each record, from the bytes of a batch to its durable
// journal frame.
import Cryptography
import Ledger
import Platform
import Primitives
import Records
import Replica
import Storage
import Synchronization

enum RecordsBench {
    private static let batches = 32
    /// Batches checked ahead of the one that is applied.
    private static let window = 6

    static func run(_ context: BenchContext) throws -> [Metric] {
        context.progress("making \(batches) batches of \(RecordWorkload.recordsPerBatch) records")
        var workload = try RecordWorkload()
        let encoded = (0..<batches).map { _ in workload.nextBatch().batch.encoded }
        let records = Double(batches * RecordWorkload.recordsPerBatch)
        let wireBytes = Double(encoded.reduce(0) { $0 + $1.count })
        var (rates, cpu, disk): ([Double], [Double], [Double]) = ([], [], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let path = context.directory + "/records-\(round)"
            let result = try measure(encoded, workload: workload, path: path)
            rates.append(records / result.seconds)
            cpu.append(result.cpuSeconds / records * 1_000_000)
            disk.append(Double(result.journalBytes) / records)
            try Scratch.remove(path)
        }
        return [
            Metric("records_per_second", unit: "records/s", samples: rates),
            Metric("cpu_seconds_per_million_records", unit: "s", samples: cpu),
            Metric("wire_bytes_per_record", unit: "bytes", samples: [wireBytes / records]),
            Metric("journal_bytes_per_record", unit: "bytes", samples: disk),
        ]
    }

    private struct Result {
        var seconds: Double
        var cpuSeconds: Double
        var journalBytes: UInt64
    }

    private static func measure(
        _ encoded: [[UInt8]], workload: RecordWorkload, path: String
    ) throws -> Result {
        let journal = try Journal(
            disk: OSDisk(), directory: path,
            settings: JournalSettings(
                storeID: StoreID(), purpose: .records, segmentBytes: 1 << 30))
        defer { journal.close() }
        var replica = try workload.replica()
        let clock = SystemClock()
        let cpu = Processes.cpuNanoseconds
        let start = clock.monotonicNanoseconds()
        let checking = try Checking(encoded, window: window)
        for number in encoded.indices {
            let batch = try checking.take(number)
            try apply(.submit(.batch(batch)), to: &replica, at: RecordWorkload.time, journal)
        }
        let later = RecordWorkload.time.advanced(byNanoseconds: Nanoseconds.perHour)
        try apply(.tick, to: &replica, at: later, journal)
        checking.join()
        let seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
        return Result(
            seconds: seconds, cpuSeconds: Double(Processes.cpuNanoseconds - cpu) / 1e9,
            journalBytes: try journal.check().bytes)
    }

    /// One input, durable when this returns.
    private static func apply(
        _ input: Replica.Input, to replica: inout Replica, at time: Instant, _ journal: Journal
    ) throws {
        var actions: [Replica.Action] = []
        replica.step(input, at: time, into: &actions)
        for action in actions {
            switch action {
            case .record(let entry): try journal.append(kind: entry.kind.rawValue, entry.encoded)
            case .refused(_, let failure): throw BenchFailure.failed("\(failure)")
            default: break
            }
        }
        try journal.commit()
    }
}
