// From traced runs to their proof.
import ExecutionProof
import Primitives

/// Proves runs, one after the other, and keeps its memory between them: 115 MB for 5,000 typical
/// steps, 575 MB where all of them multiply.
public final class RunProver {
    /// 4 GiB: all runs but those of more than 32,000 products.
    public static let standardMemoryLimitBytes: UInt64 = 4 << 30

    let prover: ExecutionProver
    /// What it may take for one proof, beside the trace.
    public let memoryLimitBytes: UInt64

    /// `memoryLimitBytes` is what a proof may take beside its trace; more is refused beforehand.
    public init(
        workers: Workers, memoryLimitBytes: UInt64 = RunProver.standardMemoryLimitBytes
    ) {
        prover = ExecutionProver(workers: workers)
        self.memoryLimitBytes = memoryLimitBytes
    }

    /// The proof that the traced runs happened between states with these roots, one pair for each.
    /// `onStage` is called on the thread of the caller.
    ///
    /// - Parameter margin: as in `RunProof.check`.
    public func proof(
        of trace: Trace, states: [(before: Digest, after: Digest)], margin: Int,
        onStage: (ProvingStage) -> Void = { _ in }
    ) throws(ProvingFailure) -> RunProof {
        onStage(.tables)
        let witnesses = trace.witnesses()
        let statements = states.indices.map { trace.statement(of: $0, states: states[$0]) }
        return try proof(
            of: ProofDraft(
                program: trace.program, statements: statements,
                disclosure: trace.disclosure(witnesses), witnesses: witnesses),
            margin: margin, onStage: onStage)
    }

    /// The same from tables, which tests spoil.
    package func proof(
        of draft: ProofDraft, margin: Int, onStage: (ProvingStage) -> Void = { _ in }
    ) throws(ProvingFailure) -> RunProof {
        let claim: Claim
        do throws(ClaimFailure) {
            claim = try Claim(draft.statements, draft.disclosure, of: draft.program)
        } catch {
            throw .claim(error)
        }
        let problem = claim.problem(margin: margin)
        guard let layout = ProofLayout(problem) else { throw .tooManyRows }
        let needed = ProofMemory.bytes(problem, layout)
        guard needed <= memoryLimitBytes else {
            throw .memory(needed: needed, limit: memoryLimitBytes)
        }
        guard let messages = prover.proof(
            of: problem, draft.witnesses.filter { $0.active > 0 }, onStage: onStage)
        else { throw .tooManyRows }
        return RunProof(
            statements: draft.statements, disclosure: draft.disclosure, messages: messages)
    }
}

/// What a proof is made of.
package struct ProofDraft {
    package var program: ProvableProgram
    package var statements: [Statement]
    package var disclosure: Disclosure
    package var witnesses: [Witness]

    package init(
        program: ProvableProgram, statements: [Statement], disclosure: Disclosure,
        witnesses: [Witness]
    ) {
        (self.program, self.statements) = (program, statements)
        (self.disclosure, self.witnesses) = (disclosure, witnesses)
    }
}
