// The interpreter and the slow machine end alike on random programs from every instruction on.
import Primitives
import PVM
import TestSupport
import Testing

@Suite struct InterpreterTests {
    /// Values at which results change their kind.
    private static let edges: [UInt64] = [
        0, 1, 2, 4, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_0000,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
        0xFFFF_FFFF_8000_0000, 0xFFFF, 0x10000, 0x10FFD, 0x11000, 0x11FFC, 0x12000, 63, 64, 32,
    ]
    private static let pages: [(number: UInt64, isWritable: Bool)] = [
        (0, true), (0x10, true), (0x11, false), (0x12, true), (0xFFFFF, true),
    ]
    private static let firstGas: UInt64 = 60

    private func program(_ chance: inout SeededGenerator) -> ProgramBlob {
        let known = SlowMachine.known.subtracting([101]).sorted()
        var (code, mask): ([UInt8], [Bool]) = ([], [])
        while code.count < 48 {
            let isKnown = chance.next() % 20 != 0
            code.append(isKnown ? known[Int(chance.next() % UInt64(known.count))] : 255)
            mask.append(chance.next() % 40 != 0)
            let most: UInt64 = chance.next() % 30 == 0 ? 40 : 7
            for _ in 0..<chance.next() % most {
                let small: [UInt8] = [0, 0, 1, 2, 5, 8, 0x10, 0x11, 0x20, 0xFE, 0xFF]
                let random = UInt8(truncatingIfNeeded: chance.next())
                code.append(chance.next() % 3 == 0 ? random : small[Int(chance.next() % 11)])
                mask.append(false)
            }
        }
        for index in code.indices where code[index] == 101 { code[index] = 100 }
        let table = (0..<8).map { _ in chance.next() % 50 }
        return ProgramBlob(jumpTable: table, code: code, starts: mask)
    }

    /// Memories with the same few bytes, and no machine yet.
    private func memories(
        _ chance: inout SeededGenerator
    ) throws -> (fast: Memory, slow: SlowMachine) {
        var memory = Memory()
        let empty = ProgramBlob(jumpTable: [], code: [], starts: [])
        var slow = SlowMachine(empty, registers: [], pc: 0, gas: 0)
        for page in Self.pages {
            let address = UInt32(page.number * 4096)
            try memory.map(address: address, length: 1, isWritable: page.isWritable)
            slow.pages[page.number] = page.isWritable
            guard page.number > 0 else { continue }
            for offset in [0, 1, 2, 3, 4, 7, 4089, 4093, 4095] as [UInt64] {
                let byte = UInt8(truncatingIfNeeded: chance.next())
                slow.memory[UInt64(address) + offset] = byte
                let place = UInt32(UInt64(address) + offset)
                let isWritten = memory.write([byte], at: place, isForced: true)
                #expect(isWritten)
            }
        }
        return (memory, slow)
    }

    private func registers(_ chance: inout SeededGenerator) -> [UInt64] {
        (0..<13).map { _ in
            chance.next() % 4 == 0
                ? chance.next() : Self.edges[Int(chance.next() % UInt64(Self.edges.count))]
        }
    }

    private func isSame(_ fast: Machine, _ slow: SlowMachine) -> Bool {
        guard fast.registers == slow.registers, fast.gas == slow.gas, fast.pc == slow.pc else {
            return false
        }
        return slow.memory.allSatisfy { address, byte in
            fast.memory.read(UInt32(address), count: 1) == [byte]
        }
    }

    @Test func randomPrograms() throws {
        var steps = 0
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            let template = try memories(&chance)
            for _ in 0..<60 {
                let blob = program(&chance)
                let ready = Program(blob, revision: .grayPaper071)
                for pc in blob.code.indices where ready.isInstruction(at: UInt32(pc)) {
                    let start = registers(&chance)
                    var fast = Machine(
                        ready, memory: template.fast, registers: start, pc: UInt32(pc),
                        gas: Self.firstGas)
                    var slow = SlowMachine(blob, registers: start, pc: pc, gas: Self.firstGas)
                    (slow.pages, slow.memory) = (template.slow.pages, template.slow.memory)
                    var noted = fast
                    noted.memory.startLog()
                    let (exit, expected) = (fast.run(), slow.run())
                    steps += slow.steps
                    let isAlike = noted.run() == exit && noted.memory == fast.memory
                        && noted.registers == fast.registers && noted.gas == fast.gas
                    guard exit == expected, isSame(fast, slow), isAlike else {
                        Issue.record(
                            """
                            seed \(seed), pc \(pc): \(exit) at \(fast.pc) gas \(fast.gas), \
                            expected \(expected) at \(slow.pc) gas \(slow.gas)
                            \(Disassembly(ready).source)
                            """)
                        return
                    }
                }
            }
        }
        #expect(steps > 30_000, "only \(steps) steps were compared")
    }

    /// A loop over forty instructions that neither jump nor touch memory.
    private func loop(_ chance: inout SeededGenerator) -> ProgramBlob {
        let calm = SlowMachine.known.filter { number in
            number == 20 || number == 51 || (100...111).contains(number) && number != 101
                || (131...161).contains(number) || (190...230).contains(number)
        }.sorted()
        var (code, mask): ([UInt8], [Bool]) = ([], [])
        for _ in 0..<40 {
            let arguments = chance.bytes(Int(2 + chance.next() % 5))
            code += [calm[Int(chance.next() % UInt64(calm.count))]] + arguments
            mask += [true] + arguments.map { _ in false }
        }
        let back = Int16(-code.count)
        code += [40, UInt8(truncatingIfNeeded: back), UInt8(truncatingIfNeeded: back >> 8)]
        return ProgramBlob(jumpTable: [], code: code, starts: mask + [true, false, false])
    }

    @Test func aMillionStepsOfArithmetic() {
        var steps = 0
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            for _ in 0..<16 {
                let blob = loop(&chance)
                let start = registers(&chance)
                let program = Program(blob, revision: .grayPaper071)
                var fast = Machine(
                    program, memory: Memory(), registers: start, pc: 0, gas: 2_050)
                var slow = SlowMachine(blob, registers: start, pc: 0, gas: 2_050)
                let (exit, expected) = (fast.run(), slow.run())
                steps += slow.steps
                guard exit == expected, isSame(fast, slow) else {
                    Issue.record("seed \(seed): \(Disassembly(program).source)")
                    return
                }
            }
        }
        #expect(steps >= 1_000_000)
    }
}
