// Benchmarks as values: what they are called, what they measure, and how a result is told.
import JSON
import Platform
import Primitives

/// One figure, measured several times.
public struct Metric: Sendable {
    public var name: String
    public var unit: String
    /// One a round, in order; at least one.
    public var samples: [Double]

    public init(_ name: String, unit: String, samples: [Double]) {
        precondition(!samples.isEmpty, "a metric has at least one sample")
        self.name = name
        self.unit = unit
        self.samples = samples
    }

    public var least: Double { samples.min() ?? 0 }
    public var most: Double { samples.max() ?? 0 }

    /// The middle sample; of an even number the mean of the two in the middle.
    public var median: Double {
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1
            ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Why a benchmark did not run to its end.
public enum BenchFailure: Error, Sendable {
    case failed(String)
}

/// What one run of a benchmark may use.
public struct BenchContext: Sendable {
    /// A directory for files, on the disk that is to be measured; the benchmark removes what it
    /// makes there.
    public var directory: String
    /// Times the whole is measured.
    public var rounds: Int
    /// What `prove` proves.
    public var provenRun: ProvenRun
    /// Told what is going on, now and then.
    public var progress: @Sendable (String) -> Void

    public init(
        directory: String, rounds: Int, provenRun: ProvenRun = ProvenRun(),
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.directory = directory
        self.rounds = rounds
        self.provenRun = provenRun
        self.progress = progress
    }
}

/// One benchmark.
public struct Benchmark: Sendable {
    public var name: String
    /// One line for a person.
    public var summary: String
    public var run: @Sendable (BenchContext) throws -> [Metric]

    public init(
        name: String, summary: String, run: @escaping @Sendable (BenchContext) throws -> [Metric]
    ) {
        self.name = name
        self.summary = summary
        self.run = run
    }

    /// Every benchmark, in the order in which `bench all` runs them.
    public static let all: [Benchmark] = [
        Benchmark(
            name: "machine", summary: "what the machine can do: hashing, copying, durable writing",
            run: MachineBench.run),
        Benchmark(
            name: "records",
            summary: "batches decoded, checked, metered, Merkle-committed, signed and journaled",
            run: RecordsBench.run),
        Benchmark(
            name: "scale",
            summary: "cost of a record among 10^4 to 10^9 of them, of 10^2 to 10^6 agents",
            run: ScaleBench.run),
        Benchmark(
            name: "otlp", summary: "spans over OTLP/HTTP on loopback, in requests of 512",
            run: OTLPBench.run),
        Benchmark(
            name: "lanes",
            summary: "urgent and ordinary spans when twice as much is offered as can be taken",
            run: LanesBench.run),
        Benchmark(
            name: "receipt", summary: "receipts verified, and their size", run: ReceiptBench.run),
        Benchmark(
            name: "node", summary: "start to serving, and memory after a million records",
            run: NodeBench.run),
        Benchmark(
            name: "pvm", summary: "instructions of PolkaVM programs, interpreted",
            run: PVMBench.run),
        Benchmark(
            name: "ligerito", summary: "4 MiB committed, opened at a point, and checked",
            run: LigeritoBench.run),
        Benchmark(
            name: ProveBench.name, summary: "a run proven on two threads, and checked on one",
            run: ProveBench.run),
        Benchmark(
            name: "verify", summary: "proofs of 5,000 typical steps checked, on one thread and two",
            run: VerifyBench.run),
        Benchmark(
            name: "agents",
            summary: "agents on two threads: transitions made, signed and run again; delays",
            run: AgentsBench.run),
        Benchmark(
            name: "policy", summary: "the law's look at one action of an agent",
            run: PolicyBench.run),
        Benchmark(
            name: "discovery", summary: "ten of a million services found by words",
            run: DiscoveryBench.run),
        Benchmark(
            name: "tasks", summary: "tasks posted and assigned through a node, and on the ledger",
            run: TasksBench.run),
    ]
}

/// The result of a benchmark with where it was measured.
public struct BenchResult: Sendable {
    public var bench: String
    public var commit: String
    public var machine: String
    public var metrics: [Metric]

    public init(bench: String, commit: String, machine: String, metrics: [Metric]) {
        self.bench = bench
        self.commit = commit
        self.machine = machine
        self.metrics = metrics
    }

    /// `{"bench", "commit", "machine", "metrics": {NAME: {"median", "min", "max", "unit"}}}`.
    public var json: [UInt8] {
        var writer = JSONWriter(.pretty)
        writer.object { object in
            object.member("bench", bench)
            object.member("commit", commit)
            object.member("machine", machine)
            object.key("metrics")
            object.object { list in
                for metric in metrics {
                    list.key(metric.name)
                    list.object { entry in
                        entry.member("median", JSONNumber(rounded: metric.median))
                        entry.member("min", JSONNumber(rounded: metric.least))
                        entry.member("max", JSONNumber(rounded: metric.most))
                        entry.member("unit", metric.unit)
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ number: JSONNumber) {
        key(name)
        write(number)
    }
}

extension JSONNumber {
    /// A figure with three decimals at the most, and none where it is large.
    fileprivate init(rounded value: Double) {
        let scaled = (value * 1000).rounded() / 1000
        let small = JSONNumber(scaled) ?? JSONNumber(0)
        self = abs(value) >= 1000 ? JSONNumber(Int64(value.rounded())) : small
    }
}
