// Random programs: the recorder goes as the machine does, and what it records passes the checker.
import PVM
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct RandomRunTests {
    private static let numbers: [UInt8] = Revision.grayPaper071.instructions.all.map(\.number)
        .filter { $0 != 101 }

    static func program(_ chance: inout SeededGenerator) -> ProgramBlob {
        var (code, mask): ([UInt8], [Bool]) = ([], [])
        while code.count < 90 {
            code.append(numbers[Int(chance.next() % UInt64(numbers.count))])
            mask.append(true)
            for _ in 0..<2 + chance.next() % 5 {
                let small: [UInt8] = [0, 0, 1, 2, 5, 8, 0x10, 0x11, 0x20, 0xFE, 0xFF]
                let random = UInt8(truncatingIfNeeded: chance.next())
                code.append(chance.next() % 3 == 0 ? random : small[Int(chance.next() % 11)])
                mask.append(false)
            }
        }
        let table = (0..<8).map { _ in chance.next() % 50 }
        return ProgramBlob(jumpTable: table, code: code, starts: mask)
    }

    static func registers(_ chance: inout SeededGenerator) -> [UInt64] {
        (0..<13).map { _ in
            switch chance.next() % 4 {
            case 0: chance.next()
            case 1: 0x20000 + chance.next() % 0x3000
            case 2: chance.next() % 20
            default: OpcodeTests.edges[Int(chance.next() % UInt64(OpcodeTests.edges.count))]
            }
        }
    }

    /// The machine after so many steps, its host adding one to register 7.
    private func machine(_ run: Run, _ start: [UInt64], _ memory: Memory, pc: UInt32) -> Machine {
        var machine = Machine(
            run.trace.program.program, memory: memory, registers: start, pc: pc, gas: 1 << 40)
        var limit = StepLimit(run.trace.stepCount)
        while limit.remaining > 0 {
            guard let exit = machine.run(observing: &limit) else { break }
            guard case .hostCall = exit else { break }
            // The call itself was observed before the machine stopped at it.
            machine[register: 7] &+= 1
        }
        return machine
    }

    @Test func recordedAsItRan() throws {
        var steps = 0
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            let memory = try Memory.small
            for _ in 0..<20 {
                let program = Program(Self.program(&chance), revision: .grayPaper071)
                let starts = program.instructions.map(\.pc)
                let start = Self.registers(&chance)
                let pc = UInt32(starts[Int(chance.next() % UInt64(starts.count))])
                let provable = try ProvableProgram(program, identity: program.identity)
                let entry = try #require(provable.position(of: pc))
                let run = Run(
                    Trace(
                        of: provable, memory: memory, registers: start, entry: entry, limit: 60,
                        host: { $1 &+ 1 }))
                guard run.trace.stepCount > 0 else { continue }
                steps += run.trace.stepCount
                if let failure = run.failure {
                    Issue.record("seed \(seed): \(failure)\n\(Disassembly(program).source)")
                    return
                }
                let machine = machine(run, start, memory, pc: pc)
                let isSame =
                    machine.registers == Array(run.trace.runs[0].registers[..<13])
                    && (run.trace.runs[0].end == .halt || machine.pc == provable.pc(of: run.trace.runs[0].exit)
                        || run.trace.runs[0].events.last?.step == UInt32(run.trace.stepCount - 1))
                    && run.trace.runs[0].cells.allSatisfy { cell in
                        machine.memory.read(cell.address << 3, count: 8)?.reversed().reduce(0) {
                            $0 << 8 | UInt64($1)
                        } == cell.value
                    }
                if !isSame {
                    Issue.record("seed \(seed): another state\n\(Disassembly(program).source)")
                    return
                }
            }
        }
        #expect(steps > 1_000, "only \(steps) steps")
    }
}
