// The path of a record stage by stage on one thread, each beside what the machine can do.
import Cryptography
import Ledger
import Merkle
import Platform
import Primitives
import Records
import Replica
import Storage

/// Times each stage of `bench records` by itself, with the same functions on the same batches.
struct RecordStages {
    private static let batches = 16
    private static let records = Double(batches * RecordWorkload.recordsPerBatch)

    /// What one core and the disk can do, in bytes a second.
    private struct Machine {
        var hashing: Double
        var copying: Double
        var disk: Double
    }

    /// A stage: its name, processor nanoseconds a record, and the nanoseconds that hashing, copying
    /// or writing its bytes takes at the speed of the machine.
    private struct Stage {
        var name: String
        var nanoseconds: Double
        var limit: Double?
    }

    private var stages: [Stage] = []
    private let machine: Machine

    static func run(_ context: BenchContext) throws -> [Metric] {
        var samples: [String: [Double]] = [:]
        var names: [(name: String, unit: String)] = []
        func note(_ name: String, _ unit: String, _ value: Double) {
            if samples[name] == nil { names.append((name, unit)) }
            samples[name, default: []].append(value)
        }
        for round in 1...context.rounds {
            var stages = RecordStages(machine: try measureMachine(context))
            try stages.measure(context.directory + "/stages-\(round)")
            note("core_hash_bytes_per_second", "bytes/s", stages.machine.hashing)
            note("core_copy_bytes_per_second", "bytes/s", stages.machine.copying)
            note("disk_bytes_per_second", "bytes/s", stages.machine.disk)
            for stage in stages.stages {
                note(stage.name + "_nanoseconds_per_record", "ns", stage.nanoseconds)
                if let limit = stage.limit {
                    note(stage.name + "_machine_nanoseconds_per_record", "ns", limit)
                }
            }
        }
        return names.map { Metric($0.name, unit: $0.unit, samples: samples[$0.name] ?? [0]) }
    }

    private init(machine: Machine) { self.machine = machine }

    private static func measureMachine(_ context: BenchContext) throws -> Machine {
        Machine(
            hashing: MachineBench.coreHashRate(), copying: MachineBench.copyRate(),
            disk: try MachineBench.diskRate(context.directory))
    }

    /// Adds a stage that takes what `body` takes on this thread.
    private mutating func time<Result>(
        _ name: String, hashing: Double = 0, copying: Double = 0,
        _ body: () throws -> Result
    ) rethrows -> Result {
        let start = Processes.threadNanoseconds
        let result = try body()
        let nanoseconds = Double(Processes.threadNanoseconds - start) / Self.records
        let limit = (hashing / machine.hashing + copying / machine.copying) * 1e9
        stages.append(
            Stage(name: name, nanoseconds: nanoseconds, limit: limit > 0 ? limit : nil))
        return result
    }

    private mutating func measure(_ path: String) throws {
        var workload = try RecordWorkload()
        let encoded = time("generate") {
            (0..<Self.batches).map { _ in workload.nextBatch().batch.encoded }
        }
        let wire = Double(encoded.reduce(0) { $0 + $1.count }) / Self.records
        let decoded = try time("decode", copying: 2 * wire) {
            try encoded.map { bytes in
                let batch = try Batch(decoding: bytes)
                return (batch: batch, columns: try RecordColumns(decoding: batch.body))
            }
        }
        time("hash_body", hashing: wire) { decoded.forEach { _ = BLAKE3.hash($0.batch.body) } }
        let digests = time("hash_records", hashing: 256 + 32) {
            decoded.map { $0.columns.recordDigests() }
        }
        time("hash_tree", hashing: 64) { digests.forEach { _ = BatchTree.root(of: $0) } }
        time("verify_signature") {
            decoded.forEach { item in
                let header = item.batch.header
                _ = Ed25519.isValid(
                    item.batch.signature, of: header.signedBytes, by: header.key)
            }
        }
        time("meter") { decoded.forEach { _ = $0.columns.sumsByAgent() } }
        try measureApplying(decoded.map(\.batch), path, wire: wire, workload)
    }

    /// The stages behind the checking of batches in themselves.
    private mutating func measureApplying(
        _ batches: [Batch], _ path: String, wire: Double, _ workload: RecordWorkload
    ) throws {
        let checked = try batches.map { try CheckedBatch(checking: $0) }
        let run = try RecordsRun(path, workload: workload)
        defer {
            run.close()
            try? Scratch.remove(path)
        }
        var entries: [JournalEntry] = []
        try time("ledger") {
            var replica = run.replica
            var actions: [Replica.Action] = []
            for batch in checked {
                replica.step(.submit(.batch(batch)), at: RecordWorkload.time, into: &actions)
            }
            let later = RecordWorkload.time.advanced(byNanoseconds: Nanoseconds.perHour)
            replica.step(.tick, at: later, into: &actions)
            for action in actions {
                if case .record(let entry) = action { entries.append(entry) }
                if case .refused(_, let refusal) = action {
                    throw BenchFailure.failed("\(refusal)")
                }
            }
        }
        try time("journal_append", hashing: wire, copying: wire) {
            for entry in entries {
                let (head, rest) = entry.encodedParts
                try run.journal.append(kind: entry.kind.rawValue, head, rest)
            }
        }
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        try time("journal_write") { try run.journal.commit() }
        let waited = Double(clock.monotonicNanoseconds() - start) / Self.records
        stages.append(
            Stage(name: "journal_wait", nanoseconds: waited, limit: wire / machine.disk * 1e9))
    }
}
