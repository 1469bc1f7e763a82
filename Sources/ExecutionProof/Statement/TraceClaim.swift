// The statements and the disclosure that a trace makes true.
import PVM
import Primitives

extension Trace {
    /// What the run of that number did.
    ///
    /// - Parameter states: roots before and after.
    public func statement(
        of number: Int, states: (before: Digest, after: Digest)
    ) -> Statement {
        let run = runs[number]
        let code = program.program.steps
        let last = Int(
            run.stepCount == 0 ? run.entry : steps[run.first + run.stepCount - 1].position)
        return Statement(
            program: program.identity, states: states,
            run: (
                code[Int(run.entry)].pc, code[last].pc,
                run.end == .halt ? .halt : .before(pc: code[Int(run.exit)].pc)
            ),
            cost: (
                UInt32(run.stepCount), UInt64(run.stepCount) * ProvableProgram.gasOfStep
            ),
            events: run.events)
    }

    /// - Parameter witnesses: those of the trace.
    package func disclosure(_ witnesses: [Witness]) -> Disclosure {
        func uses(_ counts: [UInt32], _ place: (Int) -> UInt32) -> [Disclosure.Use] {
            counts.enumerated().filter { $0.element > 0 }.map {
                Disclosure.Use(place: place($0.offset), count: $0.element)
            }
        }
        let last = jumpUses.count - 1
        return Disclosure(
            rows: witnesses.map { UInt32($0.active) },
            instructions: uses(self.uses) { UInt32($0) },
            jumps: uses(jumpUses) {
                $0 == last ? ProvableProgram.haltAddress : UInt32(2 * ($0 + 1))
            },
            runs: runs.map(\.touches))
    }
}

extension TracedRun {
    /// The registers, and the cells that it touched.
    public var touches: RunTouches {
        func clock(_ clock: UInt32, _ kind: Layout.Kind) -> UInt32 {
            clock == Self.initialClock(first, of: kind) ? 0 : clock - 4 * UInt32(first)
        }
        let cells = cells.map { cell in
            Disclosure.CellTouch(
                address: cell.address, isReadOnly: cell.isReadOnly, old: cell.old,
                new: cell.value, clock: clock(cell.clock, .memory))
        }
        return RunTouches(
            registers: registers.indices.map {
                Disclosure.RegisterTouch(
                    old: registersBefore[$0], new: registers[$0],
                    clock: clock(registerClocks[$0], .registers))
            },
            cells: cells.filter { $0.clock > 0 }.sorted { $0.address < $1.address })
    }
}
