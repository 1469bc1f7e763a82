// The statement and the disclosure that a trace makes true.
import PVM
import Primitives

extension Trace {
    /// - Parameter states: roots before and after.
    public func statement(states: (before: Digest, after: Digest)) -> Statement {
        let steps = program.program.steps
        let gas = UInt64(stepCount) * ProvableProgram.gasOfStep
        let last = Int(self.steps.last?.position ?? entry)
        let end: RunEnd =
            self.end == .halt ? .halt : .before(pc: steps[Int(exit)].pc)
        return Statement(
            program: program.identity, states: states,
            run: (steps[Int(entry)].pc, steps[last].pc, end),
            cost: (UInt32(stepCount), gas), events: events)
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
            registers: registers.indices.map {
                Disclosure.RegisterTouch(
                    old: registersBefore[$0], new: registers[$0], clock: registerClocks[$0])
            },
            cells: cells.filter { $0.clock > 0 }.sorted { $0.address < $1.address }.map {
                Disclosure.CellTouch(
                    address: $0.address, isReadOnly: $0.isReadOnly, old: $0.old, new: $0.value,
                    clock: $0.clock)
            })
    }
}
