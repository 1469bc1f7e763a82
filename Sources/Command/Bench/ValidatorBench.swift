// `bench consensus`: the graph alone, one step of a light client, a restart, and the simulator.
import Bench
import Cryptography
import Platform
import Primitives
import Records
import Simulation

enum ValidatorBench {
    @Sendable static func run(_ context: BenchContext) throws -> [Metric] {
        var metrics = try ConsensusBench.run(context)
        context.progress("light clients")
        metrics.append(try lightCheck("light_check_ms", validators: 4, context))
        metrics.append(try lightCheck("light_check_100_ms", validators: 100, context))
        context.progress("restart after a million records")
        metrics.append(try restart(context))
        context.progress("simulator")
        metrics.append(simulated(context))
        return metrics
    }

    // MARK: Light client

    /// One epoch step, signed by a quorum, checked and followed.
    private static func lightCheck(
        _ name: String, validators: Int, _ context: BenchContext
    ) throws -> Metric {
        let client = try LightClient(
            CommitteeTrail(chain: Digest(), epoch: 0, committee: committee(validators).0))
        let step = try step(validators)
        let clock = SystemClock()
        var samples: [Double] = []
        for _ in 0..<context.rounds * 10 {
            var copy = client
            let begin = clock.monotonicNanoseconds()
            guard try copy.follow(step) else { throw BenchFailure.failed("step not followed") }
            samples.append(Double(clock.monotonicNanoseconds() - begin) / 1e6)
        }
        return Metric(name, unit: "ms", samples: samples)
    }

    private static func committee(_ count: Int) throws -> (Committee, [SigningKey]) {
        let keys = (0..<count).compactMap {
            SigningKey(seed: [UInt8](repeating: UInt8($0), count: 32))
        }
        guard let committee = Committee(keys.map(\.publicKey)) else {
            throw BenchFailure.failed("no committee of \(count)")
        }
        return (committee, keys)
    }

    private static func step(_ count: Int) throws -> EpochStep {
        let (committee, keys) = try committee(count)
        guard let next = Committee(committee.validators.reversed()) else {
            throw BenchFailure.failed("no next committee")
        }
        var header = CheckpointHeader()
        header.height = 1
        header.time = Instant(nanoseconds: 1)
        header.committee = committee.digest
        header.next = next.digest
        let message = header.signedBytes
        let certificate = keys.prefix(committee.quorum).enumerated().map { seat, key in
            CheckpointSignature(validator: UInt16(seat), signature: key.sign(message))
        }
        return EpochStep(
            checkpoint: Checkpoint(header: header, certificate: certificate), committee: next)
    }

    // MARK: Restart

    private static let records: UInt64 = 1_000_000

    /// From the start of a validator that was killed to its first answer that it is ready.
    private static func restart(_ context: BenchContext) throws -> Metric {
        let folder = context.directory + "/restart"
        defer { LocalFiles.removeTree(folder) }
        let cluster = try Cluster(count: 4, in: folder, chain: ChainPlan(name: "bench"))
        defer { cluster.stop() }
        try cluster.waitUntilLinked()
        let load = TestbedLoad(
            .heavy(recordsPerSecond: 200_000), chain: cluster.genesis.digest,
            to: cluster.seats.map(\.address))
        defer { load.stop() }
        try load.prepare()
        load.start(for: 600 * Nanoseconds.perSecond)
        let client = try NodeClient(cluster.seats[3].address)
        while try client.get("/v1/status").number("records") < records {
            if let failure = load.failure { throw failure }
            Pause.milliseconds(200)
        }
        load.stop()
        let clock = SystemClock()
        var samples: [Double] = []
        for _ in 1...context.rounds {
            cluster.kill(3)
            let begin = clock.monotonicNanoseconds()
            try cluster.start(3)
            try cluster.waitUntilServing(3)
            samples.append(Double(clock.monotonicNanoseconds() - begin) / 1e9)
        }
        return Metric("restart_seconds", unit: "s", samples: samples)
    }

    // MARK: Simulator

    /// Four whole validators without faults, on one thread, every oracle on. Light load is some 55
    /// small batches a virtual second, ten rounds and commits, links of 20 to 60 ms; a hash stands
    /// for a signature in seven seeds of eight (docs/decisions/0009).
    private static func simulated(_ context: BenchContext) -> Metric {
        var shape = SimulationShape()
        shape.isCalm = true
        let clock = SystemClock()
        let samples = (1...context.rounds).map { seed in
            let begin = clock.monotonicNanoseconds()
            let report = Simulation.run(seed: UInt64(seed), shape: shape)
            let real = max(1, clock.monotonicNanoseconds() - begin)
            return Double(report.virtualTime) / Double(real)
        }
        return Metric("simulated_over_real", unit: "x", samples: samples)
    }
}
