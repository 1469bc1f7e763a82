// `bench prove`: a run proven on two threads, and the proof checked on one.
import ExecutionProof
import Platform
import Primitives
import Prover

public enum ProveBench {
    /// What it is called; the only benchmark that looks at `BenchContext.provenRun`.
    public static let name = "prove"

    static let threads = 2
    /// Checks in one measurement.
    private static let repetitions = 20

    static func run(_ context: BenchContext) throws -> [Metric] {
        let run = context.provenRun
        context.progress("\(run.steps) steps, \(run.mix.rawValue)")
        let program = try run.program()
        let prover = RunProver(workers: Workers(count: threads))
        let states = [(before: Digest(), after: Digest())]
        var (proving, verifying, sizes): ([Double], [Double], [Double]) = ([], [], [])
        let clock = SystemClock()
        Processes.forgetPeakMemory()
        // The first proof touches the memory.
        for round in 0...context.rounds {
            let start = clock.monotonicNanoseconds()
            let trace = try run.trace(of: program)
            let proof = try prover.proof(of: trace, states: states, margin: 0)
            let middle = clock.monotonicNanoseconds()
            let steps = proof.statements.map(\.steps)
            guard steps == [UInt32(run.steps)] else {
                throw BenchFailure.failed("a proof of \(steps) steps")
            }
            for _ in 0..<repetitions { _ = try proof.check(of: program, margin: 0) }
            let end = clock.monotonicNanoseconds()
            guard round > 0 else { continue }
            proving.append(Double(middle - start) / 1e6)
            verifying.append(Double(end - middle) / 1e6 / Double(repetitions))
            sizes.append(Double(proof.encoded.count))
        }
        return [
            Metric("prove_ms", unit: "ms", samples: proving),
            Metric("verify_ms", unit: "ms", samples: verifying),
            Metric("proof_bytes", unit: "bytes", samples: sizes),
            // Of the whole process, while it proved.
            Metric(
                "peak_memory_bytes", unit: "bytes",
                samples: [Double(Processes.memory.peakBytes)]),
        ]
    }
}
