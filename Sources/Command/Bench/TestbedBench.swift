// `bench testbed`: four validators, each a process with its own disk, under light load for latency
// and under heavy load for records a second.
import Bench
import Primitives

enum TestbedBench {
    /// Everything that `althing bench` measures: what needs processes stands here, above Bench.
    static let all =
        Benchmark.all + [
            Benchmark(
                name: "consensus",
                summary: "the graph of blocks alone, light clients, restart, the simulator",
                run: ValidatorBench.run),
            Benchmark(
                name: "testbed",
                summary: "four validators in processes, everything on disk before it is sent",
                run: run),
            Benchmark(
                name: "stop",
                summary: "an agent's stop, until its last accepted action, on four validators",
                run: StopBench.run),
        ]

    private static let seconds: UInt64 = 8
    private static let batchesPerSecond = 1_000
    private static let calmBatchesPerSecond = 100
    private static let recordsPerSecond = 50_000
    /// Records that are there before the validators are to take them as fast as they can.
    private static let preparedRecords = 2 << 20

    @Sendable static func run(_ context: BenchContext) throws -> [Metric] {
        var calm: [TestbedResult] = []
        var light: [TestbedResult] = []
        var heavy: [TestbedResult] = []
        var full: [TestbedResult] = []
        var alone: [TestbedResult] = []
        for round in 1...context.rounds {
            context.progress(
                "round \(round) of \(context.rounds); durability: \(TestbedResult.durability)")
            let fewest = LoadShape.light(batchesPerSecond: calmBatchesPerSecond, validators: 4)
            calm.append(try result(fewest, "\(context.directory)/calm-\(round)"))
            let few = LoadShape.light(batchesPerSecond: batchesPerSecond, validators: 4)
            light.append(try result(few, "\(context.directory)/light-\(round)"))
            let many = LoadShape.heavy(recordsPerSecond: recordsPerSecond)
            heavy.append(try result(many, "\(context.directory)/heavy-\(round)"))
            for validators in [4, 1] {
                let most = LoadShape.saturating(records: preparedRecords, validators: validators)
                let folder = "\(context.directory)/full-\(validators)-\(round)"
                let found = try result(most, folder, validators: validators)
                if validators == 1 { alone.append(found) } else { full.append(found) }
            }
        }
        func milliseconds(
            _ name: String, of results: [TestbedResult]? = nil, _ value: (TestbedResult) -> UInt64
        ) -> Metric {
            Metric(name, unit: "ms", samples: (results ?? light).map { Double(value($0)) / 1e6 })
        }
        return [
            milliseconds("agent_final_p50_ms", \.agentFinal.p50),
            milliseconds("agent_final_p99_ms", \.agentFinal.p99),
            milliseconds("checkpoint_final_p50_ms", \.checkpointFinal.p50),
            milliseconds("checkpoint_final_p99_ms", \.checkpointFinal.p99),
            // Operations at 100 batches a second beside them, and at 1,000.
            milliseconds("commit_p50_ms", of: calm, \.commit.p50),
            milliseconds("commit_p90_ms", of: calm, \.commit.p90),
            milliseconds("commit_busy_p50_ms", \.commit.p50),
            milliseconds("commit_busy_p90_ms", \.commit.p90),
            milliseconds("agent_final_calm_p50_ms", of: calm, \.agentFinal.p50),
            milliseconds("agent_final_calm_p99_ms", of: calm, \.agentFinal.p99),
            Metric(
                "records_per_second", unit: "records/s", samples: heavy.map(\.recordsPerSecond)),
            Metric(
                "certified_records_per_second", unit: "records/s",
                samples: full.map(\.certifiedPerSecond)),
            Metric(
                "certified_records_per_second_alone", unit: "records/s",
                samples: alone.map(\.certifiedPerSecond)),
            Metric(
                "ratio_to_one_validator", unit: "",
                samples: zip(full, alone).map { $0.certifiedPerSecond / $1.certifiedPerSecond }),
            Metric(
                "records_verified_per_core_second", unit: "records/s",
                samples: full.map(\.verifiedPerCoreSecond)),
            Metric(
                "records_verified_per_core_second_alone", unit: "records/s",
                samples: alone.map(\.verifiedPerCoreSecond)),
            Metric(
                "batches_per_second_light", unit: "batches/s",
                samples: light.map { Double($0.batches) / Double(seconds) }),
        ]
    }

    /// A run whose validators did not agree is no result.
    private static func result(
        _ shape: LoadShape, _ folder: String, validators: Int = 4
    ) throws -> TestbedResult {
        defer { LocalFiles.removeTree(folder) }
        let plan = TestbedPlan(validators: validators, seconds: seconds, shape: shape, kills: false)
        let result = try Testbed.run(plan, in: folder, console: nil)
        guard result.agreement.holds else {
            throw BenchFailure.failed(result.agreement.faults.joined(separator: "; "))
        }
        return result
    }
}
