// Runs that did not happen, each named for what is wrong with it: the forger fills all tables as if
// it were right.
import PVM
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct ForgeryTests {
    private static let steps = "steps"

    private func channel(_ run: Run) -> Channel? {
        guard case .channel(let channel, _, _) = run.failure else { return nil }
        return channel
    }

    private func constraint(_ run: Run) -> String? {
        guard case .constraint(_, let name, _) = run.failure else { return nil }
        return name
    }

    private func sum() throws -> Run {
        try Run("add_64 r3, r1, r2\nadd_64 r4, r3, r3\nadd_64 r5, r4, r3\n", [0, 5, 6])
    }

    // Where it begins and ends

    @Test func anotherFirstInstruction() throws {
        var run = try sum()
        run.statement.entry = run.trace.program.pc(of: 1)!
        #expect(run.failure == .boundary(table: Self.steps, name: "entry"))
    }

    @Test func anotherLastInstruction() throws {
        var run = try sum()
        run.statement.end = .before(pc: 0)
        #expect(run.failure == .boundary(table: Self.steps, name: "exit"))
        run.statement.end = .halt
        #expect(run.failure == .boundary(table: Self.steps, name: "exit"))
    }

    @Test func anotherInstructionAtTheEnd() throws {
        var run = try sum()
        run.statement.last = 0
        #expect(run.failure == .boundary(table: Self.steps, name: "exit"))
        run.statement.last = 1
        #expect(run.claimFailure == .unknownLast(pc: 1))
    }

    @Test func noInstructionAtTheEntry() throws {
        var run = try sum()
        run.statement.entry = 1
        #expect(run.claimFailure == .unknownEntry(pc: 1))
        run = try sum()
        run.statement.end = .before(pc: 2)
        #expect(run.claimFailure == .unknownEnd(pc: 2))
    }

    @Test func aStepLeftOut() throws {
        let source = "load_imm r1, 4\nadd_64 r2, r2, r1\nadd_64 r2, r2, r1\n"
        var trace = try Run(source, limit: 2).trace
        (trace.steps[1].position, trace.steps[1].next, trace.runs[0].exit) = (2, 3, 3)
        (trace.uses[1], trace.uses[2]) = (0, 1)
        #expect(constraint(Run(trace)) == "order")
    }

    @Test func anotherProgram() throws {
        var run = try sum()
        run.statement.program = TestState.digest(7)
        #expect(run.claimFailure == .wrongProgram)
    }

    // Registers

    @Test func aRegisterAsItWasBefore() throws {
        var trace = try Run("load_imm r1, 9\nmove_reg r2, r1\n", [0, 5]).trace
        trace.steps[1].first = 5
        trace.steps[1].result = 5
        trace.runs[0].registers[2] = 5
        #expect(channel(Run(trace)) == .cells)
        // With the clock of that value too.
        trace.steps[1].clocks.first = 0
        #expect(channel(Run(trace)) == .cells)
    }

    @Test func aRegisterFromTheFuture() throws {
        var trace = try Run("move_reg r2, r1\nload_imm r1, 9\n", [0, 5]).trace
        let later = UInt32(Layout.clockBase) | 1 << 2 | 2
        trace.steps[0].first = 9
        trace.steps[0].result = 9
        trace.steps[0].clocks.first = later
        trace.steps[1].old = 5
        trace.steps[1].clocks.result = 0
        trace.runs[0].registers[2] = 9
        #expect(constraint(Run(trace)) == "clocks")
    }

    @Test func aRegisterOfTheStateBefore() throws {
        var run = try sum()
        run.disclosure.registers[1].old = 4
        #expect(channel(run) == .cells)
    }

    @Test func theZeroIsNotZero() throws {
        var run = try sum()
        run.disclosure.registers[13].new = 1
        #expect(run.claimFailure == .registers)
    }

    // Memory

    private func store(_ address: Int, _ value: UInt64, writable: Bool) throws -> Run {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 4096, isWritable: writable)
        return try Run(
            "store_ind_u64 r2, r1, 0\n", [0, UInt64(address), value], memory: memory)
    }

    /// The value is new, and then the one that is there already.
    @Test(arguments: [3, 0] as [UInt64]) func aStoreToAPageThatIsOnlyRead(value: UInt64) throws {
        #expect(try store(0x20000, value, writable: false).trace.stepCount == 0)
        var run = try store(0x20000, value, writable: true)
        #expect(run.failure == nil)
        run.disclosure.cells[0].isReadOnly = true
        if value != 0 {
            #expect(run.claimFailure == .cell(address: 0x4000))
            run.disclosure.cells[0].new = 0
        }
        #expect(channel(run) == .cells)
        let bit = UInt64(1) << UInt64(MemoryTable.readOnlyPlace)
        run.witnesses[TableKind.memory.rawValue][MemoryColumn.lanes.rawValue, 0] |= bit
        #expect(constraint(run) == "details")
    }

    /// The second half of a store that crosses from a page that can be written to one that cannot.
    @Test func aStoreThatCrossesIntoAPageThatIsOnlyRead() throws {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 8192, isWritable: true)
        var run = try Run("store_ind_u64 r2, r1, 0\n", [0, 0x20FFC, 3], memory: memory)
        #expect(run.failure == nil)
        run.disclosure.cells[1].isReadOnly = true
        #expect(channel(run) == .cells)
        let bit = UInt64(2) << UInt64(MemoryTable.readOnlyPlace)
        run.witnesses[TableKind.memory.rawValue][MemoryColumn.lanes.rawValue, 0] |= bit
        #expect(constraint(run) == "details")
    }

    @Test func anAccessOneWordPastAWindow() throws {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 8192, isWritable: true)
        var run = try Run("load_ind_u64 r2, r1, 0\n", [0, 0x21000], memory: memory)
        #expect(run.failure == nil)
        run.disclosure.cells = []
        #expect(channel(run) == .cells)
    }

    @Test func anAccessBelowTheFirstPage() throws {
        var run = try store(0x20000, 3, writable: true)
        run.disclosure.cells[0].address = 0x1FFF
        #expect(run.claimFailure == .cell(address: 0x1FFF))
    }

    @Test func aLoadOfAnotherCell() throws {
        var trace = try Run("load_ind_u64 r2, r1, 0\n", [0, 0x20000], memory: .small).trace
        trace.accesses[0].address += 8
        trace.runs[0].cells[0].address += 1
        #expect(channel(Run(trace)) == .access)
    }

    @Test func aTouchedWordTwice() throws {
        var run = try store(0x20000, 3, writable: true)
        run.disclosure.cells.append(run.disclosure.cells[0])
        #expect(run.claimFailure == .cell(address: 0x4000))
    }

    @Test func aStoreThatChangesItsNeighbour() throws {
        var run = try Run(
            "store_ind_u8 r2, r1, 0\n", [0, 0x20000, 3], memory: .small)
        let kind = TableKind.memory.rawValue
        run.witnesses[kind][MemoryColumn.change0.rawValue, 0] ^= 1 << 8
        run.disclosure.cells[0].new ^= 1 << 8
        #expect(constraint(run) == "first change")
    }

    @Test func aStoreThatChangesNothing() throws {
        var run = try store(0x20000, 3, writable: true)
        let kind = TableKind.memory.rawValue
        run.witnesses[kind][MemoryColumn.change0.rawValue, 0] = 0
        run.disclosure.cells[0].new = run.disclosure.cells[0].old
        #expect(constraint(run) == "first cell")
    }

    @Test func aLoadThatStores() throws {
        var trace = try Run("load_ind_u64 r2, r1, 0\n", [0, 0x20000], memory: .small).trace
        trace.accesses[0].cell0.value ^= 1
        trace.runs[0].cells[0].value ^= 1
        var run = Run(trace)
        let kind = TableKind.memory.rawValue
        run.witnesses[kind][MemoryColumn.change0.rawValue, 0] = 1
        #expect(constraint(run) == "loads change nothing")
    }

    // Control

    @Test func aJumpWhereNoneMayGo() throws {
        // `fallthrough`, then a jump by one byte: into itself.
        let blob = ProgramBlob(
            jumpTable: [], code: [1, 40, 1], starts: [true, true, false])
        let program = Program(blob, revision: .grayPaper071)
        var run = try Run(program, [], memory: Memory())
        #expect(run.trace.stepCount == 1)
        var trace = run.trace
        let provable = trace.program
        let target = try #require(provable.plans[1]).target
        #expect(target == ProvableProgram.panicPosition)
        var step = trace.steps[0]
        (step.position, step.next, trace.runs[0].exit) = (1, target, 1)
        step.clocks.first = trace.runs[0].registerClocks[13]
        let base = UInt32(Layout.clockBase) | 1 << 2
        (step.clocks.second, step.clocks.result) = (base, base | 1)
        trace.runs[0].registerClocks[13] = base | 2
        trace.steps.append(step)
        trace.runs[0].stepCount = 2
        trace.uses[1] = 1
        run = Run(trace)
        #expect(run.failure == .boundary(table: Self.steps, name: "exit"))
        // Nor may it go elsewhere.
        trace.steps[1].next = 0
        trace.runs[0].exit = 0
        #expect(constraint(Run(trace)) == "progress")
    }

    @Test func anIndirectJumpWhereNoneMayGo() throws {
        let source = """
            .table a
            load_imm_jump_ind r1, r0, 5, 2
            a: trap
            """
        var trace = try Run(source).trace
        #expect(Run(trace).failure == nil)
        trace.jumps[0].target = 0
        (trace.steps[0].next, trace.runs[0].exit) = (0, 0)
        #expect(channel(Run(trace)) == .jumpTable)
        trace.jumps[0].address = 6
        #expect(channel(Run(trace)) == .jump)
        var run = Run(trace)
        run.disclosure.jumps = [Disclosure.Use(place: 6, count: 1)]
        #expect(run.claimFailure == .jump(address: 6))
    }

    @Test func aTrapThatIsPassed() throws {
        var run = try sum()
        run.disclosure.instructions.append(Disclosure.Use(place: 3, count: 1))
        #expect(run.claimFailure == .instruction(position: 3))
    }

    @Test func anInstructionThatIsNotInTheProgram() throws {
        var run = try sum()
        let kind = TableKind.steps.rawValue
        let column = StepColumn.plan.rawValue
        // A subtraction in place of the sum.
        run.witnesses[kind][column, 0] ^= Flag.subtracts.mask
        #expect(run.failure != nil)
        // An instruction whose result nothing decides.
        run = try sum()
        run.witnesses[kind][column, 0] ^= Flag.sum64.mask
        #expect(channel(run) == .program)
    }

    // Counters

    @Test func anInstructionWithoutUses() throws {
        var run = try sum()
        run.disclosure.instructions[0].count = 0
        #expect(run.claimFailure == .instruction(position: 0))
        run = try sum()
        run.disclosure.instructions[0].count = 2
        #expect(run.claimFailure == .uses)
        run.disclosure.instructions.removeLast()
        run.statement.gas = 2
        #expect(run.claimFailure != nil || channel(run) == .program)
    }

    @Test func aCounterThatStaysZero() throws {
        var trace = try Run("x: jump x\n", limit: 2).trace
        trace.steps[1].uses = 0
        #expect(channel(Run(trace)) == .program)
    }

    @Test func gasOneLess() throws {
        var run = try sum()
        #expect(run.statement.gas == 3)
        run.statement.gas -= 1
        #expect(run.claimFailure == .gas)
    }

    @Test func stepsOneLess() throws {
        var run = try sum()
        run.statement.steps -= 1
        #expect(run.claimFailure == .steps)
        run.disclosure.rows[0] -= 1
        #expect(run.claimFailure == .uses || run.claimFailure == .gas)
    }

    @Test func moreRowsThanATableMayHave() throws {
        var run = try sum()
        run.disclosure.rows[TableKind.bits.rawValue] = 1 << 17
        #expect(run.claimFailure == .rows(table: "bits"))
        run = try sum()
        run.disclosure.rows[TableKind.partial.rawValue] = 8
        #expect(run.claimFailure == .rows(table: "partial"))
    }

    // The host

    private func calls() throws -> Run {
        try Run("ecalli 1\necalli 0\n", [0, 0, 0, 0, 0, 0, 0, 4], answers: [4, 9])
    }

    @Test func anotherAnswerOfTheHost() throws {
        var run = try calls()
        #expect(run.failure == nil)
        run.statement.events[1].after = 8
        #expect(channel(run) == .host)
    }

    @Test func aCallLeftOutOrMadeUp() throws {
        var run = try calls()
        run.statement.events.removeLast()
        #expect(channel(run) == .host)
        run = try calls()
        run.statement.events[1].step = 0
        #expect(run.claimFailure == .event(step: 0))
        run = try calls()
        run.statement.events[1].step = 2
        #expect(run.claimFailure == .event(step: 2))
    }

    @Test func callsInAnotherOrder() throws {
        var run = try calls()
        run.statement.events = run.statement.events.reversed()
        #expect(run.claimFailure == .event(step: 0))
        run.statement.events[0].step = 0
        run.statement.events[1].step = 1
        #expect(channel(run) == .host)
    }
}
