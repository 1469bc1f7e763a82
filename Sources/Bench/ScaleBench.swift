// `bench scale`: what a record costs while there are more and more of them, and of agents.
import Merkle
import Platform
import Primitives
import Records
import Replica

enum ScaleBench {
    /// One size: records taken in one run, and the agents they are of.
    private struct Size {
        var records: Int
        var agents: Int
    }

    private static let sizes: [Size] =
        [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000].map {
            Size(records: $0, agents: 1_000)
        }
        + [100, 10_000, 100_000, 1_000_000].map { Size(records: 10_000_000, agents: $0) }
    /// Batches made; they are taken again and again under new headers.
    private static let distinct = 16
    /// Batches encoded at a time, outside of the time that counts; a checkpoint follows them.
    private static let turn = 64
    /// Bytes of the journal that stay on the disk: segments before them are removed, as an archive
    /// would take them.
    private static let keptBytes: UInt64 = 12 << 30

    static func run(_ context: BenchContext) throws -> [Metric] {
        try sizes.flatMap { size in
            context.progress("\(size.records) records of \(size.agents) agents")
            return try measure(size, context)
        }
    }

    private static func measure(_ size: Size, _ context: BenchContext) throws -> [Metric] {
        let path = context.directory + "/scale"
        var workload = try RecordWorkload(agents: size.agents)
        let run = try RecordsRun(path, workload: workload)
        defer {
            run.close()
            try? Scratch.remove(path)
        }
        let rows = min(size.records, RecordWorkload.recordsPerBatch)
        let count = (size.records + rows - 1) / rows
        var made: [Batch] = []
        var (seconds, cpu) = (0.0, 0.0)
        var taken = 0
        while taken < count {
            let encoded = (taken..<min(taken + turn, count)).map { number in
                guard number < distinct else {
                    return workload.again(made[number % distinct]).encoded
                }
                made.append(workload.nextBatch(rows: rows).batch)
                return made[number].encoded
            }
            let result = try run.take(encoded, window: 10)
            seconds += result.seconds
            cpu += result.cpuSeconds
            taken += encoded.count
            try Scratch.removeOldest(in: path, keeping: keptBytes)
        }
        let records = Double(count * rows)
        let proof = run.sealed.last.map { checkpoint in
            let path = BatchTree(leaves: checkpoint.items.map(\.leaf)).path(at: 0)
            return 32 * ((path?.siblings.count ?? 0) + RecordScale.levels(over: rows))
        }
        let name = "records_\(size.records)_agents_\(size.agents)_"
        return [
            Metric(name + "nanoseconds", unit: "ns", samples: [seconds / records * 1e9]),
            Metric(name + "cpu_nanoseconds", unit: "ns", samples: [cpu / records * 1e9]),
            Metric(
                name + "disk_bytes", unit: "bytes",
                samples: [Double(run.journal.storedBytes) / records]),
            Metric(
                name + "resident_bytes", unit: "bytes",
                samples: [Double(Processes.memory.residentBytes)]),
            Metric(name + "path_bytes", unit: "bytes", samples: [Double(proof ?? 0)]),
        ]
    }
}

enum RecordScale {
    /// Levels of a tree over so many leaves.
    static func levels(over count: Int) -> Int {
        count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    }
}
