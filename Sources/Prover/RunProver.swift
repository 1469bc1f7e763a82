// From a traced run to its proof.
import ExecutionProof
import Primitives

/// Proves runs, one after the other, and keeps its memory between them: for a run of 5,000 steps
/// 160 MB at its peak, where all of them multiply 750 MB; most of it is the zero test.
public final class RunProver {
    private let prover: ExecutionProver

    public init(workers: Workers) { prover = ExecutionProver(workers: workers) }

    /// The proof that the traced run happened between states with these roots; nil where it has
    /// more rows than can be committed.
    public func proof(
        of trace: Trace, states: (before: Digest, after: Digest)
    ) -> RunProof? {
        let witnesses = trace.witnesses()
        return proof(
            of: trace.program, trace.statement(states: states), trace.disclosure(witnesses),
            witnesses)
    }

    /// The same from tables, which tests spoil.
    package func proof(
        of program: ProvableProgram, _ statement: Statement, _ disclosure: Disclosure,
        _ witnesses: [Witness]
    ) -> RunProof? {
        guard let claim = try? Claim(statement, disclosure, of: program),
            let messages = prover.proof(
                of: claim.problem, witnesses.filter { $0.active > 0 })
        else { return nil }
        return RunProof(statement: statement, disclosure: disclosure, messages: messages)
    }
}
