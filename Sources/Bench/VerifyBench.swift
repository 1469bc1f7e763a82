// `bench verify`: proofs as they are received, decoded and checked, on one thread and on two.
import ExecutionProof
import Platform
import Primitives
import Prover

enum VerifyBench {
    /// Checks on each thread in one measurement.
    private static let repetitions = 500

    static func run(_ context: BenchContext) throws -> [Metric] {
        let run = ProvenRun()
        let program = try run.program()
        let trace = try run.trace(of: program)
        let proof = try RunProver(workers: Workers(count: ProveBench.threads)).proof(
            of: trace, states: [(Digest(), Digest())], margin: 0
        ).encoded
        let clock = SystemClock()
        var (alone, together): ([Double], [Double]) = ([], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let start = clock.monotonicNanoseconds()
            guard check(proof, program) else { throw BenchFailure.failed("a proof was refused") }
            let middle = clock.monotonicNanoseconds()
            try checkOnThreads(proof, program)
            let end = clock.monotonicNanoseconds()
            alone.append(Double(middle - start) / 1e6 / Double(repetitions))
            let checks = Double(repetitions * ProveBench.threads)
            together.append(checks * 1e9 / Double(end - middle))
        }
        return [
            Metric("proofs_per_second", unit: "proofs/s", samples: together),
            Metric("verify_ms", unit: "ms", samples: alone),
        ]
    }

    private static func check(_ bytes: [UInt8], _ program: ProvableProgram) -> Bool {
        (0..<repetitions).allSatisfy { _ in
            (try? RunProof(decoding: bytes).check(of: program, margin: 0)) != nil
        }
    }

    private static func checkOnThreads(_ bytes: [UInt8], _ program: ProvableProgram) throws {
        let threads = try (0..<ProveBench.threads).map { number in
            try OSThread.start("verify \(number)") {
                // The same proof was accepted before.
                _ = check(bytes, program)
            }
        }
        for thread in threads { thread.join() }
    }
}
