// Text and bytes are two forms of one program: each leads back to the other.
@testable import PVM
import Primitives
import TestSupport
import Testing

@Suite struct AssemblyTests {
    /// A line of random operands for an instruction, aiming at one of `count` labels.
    private func line(
        _ specification: Specification, labels count: UInt64, _ chance: inout SeededGenerator
    ) -> String {
        let operands = specification.form.operands.map { operand in
            switch operand {
            case .a, .b, .d: "r\(chance.next() % 13)"
            case .x, .y: "\(Int32(truncatingIfNeeded: chance.next()) >> Int32(chance.next() % 32))"
            case .wide: "\(chance.next())"
            case .target: "l\(chance.next() % count)"
            }
        }
        return specification.name + " " + operands.joined(separator: ", ")
    }

    @Test func aDisassemblyAssemblesToTheSameBytes() throws {
        let all = Revision.grayPaper071.instructions.all
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            let lines = (0..<200).map { number in
                let chosen = all[Int(chance.next() % UInt64(all.count))]
                return "l\(number): " + line(chosen, labels: 200, &chance)
            }
            let text = ".table l3, l150, l3\n" + lines.joined(separator: "\n")
            let blob = try Assembly(text, revision: .grayPaper071).blob
            let program = Program(blob, revision: .grayPaper071)
            #expect(program.instructions.count == 200, "seed \(seed)")
            let source = Disassembly(program).source
            let again = try Assembly(source, revision: .grayPaper071).blob
            #expect(again == blob, "seed \(seed)")
            #expect(try ProgramBlob(decoding: blob.encoded) == blob, "seed \(seed)")
        }
    }

    @Test(arguments: [
        ("jump nowhere", .unknownLabel("nowhere")), ("a: trap\na: trap", .repeatedLabel("a")),
        ("nop", .unknownWord("nop")), ("trap r1", .operandCount(0)),
        ("move_reg r1, r13", .notARegister("r13")), ("move_reg r01, r1", .notARegister("r01")),
        ("load_imm r1, 12z", .notANumber("12z")),
        ("load_imm r1, 0x80000000", .outOfRange("0x80000000")),
        ("load_imm r1, @a\na: trap", .labelWithoutAddress("a")), ("jump 5", .notALabel("5")),
        ("r1: trap", .notALabel("r1")), (".readonly 0", .notBytes("0")),
        (".heap 65536", .outOfRange("65536")), (".stack 1, 2", .operandCount(1)),
    ] as [(String, AssemblyFailure.Reason)])
    func textThatIsNoProgram(text: String, reason: AssemblyFailure.Reason) {
        let line = reason == .repeatedLabel("a") ? 2 : 1
        #expect(throws: AssemblyFailure(reason, line)) {
            try Assembly(text, revision: .grayPaper071)
        }
    }

    @Test func linesMayEndAsWindowsEndsThem() throws {
        let text = "a: add_imm_64 r1, r1, 1 ; one\r\n\r\n  jump a\r\n"
        let plain = try Assembly("a: add_imm_64 r1,r1,0x1\njump a", revision: .grayPaper071)
        #expect(try Assembly(text, revision: .grayPaper071).blob == plain.blob)
    }

    @Test func naturalsLeadBack() throws {
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            for shift in 0..<64 as Range<UInt64> {
                let value = chance.next() >> shift
                var reader = ByteReader(Natural.encode(value))
                #expect(try Natural.read(&reader) == value, "seed \(seed)")
                #expect(reader.remaining == 0)
            }
        }
    }
}
