// One run at a time, as most tests look at it.
import ExecutionProof
import Primitives
import Prover

extension Disclosure {
    /// Of the first run.
    var registers: [RegisterTouch] {
        get { runs[0].registers }
        set { runs[0].registers = newValue }
    }
    var cells: [CellTouch] {
        get { runs[0].cells }
        set { runs[0].cells = newValue }
    }
}

extension Claim {
    var statement: Statement { statements[0] }

    init(
        _ statement: Statement, _ disclosure: Disclosure, of program: ProvableProgram
    ) throws(ClaimFailure) {
        try self.init([statement], disclosure, of: program)
    }
}

extension RunProof {
    var statement: Statement {
        get { statements[0] }
        set { statements[0] = newValue }
    }

    func check(of program: ProvableProgram) throws(RunProofFailure) -> Claim {
        try check(of: program, margin: 0)
    }
}

extension RunProver {
    func proof(
        of program: ProvableProgram, _ statement: Statement, _ disclosure: Disclosure,
        _ witnesses: [Witness]
    ) throws(ProvingFailure) -> RunProof {
        try proof(
            of: ProofDraft(
                program: program, statements: [statement], disclosure: disclosure,
                witnesses: witnesses),
            margin: 0)
    }
}
