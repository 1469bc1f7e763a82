// Runs a program and records each step: an interpreter of its own, made to be told what it did.
import PVM

/// Memory as the recorder sees it: cells taken from the pages when they are first touched.
struct CellMap {
    private(set) var cells: [CellRecord] = []
    private let memory: Memory
    /// Of values that no step has touched.
    private let initialClock: UInt32
    /// Open addressing: one more than the index of a cell, 0 where there is none.
    private var slots: [UInt32]

    init(_ memory: Memory, initialClock: UInt32) {
        (self.memory, self.initialClock) = (memory, initialClock)
        slots = [UInt32](repeating: 0, count: 1 << 10)
    }

    /// The index of the cell, nil where it is not accessible so.
    ///
    /// - Parameter address: in units of eight bytes.
    mutating func find(_ address: UInt32, writing: Bool) -> Int? {
        var place = slot(of: address)
        while slots[place] != 0 {
            let index = Int(slots[place]) - 1
            if cells[index].address == address {
                return writing && cells[index].isReadOnly ? nil : index
            }
            place = (place + 1) & (slots.count - 1)
        }
        return insert(address, writing: writing)
    }

    private func slot(of address: UInt32) -> Int {
        Int((UInt64(address) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
    }

    private mutating func insert(_ address: UInt32, writing: Bool) -> Int? {
        let page = Int(address) * 8 / Memory.pageBytes
        guard memory.slot(of: page, writing: writing) != nil,
            let bytes = memory.read(address << 3, count: 8)
        else { return nil }
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let isReadOnly = memory.slot(of: page, writing: true) == nil
        cells.append(
            CellRecord(
                address: address, isReadOnly: isReadOnly, old: value, value: value,
                clock: initialClock))
        if cells.count * 2 > slots.count {
            slots = [UInt32](repeating: 0, count: slots.count * 2)
            rehash(from: 0)
        } else {
            rehash(from: cells.count - 1)
        }
        return cells.count - 1
    }

    private mutating func rehash(from first: Int) {
        for index in first..<cells.count {
            var place = slot(of: cells[index].address)
            while slots[place] != 0 {
                if Int(slots[place]) == index + 1 { break }
                place = (place + 1) & (slots.count - 1)
            }
            slots[place] = UInt32(index + 1)
        }
    }

    /// Notes a use, and gives the state before it.
    mutating func use(_ index: Int, adding change: UInt64, clock: UInt32) -> AccessRecord.CellUse {
        let cell = cells[index]
        cells[index].value ^= change
        cells[index].clock = clock
        return AccessRecord.CellUse(
            value: cell.value, clock: cell.clock, isReadOnly: cell.isReadOnly)
    }

    func value(_ index: Int) -> UInt64 { cells[index].value }
}

extension Trace {
    /// Runs from `entry` until something ends the trace.
    ///
    /// - Parameters:
    ///   - registers: at most 13; those not given are zero.
    ///   - entry: position of an instruction.
    ///   - limit: steps, at most `mostSteps`.
    ///   - host: gets the number of a call and register 7, and gives register 7 after it, or nil
    ///     to end the trace before the call.
    public init(
        of program: ProvableProgram, memory: Memory, registers: [UInt64], entry: UInt32,
        limit: Int, host: (_ number: UInt32, _ register: UInt64) -> UInt64?
    ) {
        self.program = program
        uses = [UInt32](repeating: 0, count: program.plans.count)
        jumpUses = [UInt32](repeating: 0, count: program.program.jumps.count + 1)
        run = TracedRun(first: 0, entry: entry, registers: [])
        steps.reserveCapacity(min(limit, 1 << 14))
        append(memory: memory, registers: registers, entry: entry, limit: limit, host: host)
    }

    /// Runs the program once more, from another state, to be proven with the runs before. What came
    /// of it is `run`; it is one of `runs` if it made a step.
    ///
    /// - Parameters: as above; together with the runs before, at most `mostSteps` are made.
    public mutating func append(
        memory: Memory, registers: [UInt64], entry: UInt32, limit: Int,
        host: (_ number: UInt32, _ register: UInt64) -> UInt64?
    ) {
        precondition(registers.count <= Machine.registerCount, "a machine has 13 registers")
        precondition(Int(entry) < program.plans.count, "a position of the program")
        let first = steps.count
        run = TracedRun(first: first, entry: entry, registers: registers)
        var map = CellMap(memory, initialClock: TracedRun.initialClock(first, of: .memory))
        let end = min(first + limit, Self.mostSteps)
        while steps.count < end {
            guard let plan = program.plans[Int(run.exit)], take(plan, &map, host) else {
                run.end = .stopped
                break
            }
            guard run.exit != ProvableProgram.haltPosition else {
                run.end = .halt
                break
            }
        }
        run.cells = map.cells
        run.stepCount = steps.count - first
        keepRun()
    }

    /// Steps that one proof can have.
    public static let mostSteps = 1 << Layout.rowBits

    /// Takes one step; false, with nothing changed but unused cells, where no proof goes by it.
    private mutating func take(
        _ plan: StepPlan, _ map: inout CellMap, _ host: (UInt32, UInt64) -> UInt64?
    ) -> Bool {
        let step = program.program.steps[Int(run.exit)]
        let (first, second) = (
            run.registers[plan.firstRegister], run.registers[plan.secondRegister]
        )
        let old = run.registers[plan.resultRegister]
        let left = run.registers[Int(step.a)] &+ step.x
        let right = run.registers[cell(step.b)] &+ step.y
        var next = run.exit + 1
        var result = old
        switch step.kernel {
        case .call:
            guard let after = host(UInt32(truncatingIfNeeded: step.x), first) else { return false }
            result = after
            run.events.append(
                HostEvent(
                    step: UInt32(steps.count - run.first),
                    number: UInt32(truncatingIfNeeded: step.x), before: first, after: after))
        case .pass: break
        case .jump:
            (next, result) = (plan.target, step.d == Cell.sink ? old : right)
        case .jumpIndirect:
            let address = UInt32(truncatingIfNeeded: left)
            guard let target = program.target(of: address) else { return false }
            (next, result) = (target, step.d == Cell.sink ? old : right)
            record(jumpTo: address, target)
        case let kernel where kernel.isBranch:
            if Operation.isTaken(kernel, left, right) { next = plan.target }
        case let kernel where kernel.accessWidth > 0:
            guard let value = access(plan, kernel, left, right, &map) else { return false }
            if kernel.isLoad { result = value }
        default: result = Operation.result(step.kernel, left, right, old)
        }
        guard next != ProvableProgram.panicPosition else { return false }
        append(plan, next, (first, second, old, result))
        return true
    }

    /// A register, where the sink, which is never read, is the zero.
    private func cell(_ cell: UInt8) -> Int { Int(min(cell, Cell.zero)) }

    private mutating func append(
        _ plan: StepPlan, _ next: UInt32,
        _ values: (first: UInt64, second: UInt64, old: UInt64, result: UInt64)
    ) {
        let base = UInt32(Layout.clockBase) | UInt32(steps.count) << 2
        func use(_ register: Int, _ slot: UInt64) -> UInt32 {
            defer { run.registerClocks[register] = base | UInt32(slot) }
            return run.registerClocks[register]
        }
        let clocks = (
            use(plan.firstRegister, Slot.first), use(plan.secondRegister, Slot.second),
            use(plan.resultRegister, Slot.result)
        )
        steps.append(
            StepRecord(
                position: run.exit, next: next, uses: uses[Int(run.exit)], clocks: clocks,
                first: values.first, second: values.second, old: values.old,
                result: values.result))
        run.registers[plan.resultRegister] = values.result
        uses[Int(run.exit)] += 1
        run.exit = next
    }

    private mutating func record(jumpTo address: UInt32, _ target: UInt32) {
        let isHalt = address == ProvableProgram.haltAddress
        let entry = isHalt ? jumpUses.count - 1 : Int(address / 2) - 1
        jumps.append(JumpRecord(address: address, target: target, uses: jumpUses[entry]))
        jumpUses[entry] += 1
    }

    /// Does a load or store; nil, with nothing changed, where it may not be.
    private mutating func access(
        _ plan: StepPlan, _ kernel: Kernel, _ left: UInt64, _ right: UInt64, _ map: inout CellMap
    ) -> UInt64? {
        let address = UInt32(truncatingIfNeeded: left)
        let (offset, width) = (Int(address & 7), kernel.accessWidth)
        let crosses = offset + width > 8
        let second = (address >> 3) + 1
        // What reaches around 2^32 has no cell: addresses below 2^16 never do.
        guard let low = map.find(address >> 3, writing: kernel.isStore),
            let high = crosses
                ? (second < 1 << 29 ? map.find(second, writing: kernel.isStore) : nil) : low
        else { return nil }
        let mask = width == 8 ? UInt64.max : (1 << UInt64(8 * width)) - 1
        let (shift, back) = (UInt64(8 * offset), UInt64(64 - 8 * offset))
        let held = (map.value(low) >> shift | (crosses ? map.value(high) << back : 0)) & mask
        let value = kernel.isStore ? right : Operation.extended(kernel, held)
        let change = kernel.isStore ? (held ^ right) & mask : 0
        let clock = UInt32(Layout.clockBase | UInt64(steps.count) << 2 | Slot.memory)
        var record = AccessRecord(
            step: UInt32(steps.count), address: address, code: plan.code, value: value)
        record.cell0 = map.use(low, adding: change << shift, clock: clock)
        if crosses { record.cell1 = map.use(high, adding: change >> back, clock: clock) }
        accesses.append(record)
        return value
    }
}
