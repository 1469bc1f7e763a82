// Files that are refused, each named for its fault, with the place and the symbol.
import TestSupport
import Testing

@testable import Linker

/// A file with one fault.
struct Refusal: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var failure: LinkFailure

    init(_ name: String, _ writer: ElfWriter, _ failure: LinkFailure, symbol: String = "") {
        (self.name, bytes, self.failure) = (name, writer.bytes, failure)
        self.failure.symbol = symbol
    }

    init(_ name: String, bytes: [UInt8], _ failure: LinkFailure) {
        (self.name, self.bytes, self.failure) = (name, bytes, failure)
    }

    var testDescription: String { name }
}

@Suite struct LinkRejectionTests {
    private static let plain = ElfWriter(code: RiscVEncoding.bytes([RiscVEncoding.ret]))

    private static func changed(_ change: (inout ElfWriter) -> Void) -> ElfWriter {
        var writer = plain
        change(&writer)
        return writer
    }

    private static func code(
        _ words: [UInt32], _ relocations: [WrittenRelocation] = [],
        _ symbols: [WrittenSymbol] = []
    ) -> ElfWriter {
        var writer = ElfWriter(code: RiscVEncoding.bytes(words), relocations: relocations)
        writer.symbols += symbols
        return writer
    }

    private static func text(_ reason: LinkFailure.Reason, _ offset: Int) -> LinkFailure {
        LinkFailure(reason, section: ".text", at: offset)
    }

    static let files: [Refusal] = [
        Refusal("nothing", bytes: [], LinkFailure(.notELF, at: 0)),
        Refusal("text", bytes: Array("not a program".utf8), LinkFailure(.notELF, at: 0)),
        Refusal(
            "32 bits", bytes: [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1], LinkFailure(.notELF, at: 0)),
        Refusal(
            "header cut", bytes: Array(plain.bytes[..<30]), LinkFailure(.truncated, at: 48)),
        Refusal(
            "tables cut", bytes: Array(plain.bytes.dropLast(1)), LinkFailure(.truncated, at: 40)),
        Refusal(
            "shared object", changed { $0.kind = 3 }, LinkFailure(.wrongKind(3), at: 16)),
        Refusal(
            "x86", changed { $0.machine = 62 }, LinkFailure(.notRISCV(machine: 62), at: 18)),
        Refusal(
            "float ABI", changed { $0.flags = 5 }, LinkFailure(.floatingPointABI, at: 48)),
        Refusal(
            "no start", changed { $0.symbols[0].name = "main" }, LinkFailure(.noEntry, at: 24)),
        Refusal(
            "writable code", changed { $0.sections[0].flags = 7 }, text(.unacceptedSection, 0),
            symbol: "_start"),
        Refusal(
            "thread-local data",
            changed {
                $0.sections.append(WrittenSection(name: ".tdata", flags: 0x403, bytes: [1]))
            }, LinkFailure(.unacceptedSection, section: ".tdata", at: 0)),
        Refusal(
            "dynamic section",
            changed {
                $0.sections.append(WrittenSection(name: ".dynamic", kind: 6, flags: 3, bytes: [1]))
            }, LinkFailure(.unacceptedSection, section: ".dynamic", at: 0)),
        Refusal(
            "alignment of two pages",
            changed {
                $0.sections.append(
                    WrittenSection(name: ".data", flags: 3, bytes: [1], alignment: 8192))
            }, LinkFailure(.alignment(8192), section: ".data", at: 0)),
        Refusal(
            "alignment of three",
            changed {
                $0.sections.append(WrittenSection(name: ".data", flags: 3, bytes: [1], alignment: 3))
            }, LinkFailure(.alignment(3), section: ".data", at: 0)),
        Refusal(
            "zeros without end",
            changed {
                $0.sections.append(
                    WrittenSection(name: ".bss", kind: 8, flags: 3, size: .max))
            }, LinkFailure(.tooLarge, section: ".bss", at: 0)),
        Refusal(
            "unknown instruction", code([RiscVEncoding.addi(10, 10, 1), 0xFFFF_FFFF]),
            text(.unknownInstruction(0xFFFF_FFFF), 4), symbol: "_start+4"),
        Refusal(
            "half an instruction",
            changed { $0.sections[0].bytes = [0x67, 0x80] },
            text(.unknownInstruction(0x8067), 0), symbol: "_start"),
        Refusal(
            "atomic addition", code([0x00B5_202F]), text(.unknownInstruction(0x00B5_202F), 0),
            symbol: "_start"),
        Refusal(
            "sixteenth register", code([RiscVEncoding.addi(16, 0, 1)]), text(.register(16), 0),
            symbol: "_start"),
        Refusal(
            "global pointer", code([RiscVEncoding.addi(10, 3, 1)]), text(.register(3), 0),
            symbol: "_start"),
        Refusal(
            "system call", code([0x73]), text(.unacceptedInstruction("ecall"), 0),
            symbol: "_start"),
        Refusal(
            "load into zero", code([RiscVEncoding.typeI(0x03, 3, 0, 10, 0)]),
            text(.unacceptedInstruction("ld into x0"), 0), symbol: "_start"),
        Refusal(
            "auipc alone", code([RiscVEncoding.typeU(0x17, 10, 0)]),
            text(.addressWithoutRelocation, 0), symbol: "_start"),
        Refusal(
            "jump into an instruction", code([RiscVEncoding.jal(0, 6), RiscVEncoding.ret, RiscVEncoding.ret]),
            text(.badTarget, 0), symbol: "_start"),
        Refusal(
            "jump before the code", code([RiscVEncoding.jal(0, -4)]), text(.badTarget, 0),
            symbol: "_start"),
        Refusal(
            "jump to address zero", code([RiscVEncoding.typeI(0x67, 0, 0, 0, 0)]),
            text(.badTarget, 0), symbol: "_start"),
        Refusal(
            "undefined function",
            code(
                [RiscVEncoding.typeU(0x17, 1, 0), RiscVEncoding.typeI(0x67, 0, 1, 1, 0)],
                [WrittenRelocation(offset: 0, type: 19, symbol: 2)],
                [WrittenSymbol(name: "missing", section: 0)]),
            text(.undefined("missing"), 0), symbol: "_start"),
        Refusal(
            "symbol of no table",
            code(
                [RiscVEncoding.typeU(0x37, 5, 0)],
                [WrittenRelocation(offset: 0, type: 26, symbol: 77)]), text(.noSymbol, 0),
            symbol: "_start"),
        Refusal(
            "low part alone",
            code(
                [RiscVEncoding.addi(10, 10, 0)],
                [WrittenRelocation(offset: 0, type: 24, symbol: 1)]),
            text(.lowPartWithoutHigh, 0), symbol: "_start"),
        Refusal(
            "load from code",
            code(
                [RiscVEncoding.typeU(0x37, 5, 0), RiscVEncoding.typeI(0x03, 3, 10, 5, 0)],
                [
                    WrittenRelocation(offset: 0, type: 26, symbol: 1),
                    WrittenRelocation(offset: 4, type: 27, symbol: 1),
                ]), text(.codeAsMemory, 4), symbol: "_start+4"),
        Refusal(
            "thread-local address",
            code(
                [RiscVEncoding.typeU(0x37, 5, 0)],
                [WrittenRelocation(offset: 0, type: 29, symbol: 1)]), text(.relocation(29), 0),
            symbol: "_start"),
        Refusal(
            "address beyond 32 bits",
            code(
                [RiscVEncoding.typeU(0x37, 5, 0)],
                [WrittenRelocation(offset: 0, type: 26, symbol: 2)],
                [WrittenSymbol(name: "far", section: 0xFFF1, value: 1 << 40)]),
            text(.outsideMemory, 0), symbol: "_start"),
        Refusal(
            "distance between two instructions",
            changed {
                $0.symbols.append(WrittenSymbol(name: "end", section: 1))
                $0.sections.append(
                    WrittenSection(
                        name: ".data", flags: 3, bytes: [0, 0, 0, 0],
                        relocations: [
                            WrittenRelocation(offset: 0, type: 35, symbol: 2),
                            WrittenRelocation(offset: 0, type: 39, symbol: 1),
                        ]))
            }, LinkFailure(.relocation(39), section: ".data", at: 0)),
        Refusal(
            "relocation beyond its section",
            changed {
                $0.sections.append(
                    WrittenSection(
                        name: ".data", flags: 3, bytes: [1, 2, 3, 4],
                        relocations: [WrittenRelocation(offset: 2, type: 2, symbol: 1)]))
            }, LinkFailure(.relocation(2), section: ".data", at: 2)),
    ]

