// A program that a compiler made of many things ends as it does elsewhere.
import PVM
import Primitives
import TestSupport
import Testing

@testable import Linker

@Suite struct MixtureTests {
    /// What qemu 7.2 prints for `Tests/Vectors/linker/mixture.c`.
    private static let expected: UInt64 = 0x03A1_3A10_87BA_FE92

    @Test(arguments: ["executable", "plain", "relocatable"])
    func theResultIsThatOfQemu(name: String) throws {
        let elf = try #require(VectorFiles.read("linker/mixture-\(name).elf"))
        let linked = try LinkedProgram(linking: elf, LinkOptions(), revision: .grayPaper071)
        #expect(linked.program.program.faults.isEmpty)
        #expect(linked.functions.contains { $0.name == "main" })
        var machine = try linked.program.machine(input: [], pc: 0, gas: 100_000_000)
        #expect(machine.run() == .hostCall(1))
        #expect(machine[register: 7] == Self.expected)
        #expect(machine.run() == .hostCall(3))
        #expect(machine[register: 7] == 0)
    }

    /// Every operation of registers on edge operands: see `Tests/Vectors/linker/operations.c`.
    @Test func everyOperationIsThatOfQemu() throws {
        let elf = try #require(VectorFiles.read("linker/operations.elf"))
        let rows = try #require(VectorFiles.read("linker/operations.hex"))
        let linked = try LinkedProgram(linking: elf, LinkOptions(), revision: .grayPaper071)
        var machine = try linked.program.machine(input: [], pc: 0, gas: 100_000_000)
        var number = 0
        for row in rows.split(separator: 0x0A) {
            number += 1
            let expected = Hex.decode(String(decoding: row, as: UTF8.self))
            #expect(machine.run() == .hostCall(1))
            let found = machine[register: 7]
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: found >> UInt64(8 * $0)) }
            #expect(bytes == expected, "row \(number)")
        }
        #expect(number == 70)
        #expect(machine.run() == .hostCall(3))
    }
}
