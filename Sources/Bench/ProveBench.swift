// `bench prove`: runs of typical and of multiplying programs proven on two threads, and checked.
import ExecutionProof
import PVM
import Platform
import Primitives
import Prover

enum ProveBench {
    /// Of 16 instructions three reach memory, two shift, one multiplies; the others add, compare
    /// and branch.
    private static let typical = """
        loop: load_ind_u64 r5, r1, 0
        add_64 r3, r3, r5
        xor r6, r3, r2
        shlo_l_imm_64 r7, r6, 7
        add_64 r3, r3, r7
        store_ind_u32 r3, r1, 8
        add_imm_64 r1, r1, 8
        and_imm r1, r1, 0x20fff
        set_lt_u r8, r3, r6
        add_64 r9, r9, r8
        load_ind_u8 r5, r1, 3
        mul_64 r10, r5, r3
        or r3, r3, r10
        shlo_r_imm_64 r7, r3, 9
        add_imm_64 r2, r2, 1
        branch_ne_imm r2, 0, loop
        """

    private static let multiplying = """
        again: mul_64 r4, r3, r4
        mul_64 r3, r3, r4
        mul_upper_u_u r5, r3, r4
        mul_64 r3, r5, r4
        mul_64 r6, r6, r3
        mul_64 r4, r6, r5
        mul_64 r5, r3, r6
        mul_64 r3, r4, r4
        branch_ne_imm r2, 0, again
        """

    private static let threads = 2
    /// Checks in one measurement.
    private static let repetitions = 20

    static func run(_ context: BenchContext) throws -> [Metric] {
        var metrics: [Metric] = []
        for (name, source, steps) in [
            ("", typical, 5000), ("short_", typical, 1000), ("multiplying_", multiplying, 5000),
        ] {
            context.progress("\(steps) steps\(name.isEmpty ? "" : ", \(name.dropLast())")")
            metrics += try measure(name, try program(source), steps: steps, context)
        }
        return metrics
    }

    private static func program(_ source: String) throws -> ProvableProgram {
        let assembly = try Assembly(source, revision: .grayPaper071)
        let program = Program(assembly.blob, revision: .grayPaper071)
        return try ProvableProgram(program, identity: program.identity)
    }

    private static func measure(
        _ name: String, _ program: ProvableProgram, steps: Int, _ context: BenchContext
    ) throws -> [Metric] {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 8192, isWritable: true)
        let prover = RunProver(workers: Workers(count: threads))
        let states = (before: Digest(), after: Digest())
        var (proving, verifying, sizes): ([Double], [Double], [Double]) = ([], [], [])
        let clock = SystemClock()
        // The first proof touches the memory.
        for round in 0...context.rounds {
            let start = clock.monotonicNanoseconds()
            let trace = Trace(
                of: program, memory: memory, registers: [0, 0x20000, 1, 3, 5], entry: 0,
                limit: steps, host: { _, _ in nil })
            let proof = try prover.proof(of: trace, states: states)
            guard proof.statement.steps == steps else {
                throw BenchFailure.failed("no proof of \(steps) steps")
            }
            let middle = clock.monotonicNanoseconds()
            for _ in 0..<repetitions { _ = try proof.check(of: program) }
            let end = clock.monotonicNanoseconds()
            guard round > 0 else { continue }
            proving.append(Double(middle - start) / 1e6)
            verifying.append(Double(end - middle) / 1e6 / Double(repetitions))
            sizes.append(Double(proof.encoded.count))
        }
        return [
            Metric(name + "prove_ms", unit: "ms", samples: proving),
            Metric(name + "verify_ms", unit: "ms", samples: verifying),
            Metric(name + "proof_bytes", unit: "bytes", samples: sizes),
        ]
    }
}
