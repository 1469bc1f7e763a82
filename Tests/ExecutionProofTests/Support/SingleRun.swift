// One run at a time, as most tests look at it.
import ExecutionProof
import Primitives

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
