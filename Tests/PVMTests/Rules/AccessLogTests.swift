// Accesses are noted piece by piece, and one to an unknown piece stops the machine unchanged.
import PVM
import TestSupport
import Testing

@Suite struct AccessLogTests {
    private func machine(_ source: String) throws -> Machine {
        let text = ".heap 1\n.stack 4096\n" + source + "\n trap"
        let parts = try Assembly(text, revision: .grayPaper071).parts
        let program = try StandardProgram(parts, revision: .grayPaper071)
        return try program.machine(
            windows: program.initialWindows,
            registers: [0, UInt64(program.stackAddresses.upperBound)], pc: 0, gas: 1_000)
    }

    /// Source, and the pieces of 64 bytes that it touches: 64 of the heap, then 64 of the stack.
    @Test(arguments: [
        ("load_imm r2, 1", []), ("load_u8 r2, 0x20000", [0]), ("store_u64 r2, 0x2003f", [0, 1]),
        ("load_u64 r2, 0x20038\n store_u8 r2, 0x20fff", [0, 63]),
        ("store_ind_u64 r2, r1, -8", [127]), ("load_ind_u8 r2, r1, -4096", [64]),
    ] as [(String, [Int])])
    func pieces(source: String, pieces: [Int]) throws {
        var machine = try machine(source)
        machine.memory.startLog()
        #expect(machine.run() == .panic)
        #expect(machine.memory.accessLog?.pieces == pieces)
        #expect(machine.memory.accessLog?.missing == nil)
    }

    @Test func anUnknownPieceStopsTheMachine() throws {
        var machine = try machine("store_u64 r1, 0x20000\n store_u64 r1, 0x2007c")
        machine.memory.startLog { $0 < 2 }
        let before = machine.memory.read(0x2007C, count: 4)
        #expect(machine.run() == .pageFault(address: 0x20000))
        #expect(machine.memory.accessLog?.missing == 2)
        #expect(machine.memory.read(0x2007C, count: 4) == before)
        machine.memory.startLog()
        #expect(machine.run() == .panic)
        #expect(machine.memory.accessLog?.pieces == [1, 2])
    }

    @Test func stepsBehindACallAreKnown() throws {
        var machine = try machine("add_imm_64 r2, r2, 1\n ecalli 7\n add_imm_64 r2, r2, 1")
        #expect(machine.run() == .hostCall(7))
        #expect(machine.gas == 1_000 - 4 && machine.prepaidGas == 3)
        let following = machine.followingPC
        #expect(machine.run() == .panic)
        #expect(machine.prepaidGas == 1 && following > 0 && following < machine.pc)
        #expect(machine.registers[2] == 2)
    }
}
