// The path of a record stage by stage on one thread, each beside what the machine can do.
import Cryptography
import Ledger
import Merkle
import Node
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
        /// 0 where the stage moves no bytes to speak of.
        var limit: Double
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
                if stage.limit > 0 {
                    note(stage.name + "_machine_nanoseconds_per_record", "ns", stage.limit)
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

    /// Adds what `body` takes on this thread to a stage; a record of it is `hashing` bytes hashed
    /// and `copying` bytes copied.
    private mutating func time<Result>(
        _ name: String, hashing: Double = 0, copying: Double = 0, _ body: () throws -> Result
    ) rethrows -> Result {
        let start = Processes.threadNanoseconds
        let result = try body()
        let limit = (hashing / machine.hashing + copying / machine.copying) * 1e9
        note(name, Double(Processes.threadNanoseconds - start), limit: limit)
        return result
    }

    private mutating func note(_ name: String, _ nanoseconds: Double, limit: Double) {
        let share = nanoseconds / Self.records
        if let place = stages.firstIndex(where: { $0.name == name }) {
            stages[place].nanoseconds += share
        } else {
            stages.append(Stage(name: name, nanoseconds: share, limit: limit))
        }
    }

    /// One batch after the other through all stages, so that memory is used again as it is in the
    /// run of the whole.
    private mutating func measure(_ path: String) throws {
        var workload = try RecordWorkload()
        let run = try RecordsRun(path, workload: workload)
        let index = try IndexingStage(
            StoreOpening(
                disk: OSDisk(), path: path + "-index", storeID: StoreID(),
                worker: ThreadWorker("index"), name: { _ in nil }),
            replica: run.replica)
        defer {
            run.close()
            index.close()
            try? Scratch.remove(path)
            try? Scratch.remove(path + "-index")
        }
        for number in 1...Self.batches {
            let encoded = time("generate") { workload.nextBatch().batch.encoded }
            let wire = Double(encoded.count) / Double(RecordWorkload.recordsPerBatch)
            try measureChecking(encoded, wire: wire)
            let batch = try CheckedBatch(checking: Batch(decoding: encoded))
            var actions: [Replica.Action] = []
            time("ledger") {
                run.step(.submit(.batch(batch)), into: &actions)
            }
            try time("journal_append", hashing: wire, copying: wire) { try run.obey(&actions) }
            if number % 4 == 0 { try commit(run, wire: wire) }
            try measureIndex(batch, index)
        }
    }

    /// What one batch passes before it meets the ledger: the parts of `CheckedBatch(checking:)`.
    private mutating func measureChecking(_ encoded: [UInt8], wire: Double) throws {
        let batch = try time("decode", copying: wire) { try Batch(decoding: encoded) }
        time("hash_body", hashing: wire) { _ = BLAKE3.hash(batch.body) }
        let columns = try time("decode") { try RecordColumns(decoding: batch.body) }
        let digests = time("hash_records", hashing: 256 + 32) { columns.recordDigests() }
        time("hash_tree", hashing: 64) { _ = BatchTree.root(of: digests) }
        time("verify_signature") {
            _ = Ed25519.isValid(
                batch.signature, of: batch.header.signedBytes, by: batch.header.key)
        }
        time("meter") { _ = columns.sumsByAgent() }
    }

    /// What a node does beside all this so that a batch can be asked for: on its own thread, and on
    /// the thread that writes the index.
    private mutating func measureIndex(
        _ batch: CheckedBatch, _ index: IndexingStage
    ) throws {
        try time("index") { try index.index(batch) }
        let start = Processes.cpuNanoseconds
        try index.write()
        note("index_write", Double(Processes.cpuNanoseconds - start), limit: 0)
    }

    private mutating func commit(_ run: RecordsRun, wire: Double) throws {
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        try time("journal_write") { try run.commit() }
        note(
            "journal_wait", Double(clock.monotonicNanoseconds() - start),
            limit: wire / machine.disk * 1e9)
    }
}
