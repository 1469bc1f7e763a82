// How much memory a proof takes at most, from the heights of its tables alone.
import BinaryFields
import ExecutionProof
import Ligerito

enum ProofMemory {
    private static let elementBytes: UInt64 = 16
    private static let digestBytes: UInt64 = 32

    /// Bytes of the tables, of the commitment, and of all vectors in between: a vector that one
    /// stage leaves serves the next only where it has the right size. A trace comes on top, with
    /// some 100 bytes a step.
    static func bytes(_ problem: ProofProblem, _ layout: ProofLayout) -> UInt64 {
        let tables = UInt64(layout.columnStack.used)
        return elementBytes * tables + commitment(layout.parameters) + pool(problem, layout)
            + tableOfEquality(layout)
    }

    /// What `LigeritoProver` keeps.
    static func commitment(_ parameters: LigeritoParameters) -> UInt64 {
        // Halves and quarters of both vectors.
        var elements = (UInt64(3) << UInt64(parameters.logElements)) / 2
        var (digests, widest) = (UInt64(0), 0)
        for level in parameters.levels.indices {
            let leaves = parameters.logLeaves(level)
            elements += 1 << UInt64(leaves + parameters.levels[level].foldings)
            digests += 2 << UInt64(leaves)
            widest = max(widest, leaves)
        }
        elements += 1 << UInt64(widest)
        return elementBytes * elements + digestBytes * digests
    }

    /// What is taken from the pool in one proof if nothing were given back before its end.
    static func pool(_ problem: ProofProblem, _ layout: ProofLayout) -> UInt64 {
        var elements: UInt64 = 0
        func add(_ count: Int, times: Int = 1) {
            elements += UInt64(times) * UInt64(FieldPool.size(of: count))
        }
        func addFolding(_ count: Int, times: Int = 1) {
            add(count + 1, times: times)
            add((count + 1) / 2 + 1, times: times)
        }
        add(1 << layout.columnStack.logSize, times: 2)
        // Selector and term of each flush; later weights and sums of at most six functionals for
        // each table, of the same sizes. Both trees, and the halves that fold their layers.
        for part in problem.parts {
            let vectors = 2 * max(6, part.table.flushes.count)
            addFolding(1 << part.logRows, times: vectors)
        }
        for level in 0...layout.leafVariables {
            add(1 << level, times: 2)
            add((1 << level) / 2 + 1, times: 4)
        }
        let blocks = FormWords.blocks(of: layout.constraintStack.used)
        add(WordLoops.block / 2 * blocks, times: 3)
        addFolding(blocks << (6 - BlockFold.rounds), times: 3)
        return elementBytes * elements
    }

    /// The largest of the tables that sumchecks make for themselves, and that the zero test's
    /// weights of blocks take.
    private static func tableOfEquality(_ layout: ProofLayout) -> UInt64 {
        let widest = max(
            layout.leafVariables, layout.constraintStack.logSize + 2 - BlockFold.rounds)
        return elementBytes << UInt64(widest)
    }
}
