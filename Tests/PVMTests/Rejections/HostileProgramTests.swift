// Bytes that are not a program are refused, and whatever is one can be run without a trap of ours.
@testable import PVM
import Primitives
import TestSupport
import Testing

@Suite struct HostileProgramTests {
    private static let text = """
        .table b
        .readonly 00010203
        .readwrite 04050607
        .heap 2
        .stack 5000
        load_imm r1, 0x20000
        load_imm r2, @b
        a: load_ind_u64 r3, r1, 0
        add_64 r4, r3, r2
        store_ind_u32 r4, r1, 8
        sbrk r5, r8
        branch_lt_u_imm r1, 10, a
        jump_ind r2, 0
        b: ecalli 3
        load_imm_jump_ind r5, r0, 1, 0
        """

    @Test func spoiledProgramsAreRefusedOrRun() throws {
        let good = try StandardProgram(
            Assembly(Self.text, revision: .grayPaper071).parts, revision: .grayPaper071)
        var (refused, ran) = (0, 0)
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            for _ in 0..<60 {
                var bytes = good.encoded
                for _ in 0...chance.next() % 4 {
                    bytes[Int(chance.next() % UInt64(bytes.count))] =
                        UInt8(truncatingIfNeeded: chance.next())
                }
                if chance.next() % 8 == 0 { bytes.removeLast(Int(chance.next() % 9)) }
                if chance.next() % 8 == 0 { bytes += chance.bytes(Int(chance.next() % 9)) }
                guard
                    let program = try? StandardProgram(decoding: bytes, revision: .grayPaper071)
                else {
                    refused += 1
                    continue
                }
                #expect(program.encoded.count == bytes.count, "seed \(seed)")
                #expect(Disassembly(program.program).lines.count + 1 == program.program.stepCount)
                #expect(program.program.faults.count <= program.program.stepCount + 255)
                var machine = try program.machine(input: [1, 2, 3], pc: 0, gas: 500)
                while case .hostCall = machine.run() {}
                #expect(StandardProgram.output(of: machine).count <= machine.memory.byteCount)
                ran += 1
            }
        }
        #expect(refused > 100 && ran > 100)
    }

    @Test func randomBytesNeverTrap() {
        var decoded = 0
        for seed in propertySeeds {
            var chance = SeededGenerator(seed: seed)
            for _ in 0..<200 {
                let code = chance.bytes(Int(chance.next() % 60))
                let starts = code.map { _ in chance.next() % 3 == 0 }
                let blob = ProgramBlob(jumpTable: [chance.next()], code: code, starts: starts)
                let program = Program(blob, revision: .grayPaper071)
                let registers = (0..<13).map { _ in chance.next() }
                var machine = Machine(
                    program, memory: Memory(), registers: registers, pc: 0, gas: 100)
                while case .hostCall = machine.run() {}
                #expect(machine.gas <= 100)
                #expect((try? ProgramBlob(decoding: blob.encoded)) == blob, "seed \(seed)")
                if (try? ProgramBlob(decoding: chance.bytes(12))) != nil { decoded += 1 }
            }
        }
        #expect(decoded < 6_400)
    }

    @Test(arguments: [
        ([], .truncated, 0), ([0, 0], .truncated, 2), ([0, 9, 0], .outOfRange, 1),
        ([0, 0, 1, 0], .truncated, 4), ([0, 0, 1, 0, 1, 0], .trailingBytes, 5),
        ([0, 0, 1, 0, 3], .notCanonical, 4), ([0x80, 0, 0, 0], .notCanonical, 0),
        ([0xF0, 1, 0, 0, 0xFF, 1, 0], .overLimit, 0), ([1, 1, 0], .truncated, 3),
        ([0, 0, 0xFF, 255, 255, 255, 255, 255, 255, 255, 255], .overLimit, 2),
    ] as [([UInt8], DecodingFailure.Reason, Int)])
    func bytesThatAreNoBlob(bytes: [UInt8], reason: DecodingFailure.Reason, offset: Int) {
        #expect(throws: DecodingFailure(reason, at: offset)) {
            try ProgramBlob(decoding: bytes)
        }
    }

    @Test func memoryOverTheLimitIsRefused() {
        let parts = StandardProgram.Parts(
            readOnly: [], readWrite: [], heapPages: .max, stackBytes: 0, blob: [0, 0, 0])
        #expect(throws: DecodingFailure(.overLimit, at: 0)) {
            try StandardProgram(parts, revision: .grayPaper071)
        }
    }

    @Test func identityNamesRevisionKindAndBytes() throws {
        let assembly = try Assembly(Self.text, revision: .grayPaper071)
        let standard = try StandardProgram(assembly.parts, revision: .grayPaper071)
        let bare = Program(assembly.blob, revision: .grayPaper071)
        #expect(standard.identity != bare.identity)
        var parts = assembly.parts
        parts.heapPages += 1
        let other = try StandardProgram(parts, revision: .grayPaper071)
        #expect(other.identity != standard.identity)
    }

    @Test func faultsAreFoundWithoutRunning() throws {
        let text = """
            .table inner
            move_reg r1, r1
            inner: move_reg r1, r1
            jump inner
            .code ff
            move_reg r1, r1
            """
        let blob = try Assembly(text, revision: .grayPaper071).blob
        let faults = Program(blob, revision: .grayPaper071).faults
        #expect(
            faults.map(\.reason) == [
                .badTarget(2), .unknownInstruction(255), .openEnd, .badTableEntry(2),
            ])
    }
}