    @Test(arguments: files) func theFaultIsNamed(refusal: Refusal) throws {
        let refused = #expect(throws: LinkRefusal.self) {
            try LinkedProgram(linking: refusal.bytes, LinkOptions(), revision: .grayPaper071)
        }
        #expect(refused?.failures == [refusal.failure])
        #expect(!"\(refusal.failure.reason)".isEmpty)
    }

    @Test func theFileThatTheOthersSpoilIsAccepted() throws {
        let linked = try LinkedProgram(
            linking: Self.plain.bytes, LinkOptions(), revision: .grayPaper071)
        #expect(linked.sourceInstructions == 1)
    }

    /// Every prefix of a real file is refused, and none traps.
    @Test func everyPrefixIsRefused() throws {
        let elf = try #require(VectorFiles.read("linker/mixture-executable.elf"))
        for count in stride(from: 0, to: elf.count - 1, by: 37) {
            #expect(throws: LinkRefusal.self) {
                try LinkedProgram(
                    linking: Array(elf[..<count]), LinkOptions(), revision: .grayPaper071)
            }
        }
    }

    /// Every instruction that cannot be translated is told, not only the first.
    @Test func allFaultsAreTold() throws {
        let code = Self.code([
            0x73, RiscVEncoding.addi(17, 0, 1), 0xFFFF_FFFF, RiscVEncoding.jal(0, 2),
            RiscVEncoding.typeU(0x17, 10, 0),
        ])
        let refused = #expect(throws: LinkRefusal.self) {
            try LinkedProgram(linking: code.bytes, LinkOptions(), revision: .grayPaper071)
        }
        let told = refused?.failures.map { "\($0.offset) \($0.symbol) \($0.reason)" }
        #expect(
            told == [
                "4 _start+4 there is no register x17: compile for rv64e",
                "8 _start+8 no instruction 0xffffffff", "0 _start ecall has no translation",
                "12 _start+12 it aims at code where no instruction begins",
                "16 _start+16 auipc without relocation: link with --emit-relocs",
            ])
    }

    @Test func faultsHaveALimit() throws {
        let code = Self.code([UInt32](repeating: 0x73, count: 1_000))
        let refused = #expect(throws: LinkRefusal.self) {
            try LinkedProgram(linking: code.bytes, LinkOptions(), revision: .grayPaper071)
        }
        #expect(refused?.failures.count == 100)
    }

    @Test func aStackOverItsLimitIsRefused() {
        let refused = #expect(throws: LinkRefusal.self) {
            try LinkedProgram(
                linking: Self.plain.bytes, LinkOptions(stackBytes: 1 << 24),
                revision: .grayPaper071)
        }
        #expect(refused?.failures == [LinkFailure(.tooLarge, section: "zeros", at: 0)])
    }
}
