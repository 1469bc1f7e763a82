// `bench ligerito`: 4 MiB committed and opened at a point on two threads, and checked on one.
import BinaryFields
import Ligerito
import Platform
import Primitives
import Prover

enum LigeritoBench {
    /// 2^18 elements of 128 bits are as many bytes as 2^20 of 32 bits.
    private static let logElements = 18
    private static let threads = 2
    /// Checks in one measurement.
    private static let repetitions = 20

    static func run(_ context: BenchContext) throws -> [Metric] {
        guard
            let parameters = LigeritoParameters.standard(logElements: logElements, margin: 0)
        else {
            throw BenchFailure.failed("no parameters for this size")
        }
        var generator = SeededGenerator(seed: 1)
        func random() -> GF128 { GF128(low: generator.next(), high: generator.next()) }
        let elements = FieldVector((0..<1 << logElements).map { _ in random() })
        let weights = FieldVector(count: elements.count)
        let point = (0..<logElements).map { _ in random() }
        let value = Equality.evaluate(elements.elements, at: point)
        let claim = EvaluationClaim(point: point, value: value)
        let prover = LigeritoProver(parameters, workers: Workers(count: threads))
        var (proving, verifying, sizes): ([Double], [Double], [Double]) = ([], [], [])
        let clock = SystemClock()
        // The first proof touches the memory.
        for round in 0...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let start = clock.monotonicNanoseconds()
            let proof = prover.proof(of: claim, elements, weights: weights)
            let middle = clock.monotonicNanoseconds()
            for _ in 0..<repetitions { try claim.verify(proof, parameters: parameters) }
            let end = clock.monotonicNanoseconds()
            guard round > 0 else { continue }
            proving.append(Double(middle - start) / 1e6)
            verifying.append(Double(end - middle) / 1e6 / Double(repetitions))
            sizes.append(Double(proof.count))
        }
        return [
            Metric("prove_ms", unit: "ms", samples: proving),
            Metric("verify_ms", unit: "ms", samples: verifying),
            Metric("proof_bytes", unit: "bytes", samples: sizes),
        ]
    }
}
