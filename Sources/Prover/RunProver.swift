// From a traced run to its proof.
import ExecutionProof
import Primitives

/// Proves runs, one after the other, and keeps its memory between them.
public final class RunProver {
    /// 4 GiB.
    public static let standardMemoryLimitBytes: UInt64 = 4 << 30

    let prover: ExecutionProver
    /// What it may take for one proof, beside the trace.
    public let memoryLimitBytes: UInt64

    public init(
        workers: Workers, memoryLimitBytes: UInt64 = RunProver.standardMemoryLimitBytes
    ) {
        prover = ExecutionProver(workers: workers)
        self.memoryLimitBytes = memoryLimitBytes
    }

    /// The proof that the traced run happened between states with these roots. `onStage` is called
    /// on the thread of the caller.
    public func proof(
        of trace: Trace, states: (before: Digest, after: Digest),
        onStage: (ProvingStage) -> Void = { _ in }
    ) throws(ProvingFailure) -> RunProof {
        onStage(.tables)
        let witnesses = trace.witnesses()
        return try proof(
            of: trace.program, trace.statement(states: states), trace.disclosure(witnesses),
            witnesses, onStage: onStage)
    }

    /// The same from tables, which tests spoil.
    package func proof(
        of program: ProvableProgram, _ statement: Statement, _ disclosure: Disclosure,
        _ witnesses: [Witness], onStage: (ProvingStage) -> Void = { _ in }
    ) throws(ProvingFailure) -> RunProof {
        let claim: Claim
        do throws(ClaimFailure) {
            claim = try Claim(statement, disclosure, of: program)
        } catch {
            throw .claim(error)
        }
        let problem = claim.problem
        guard let layout = ProofLayout(problem) else { throw .tooManyRows }
        let needed = ProofMemory.bytes(problem, layout)
        guard needed <= memoryLimitBytes else {
            throw .memory(needed: needed, limit: memoryLimitBytes)
        }
        guard let messages = prover.proof(
            of: problem, witnesses.filter { $0.active > 0 }, onStage: onStage)
        else { throw .tooManyRows }
        return RunProof(statement: statement, disclosure: disclosure, messages: messages)
    }
}
