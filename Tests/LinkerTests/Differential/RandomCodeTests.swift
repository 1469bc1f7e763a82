// Random code: what the translation leaves in registers and memory is what RISC-V leaves.
import PVM
import Primitives
import TestSupport
import Testing

@testable import Linker

/// Random instructions: arithmetic with every register, zero among them, memory around x9, branches
/// and jumps a little forward.
private struct RandomCode {
    private var chance: SeededGenerator
    private(set) var words: [UInt32] = []

    /// x9 is the base of the memory and never written.
    private static let sources: [UInt32] = [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    private static let targets: [UInt32] = [0, 1, 2, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]
    private static let registerRows: [(UInt32, UInt32, [UInt32])] = [
        (0x33, 0x00, Array(0...7)), (0x33, 0x20, [0, 4, 5, 6, 7]), (0x33, 0x01, Array(0...7)),
        (0x33, 0x05, [4, 5, 6, 7]), (0x33, 0x30, [1, 5]), (0x33, 0x07, [5, 7]),
        (0x3B, 0x00, [0, 1, 5]), (0x3B, 0x20, [0, 5]), (0x3B, 0x01, [0, 4, 5, 6, 7]),
        (0x3B, 0x30, [1, 5]),
    ]
    /// Opcode, funct3, and the twelve bits of the immediate.
    private static let unaryRows: [(UInt32, UInt32, Int32)] = [
        (0x13, 1, 0x600), (0x13, 1, 0x601), (0x13, 1, 0x602), (0x13, 1, 0x604), (0x13, 1, 0x605),
        (0x13, 5, 0x6B8), (0x1B, 1, 0x600), (0x1B, 1, 0x601), (0x1B, 1, 0x602), (0x3B, 4, 0x080),
    ]

    init(seed: UInt64, count: Int) {
        chance = SeededGenerator(seed: seed)
        for place in 0..<count { words.append(next(remaining: count - place)) }
        words.append(RiscVEncoding.ebreak)
    }

    private mutating func pick<Value>(_ list: [Value]) -> Value {
        list[Int.random(in: 0..<list.count, using: &chance)]
    }

    private mutating func next(remaining: Int) -> UInt32 {
        let (rd, rs1, rs2) = (pick(Self.targets), pick(Self.sources), pick(Self.sources))
        switch Int.random(in: 0..<20, using: &chance) {
        case 0..<8:
            let row = pick(Self.registerRows)
            return RiscVEncoding.typeR(row.0, (row.1, pick(row.2)), (rd, rs1, rs2))
        case 8..<12:
            let immediate = Int32.random(in: -2048...2047, using: &chance)
            let opcode: UInt32 = pick([0x13, 0x13, 0x13, 0x1B])
            return RiscVEncoding.typeI(
                opcode, opcode == 0x1B ? 0 : pick([0, 2, 3, 4, 6, 7]), rd, rs1, immediate)
        case 12, 13: return shift(rd, rs1)
        case 14:
            let row = pick(Self.unaryRows)
            return RiscVEncoding.typeI(row.0, row.1, rd, rs1, row.2)
        case 15:
            return RiscVEncoding.typeU(
                0x37, rd, UInt32.random(in: 0..<1 << 20, using: &chance))
        case 16:
            let offset = Int32.random(in: 0..<248, using: &chance)
            // A load into x0 is refused, see the rejections.
            return RiscVEncoding.typeI(0x03, pick(Array(0...6)), max(1, rd), 9, offset)
        case 17:
            return RiscVEncoding.typeS(
                pick([0, 1, 2, 3]), 9, rs2, Int32.random(in: 0..<248, using: &chance))
        default:
            let distance = 4 * Int32.random(in: 1...Int32(min(remaining, 9)), using: &chance)
            if Int.random(in: 0..<6, using: &chance) == 0 { return RiscVEncoding.jal(0, distance) }
            return RiscVEncoding.typeB(pick([0, 1, 4, 5, 6, 7]), rs1, rs2, distance)
        }
    }

    private mutating func shift(_ rd: UInt32, _ rs1: UInt32) -> UInt32 {
        let isWord = Bool.random(using: &chance)
        let by = Int32.random(in: 0..<(isWord ? 32 : 64), using: &chance)
        let (funct3, kind): (UInt32, Int32) = pick([(1, 0), (5, 0), (5, 0x400), (5, 0x600)])
        return RiscVEncoding.typeI(isWord ? 0x1B : 0x13, funct3, rd, rs1, kind | by)
    }

    mutating func values(_ count: Int) -> [UInt64] {
        (0..<count).map { _ in
            switch Int.random(in: 0..<4, using: &chance) {
            case 0: return chance.next()
            case 1: return UInt64(bitPattern: Int64.random(in: -3...3, using: &chance))
            case 2: return 1 << UInt64.random(in: 0..<64, using: &chance)
            default: return UInt64(UInt32.max) &+ UInt64.random(in: 0...2, using: &chance)
            }
        }
    }
}

@Suite struct RandomCodeTests {
    private static let memoryBase: UInt64 = 0x20000
    private static let embedded = [1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

    @Test(arguments: propertySeeds)
    func theTranslationComputesWhatTheCodeDoes(seed: UInt64) throws {
        for round in 0..<40 {
            var code = RandomCode(seed: seed &* 1_000 &+ UInt64(round), count: 60)
            let values = code.values(13)
            let memory = code.values(32).flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            }
            let place = "seed \(seed), round \(round)"
            let slow = try #require(Self.slow(code.words, values, memory), "\(place)")
            let machine = try Self.translated(code.words, values, memory)
            for (index, register) in Self.embedded.enumerated() {
                #expect(
                    machine[register: index] == slow.registers[register],
                    "\(place): x\(register)")
            }
            let found = machine.memory.read(UInt32(Self.memoryBase), count: memory.count)
            #expect(found == slow.memory, "\(place): memory")
        }
    }

    private static func slow(
        _ words: [UInt32], _ values: [UInt64], _ memory: [UInt8]
    ) -> SlowRiscV? {
        var slow = SlowRiscV(memory: memory, base: memoryBase)
        for (value, register) in zip(values, embedded) { slow.registers[register] = value }
        slow.registers[9] = memoryBase
        let code = words.compactMap(RiscVInstruction.init(word:))
        guard code.count == words.count, slow.run(code, limit: 1_000) else { return nil }
        return slow
    }

    private static func translated(
        _ words: [UInt32], _ values: [UInt64], _ memory: [UInt8]
    ) throws -> Machine {
        var writer = ElfWriter(code: RiscVEncoding.bytes(words))
        writer.sections.append(WrittenSection(name: ".data", flags: 3, bytes: memory))
        let linked = try LinkedProgram(
            linking: writer.bytes, LinkOptions(), revision: .grayPaper071)
        #expect(linked.program.program.faults.isEmpty)
        var machine = try linked.program.machine(input: [], pc: 0, gas: 100_000)
        for (index, value) in values.enumerated() { machine[register: index] = value }
        machine[register: 6] = memoryBase
        #expect(machine.run() == .panic)
        return machine
    }
}
