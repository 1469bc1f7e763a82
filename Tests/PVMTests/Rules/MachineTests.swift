// How a machine stops and goes on: gas, page faults, host calls, jumps, and the heap.
import PVM
import Testing

@Suite struct MachineTests {
    private func machine(
        _ text: String, registers: [UInt64] = [], gas: UInt64 = 1000
    ) throws -> Machine {
        let assembly = try Assembly(text, revision: .grayPaper071)
        return Machine(
            Program(assembly.blob, revision: .grayPaper071), memory: Memory(),
            registers: registers, pc: 0, gas: gas)
    }

    private static let loop = """
        again: add_imm_64 r1, r1, 1
        store_u64 r1, 0x20000
        branch_lt_u_imm r1, 20, again
        jump_ind r0, 0
        """

    @Test func gasEndsBetweenBlocksAndTheRunGoesOn() throws {
        var whole = try machine(Self.loop, registers: [0xFFFF_0000])
        try whole.memory.map(address: 0x20000, length: 8, isWritable: true)
        let start = whole
        #expect(whole.run() == .halt)
        let used = start.gas - whole.gas
        #expect(used == 61)
        for gas in 0..<used {
            var cut = start
            cut.gas = gas
            #expect(cut.run() == .outOfGas)
            #expect(cut.gas < 3)
            #expect(cut.pc == 0 || cut[register: 1] == 20)
            let stored = try #require(cut.memory.read(0x20000, count: 1))
            #expect(UInt64(stored[0]) == cut[register: 1])
            #expect(cut.run() == .outOfGas)
            cut.gas += used - gas
            #expect(cut.run() == .halt)
            #expect(cut.registers == whole.registers)
            #expect(cut.memory == whole.memory)
            #expect(cut.gas == 0)
        }
    }

    @Test func stepsCutAnywhereEndAlike() throws {
        var whole = try machine(Self.loop, registers: [0xFFFF_0000])
        try whole.memory.map(address: 0x20000, length: 8, isWritable: true)
        let start = whole
        #expect(whole.run() == .halt)
        for count in 0..<61 {
            var cut = start
            var limit = StepLimit(count)
            #expect(cut.run(observing: &limit) == nil)
            #expect(cut.run() == .halt)
            #expect(cut.registers == whole.registers)
            #expect(cut.gas == whole.gas)
        }
    }

    @Test func aPageFaultChangesNothingAndIsPaidOnce() throws {
        var machine = try machine(
            "store_ind_u64 r1, r2, 0\nload_imm r3, 5\njump_ind r0, 0",
            registers: [0xFFFF_0000, .max, 0x20FFC])
        try machine.memory.map(address: 0x20000, length: 1, isWritable: true)
        let before = machine.memory
        #expect(machine.run() == .pageFault(address: 0x21000))
        #expect(machine.memory == before)
        #expect(machine.pc == 0)
        #expect(machine.gas == 997)
        try machine.memory.map(address: 0x21000, length: 1, isWritable: false)
        #expect(machine.run() == .pageFault(address: 0x21000))
        try machine.memory.map(address: 0x22000, length: 1, isWritable: true)
        machine[register: 2] = 0x22000
        #expect(machine.run() == .halt)
        #expect(machine.gas == 997)
        #expect(machine.memory.read(0x22000, count: 8) == [UInt8](repeating: 255, count: 8))
    }

    @Test(arguments: [
        (0, Exit.panic), (0xFFFF, .panic), (0x10000, .pageFault(address: 0x10000)),
        (0x1_0000_FFFF, .panic), (0x1_0001_0000, .pageFault(address: 0x10000)),
        (0xFFFF_FFFD, .pageFault(address: 0xFFFF_F000)), (.max, .pageFault(address: 0xFFFF_F000)),
    ] as [(UInt64, Exit)])
    func addressesThatAreNot(address: UInt64, exit: Exit) throws {
        var machine = try machine("load_ind_u32 r1, r2, 0", registers: [0, 0, address])
        #expect(machine.run() == exit)
    }

    @Test func anAccessBeyondTheEndComesToAddressZero() throws {
        var machine = try machine("load_ind_u32 r1, r2, 0", registers: [0, 0, 0xFFFF_FFFD])
        try machine.memory.map(address: 0xFFFF_F000, length: 4096, isWritable: true)
        #expect(machine.run() == .panic)
        #expect(machine[register: 1] == 0)
    }

    @Test func aHostCallIsResumedBehindIt() throws {
        var machine = try machine("ecalli 7\nadd_imm_64 r1, r1, 1\necalli -1\njump_ind r0, 0")
        machine[register: 0] = 0xFFFF_0000
        #expect(machine.run() == .hostCall(7))
        #expect(machine.pc == 0)
        #expect(machine[register: 1] == 0)
        machine[register: 1] = 40
        #expect(machine.run() == .hostCall(.max))
        #expect(machine[register: 1] == 41)
        #expect(machine.run() == .halt)
        #expect(machine.run() == .halt)
        #expect(machine.gas == 996)
    }

    @Test(arguments: [0, 1, 3, 6, 0xFFFF_0001] as [UInt64])
    func indirectJumpsThatMayNotBe(address: UInt64) throws {
        var machine = try machine(
            ".table good, bad\ngood: jump_ind r1, 0\nmove_reg r1, r1\nbad: trap",
            registers: [0, address])
        #expect(machine.run() == .panic)
        #expect(machine.pc == 0)
    }

    @Test func aJumpIntoABlockPanicsWhereItStands() throws {
        var machine = try machine("move_reg r1, r1\ninner: move_reg r1, r1\njump inner")
        #expect(machine.run() == .panic)
        #expect(machine.pc == 4)
        #expect(machine.gas == 997)
    }

    @Test func theHeapGrowsToItsLimit() throws {
        let text = ".heap 1\n.stack 4096\nsbrk r3, r1\nsbrk r4, r1\nsbrk r5, r2\njump_ind r0, 0"
        let program = try StandardProgram(
            Assembly(text, revision: .grayPaper071).parts, revision: .grayPaper071)
        var machine = try program.machine(input: [], pc: 0, gas: 100)
        machine[register: 1] = 5000
        machine[register: 2] = .max
        #expect(machine.run() == .halt)
        #expect(machine[register: 3] == 0x21000)
        #expect(machine[register: 4] == 0x21000 + 5000)
        #expect(machine[register: 5] == 0)
        #expect(machine.memory.read(0x21000, count: 10_000) != nil)
        #expect(machine.memory.read(0x24000, count: 1) == nil)
    }
}
