// Addresses: of functions, of data, in tables and in slots, each as the program must find it.
import PVM
import Testing

@testable import Linker

@Suite struct AddressTests {
    private static let text: UInt16 = 1
    private static let data: UInt16 = 2

    /// Code whose first section is `words`, with data behind it and these symbols after `_start`.
    private static func linked(
        _ words: [UInt32], _ relocations: [WrittenRelocation], _ data: WrittenSection,
        _ symbols: [WrittenSymbol]
    ) throws(LinkRefusal) -> LinkedProgram {
        var writer = ElfWriter(code: RiscVEncoding.bytes(words), relocations: relocations)
        writer.sections.append(data)
        writer.symbols += symbols
        return try LinkedProgram(
            linking: writer.bytes, LinkOptions(), revision: .grayPaper071)
    }

    private static func run(_ linked: LinkedProgram) throws -> Machine {
        #expect(linked.program.program.faults.isEmpty)
        var machine = try linked.program.machine(input: [], pc: 0, gas: 1_000)
        #expect(machine.run() == .halt)
        return machine
    }

    @Test func registersOfTheEmbeddedFileAreInOrder() {
        let accepted: [UInt8] = [1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        #expect(accepted.map(Words.register) == Array(0..<13))
    }

    /// lui, then a load, a store and an addition that end the address.
    @Test func absoluteAddressesOfData() throws {
        let data = WrittenSection(
            name: ".data", flags: 3, bytes: [UInt8](repeating: 0, count: 2_048) + [7, 0, 0, 0])
        let linked = try Self.linked(
            [
                RiscVEncoding.typeU(0x37, 5, 0), RiscVEncoding.typeI(0x03, 2, 10, 5, 0),
                RiscVEncoding.typeU(0x37, 6, 0), RiscVEncoding.addi(11, 6, 0),
                RiscVEncoding.typeU(0x37, 5, 0), RiscVEncoding.typeS(2, 5, 11, 0),
                RiscVEncoding.ret,
            ],
            [
                WrittenRelocation(offset: 0, type: 26, symbol: 2),
                WrittenRelocation(offset: 4, type: 27, symbol: 2),
                WrittenRelocation(offset: 8, type: 26, symbol: 2),
                WrittenRelocation(offset: 12, type: 27, symbol: 2),
                WrittenRelocation(offset: 16, type: 26, symbol: 2),
                WrittenRelocation(offset: 20, type: 28, symbol: 2),
            ], data, [WrittenSymbol(name: "seven", section: Self.data, value: 2_048)])
        let machine = try Self.run(linked)
        #expect(machine[register: 7] == 7)
        #expect(machine[register: 8] == 0x20800)
        #expect(machine.memory.read(0x20800, count: 4) == [0, 8, 2, 0])
    }

    /// A pointer to a function in data, called through a load; the function is behind the end.
    @Test func functionPointersGoThroughTheTable() throws {
        let data = WrittenSection(
            name: ".data", flags: 3, bytes: [UInt8](repeating: 0, count: 8), alignment: 8,
            relocations: [WrittenRelocation(offset: 0, type: 2, symbol: 3)])
        let linked = try Self.linked(
            [
                RiscVEncoding.addi(8, 1, 0),
                RiscVEncoding.typeU(0x17, 5, 0), RiscVEncoding.typeI(0x03, 3, 5, 5, 0),
                RiscVEncoding.typeI(0x67, 0, 1, 5, 0), RiscVEncoding.addi(10, 10, 1),
                RiscVEncoding.addi(1, 8, 0), RiscVEncoding.ret,
                RiscVEncoding.addi(10, 0, 41), RiscVEncoding.ret,
            ],
            [
                WrittenRelocation(offset: 4, type: 23, symbol: 2),
                WrittenRelocation(offset: 8, type: 24, symbol: 4),
            ], data,
            [
                WrittenSymbol(name: "pointer", section: Self.data),
                WrittenSymbol(name: "callee", section: Self.text, value: 28),
                WrittenSymbol(name: ".L0", section: Self.text, value: 4, mark: 0),
            ])
        let machine = try Self.run(linked)
        #expect(machine[register: 7] == 42)
        #expect(linked.program.program.blob.jumpTable.count == 2)
        #expect(machine.memory.read(0x20000, count: 8)?.first == 4)
    }

    /// The address of a function by way of a slot among the constants.
    @Test func slotsHoldAddresses() throws {
        let data = WrittenSection(name: ".rodata", bytes: [1, 2, 3])
        let linked = try Self.linked(
            [
                RiscVEncoding.typeU(0x17, 5, 0), RiscVEncoding.typeI(0x03, 3, 10, 5, 0),
                RiscVEncoding.typeI(0x03, 4, 11, 10, 1), RiscVEncoding.ret,
            ],
            [
                WrittenRelocation(offset: 0, type: 20, symbol: 2),
                WrittenRelocation(offset: 4, type: 24, symbol: 3),
            ], data,
            [
                WrittenSymbol(name: "constant", section: Self.data),
                WrittenSymbol(name: ".L0", section: Self.text, mark: 0),
            ])
        let machine = try Self.run(linked)
        #expect(machine[register: 7] == 0x10000)
        #expect(machine[register: 8] == 2)
        #expect(linked.program.parts.readOnly == [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    }

    /// A table of distances from itself, as compilers make of `switch`.
    @Test func distancesFromATableToCode() throws {
        let data = WrittenSection(
            name: ".rodata", bytes: [0, 0, 0, 0],
            relocations: [
                WrittenRelocation(offset: 0, type: 35, symbol: 3),
                WrittenRelocation(offset: 0, type: 39, symbol: 2),
            ])
        let linked = try Self.linked(
            [
                RiscVEncoding.typeU(0x37, 5, 0), RiscVEncoding.addi(5, 5, 0),
                RiscVEncoding.typeI(0x03, 2, 6, 5, 0),
                RiscVEncoding.typeR(0x33, (0, 0), (6, 6, 5)),
                RiscVEncoding.typeI(0x67, 0, 0, 6, 0), RiscVEncoding.ebreak,
                RiscVEncoding.addi(10, 0, 9), RiscVEncoding.ret,
            ],
            [
                WrittenRelocation(offset: 0, type: 26, symbol: 2),
                WrittenRelocation(offset: 4, type: 27, symbol: 2),
            ], data,
            [
                WrittenSymbol(name: "table", section: Self.data),
                WrittenSymbol(name: ".case", section: Self.text, value: 24, mark: 0),
            ])
        #expect(try Self.run(linked)[register: 7] == 9)
    }

    /// Constants, data and zeros stand where the standard program has them, zeros unstored.
    @Test func sectionsAreLaidOutByKind() throws {
        var writer = ElfWriter(code: RiscVEncoding.bytes([RiscVEncoding.ret]))
        writer.sections += [
            WrittenSection(name: ".bss", kind: 8, flags: 3, size: 9_000, alignment: 16),
            WrittenSection(name: ".data", flags: 3, bytes: [1, 0, 0, 0]),
            WrittenSection(name: ".rodata", bytes: [UInt8](repeating: 5, count: 70_000)),
            WrittenSection(name: ".eh_frame", bytes: [9, 9, 9, 9]),
            WrittenSection(name: ".comment", flags: 0, bytes: [8]),
        ]
        let linked = try LinkedProgram(
            linking: writer.bytes, LinkOptions(stackBytes: 100, heapPages: 2),
            revision: .grayPaper071)
        let places = linked.sections.dropFirst().map { "\($0.name) \($0.address) \($0.size)" }
        #expect(places == [".rodata 65536 70000", ".data 262144 4", ".bss 262160 9000"])
        #expect(linked.program.parts.readWrite == [1])
        #expect(linked.program.parts.heapPages == 2 + 2)
        #expect(linked.program.readWriteAddresses.count == 5 * Memory.pageBytes)
    }

    /// A call and the return behind it, and a tail call.
    @Test func callsAreJoined() throws {
        let linked = try Self.linked(
            [
                RiscVEncoding.addi(8, 1, 0),
                RiscVEncoding.typeU(0x17, 1, 0), RiscVEncoding.typeI(0x67, 0, 1, 1, 0),
                RiscVEncoding.addi(1, 8, 0),
                RiscVEncoding.typeU(0x17, 6, 0), RiscVEncoding.typeI(0x67, 0, 0, 6, 0),
                RiscVEncoding.addi(10, 10, 1), RiscVEncoding.ret,
            ],
            [
                WrittenRelocation(offset: 4, type: 19, symbol: 2),
                WrittenRelocation(offset: 16, type: 19, symbol: 2),
            ], WrittenSection(name: ".rodata"),
            [WrittenSymbol(name: "increment", section: Self.text, value: 24)])
        let machine = try Self.run(linked)
        #expect(machine[register: 7] == 0xFEFF_0000 + 2)
        let names = linked.program.program.instructions.map(\.specification.name)
        #expect(names.contains("load_imm_jump") && names.filter { $0 == "jump" }.count == 2)
    }
}
