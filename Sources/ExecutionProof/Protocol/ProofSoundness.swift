// How sure a whole proof is: the errors of all its steps, added up in integers.
import Ligerito

extension ProofLayout {
    /// The probability that a false claim passes one try, the transcript being a random oracle: the
    /// table of `docs/soundness.md`, section 3, and the commitment of section 2. `tuples` is the
    /// number of tuples that the verifier adds to the channels.
    package func soundness(tuples: Int) -> ErrorBound {
        let (leaves, rows) = (leafVariables, logRows)
        let words = constraintStack.logSize
        let flushCount = flushes.reduce(0) { $0 + $1.count }
        // A leaf has degree two in gamma and beta together.
        var terms = 2 * (1 << leaves + tuples)
        terms += leaves * (3 * leaves + 2)
        terms += 3 * rows + 1
        terms += 4 * (words + 6)
        // A selector and a fingerprint for each flush, three of the zero test, the boundaries of
        // each run.
        terms += 2 * flushCount + 3 + 64 + 6 + Claim.mostRuns + 2 * rows
        // At most four functionals for each table, and one for each boundary's row.
        terms += 6 * TableKind.allCases.count + 2 * (6 + columns.count)
        terms += 7
        return parameters.soundness + ErrorBound(UInt64(terms), over: 128)
    }
}

extension Claim {
    /// The probability that a false proof of this claim passes one try; nil where it is too large
    /// for a proof.
    public func soundness(margin: Int) -> ErrorBound? {
        ProofLayout(problem(margin: margin))?.soundness(tuples: pushes.count + pulls.count)
    }
}
