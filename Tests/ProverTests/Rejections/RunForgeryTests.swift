// Runs that did not happen so, shown to the verifier itself: it refuses what the checker refuses.
import PVM
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct RunForgeryTests {
    /// One bit of a few words of every table and column, for each seed.
    @Test(arguments: propertySeeds.prefix(2)) func singleBits(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var run = try ProvenRun.whole()
        for table in run.witnesses.indices {
            let (columns, rows) = (
                run.witnesses[table].columnCount, run.witnesses[table].rowCount)
            for column in 0..<columns {
                let row = Int(generator.next() % UInt64(rows))
                let bit: UInt64 = 1 << (generator.next() % 64)
                run.witnesses[table][column, row] ^= bit
                let verdicts = (run.isSatisfied, run.isAccepted)
                let place = "seed \(seed), table \(table), column \(column), row \(row), bit \(bit)"
                #expect(verdicts.0 == verdicts.1, "\(place)")
                run.witnesses[table][column, row] ^= bit
            }
        }
    }

    /// The statement says something else than what was proven.
    @Test func anotherStatement() throws {
        let run = try ProvenRun.whole()
        let proof = try #require(run.proof())
        let changes: [(String, (inout RunProof) -> Void)] = [
            ("program", { $0.statement.program = Digest(repeating: 1) }),
            ("root before", { $0.statement.before = Digest(repeating: 1) }),
            ("root after", { $0.statement.after = Digest(repeating: 1) }),
            ("entry", { $0.statement.entry = run.trace.program.pc(of: 1) ?? 0 }),
            ("end", { $0.statement.end = .before(pc: 0) }),
            ("steps", { $0.statement.steps -= 1 }),
            ("gas", { $0.statement.gas -= 1 }),
            ("event", { $0.statement.events[0].after += 1 }),
            ("no event", { $0.statement.events.removeLast() }),
            ("register", { $0.disclosure.registers[2].new += 1 }),
            ("register before", { $0.disclosure.registers[2].old += 1 }),
            ("cell", { $0.disclosure.cells[0].new ^= 1 }),
            ("cell before", { $0.disclosure.cells[0].old ^= 1 }),
            ("cell twice", { $0.disclosure.cells.append($0.disclosure.cells[0]) }),
            ("clock", { $0.disclosure.cells[0].clock -= 4 }),
            ("uses", { $0.disclosure.instructions[0].count += 1 }),
            ("jump", { $0.disclosure.jumps[0].count += 1 }),
            ("rows", { $0.disclosure.rows[TableKind.shift.rawValue] += 1 }),
            ("no rows", { $0.disclosure.rows[TableKind.bits.rawValue] = 0 }),
        ]
        for (name, change) in changes {
            var other = proof
            change(&other)
            #expect(throws: RunProofFailure.self, "\(name)") {
                try other.check(of: run.trace.program)
            }
        }
    }

    /// A run whose last result is off by one, with tables filled as if it were right.
    @Test func aResultOffByOne() throws {
        var trace = try ProvenRun.whole().trace
        let last = trace.steps.count - 2
        trace.steps[last].result += 1
        let run = ProvenRun(trace)
        #expect(!run.isSatisfied && !run.isAccepted)
    }
}
