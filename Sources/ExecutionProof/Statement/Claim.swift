// Statement and disclosure together: what the verifier checks of them in the clear, and the tuples
// it adds to the channels.
import PVM

/// Why a statement with its disclosure cannot be true, whatever the tables say.
public enum ClaimFailure: Error, Hashable, Sendable {
    /// The statement is about another program.
    case wrongProgram
    /// No instruction begins there.
    case unknownEntry(pc: UInt32)
    case unknownLast(pc: UInt32)
    case unknownEnd(pc: UInt32)
    /// Not 1 to 2^16, or not the active rows of the table of steps.
    case steps
    /// More rows than the table may have, or not eight for each product.
    case rows(table: String)
    /// An instruction that is none or has no proof, out of order, or without uses.
    case instruction(position: UInt32)
    /// The same of an entry of the jump table.
    case jump(address: UInt32)
    /// The uses of instructions do not add up to the steps.
    case uses
    /// Their gas does not add up to the statement's.
    case gas
    /// Not as many as there are, or the one that is always zero is not.
    case registers
    /// Out of order, below 2^16, or changed though it can only be read.
    case cell(address: UInt32)
    /// A clock that no step has.
    case clock
    /// Out of order, or after the last step.
    case event(step: UInt32)
}

/// A statement with its disclosure that passed all checks in the clear.
///
/// Whoever holds the states has to check one thing more: that `disclosure.registers` and `cells`
/// are what the roots stand for, each cell on a page that is mapped so.
public struct Claim: Sendable {
    public let statement: Statement
    public let disclosure: Disclosure
    /// Position of the first instruction.
    let entry: UInt32
    /// Position after the last step, and from bit 20 on that of the last instruction.
    let exit: UInt64
    /// What the verifier pushes: instructions, entries and cells before their first use.
    package let pushes: [Tuple]
    /// What it pulls: the same after their last use, and calls of the host.
    package let pulls: [Tuple]

    public init(
        _ statement: Statement, _ disclosure: Disclosure, of program: ProvableProgram
    ) throws(ClaimFailure) {
        guard statement.program == program.identity else { throw .wrongProgram }
        guard let entry = program.position(of: statement.entry) else {
            throw .unknownEntry(pc: statement.entry)
        }
        (self.statement, self.disclosure, self.entry) = (statement, disclosure, entry)
        guard let last = program.position(of: statement.last) else {
            throw .unknownLast(pc: statement.last)
        }
        switch statement.end {
        case .halt:
            exit = UInt64(ProvableProgram.haltPosition) | UInt64(last) << StepTable.lastPlace
        case .before(let pc):
            guard let position = program.position(of: pc) else { throw .unknownEnd(pc: pc) }
            exit = UInt64(position) | UInt64(last) << StepTable.lastPlace
        }
        try Self.checkRows(statement, disclosure)
        var tuples = ClaimTuples(steps: statement.steps)
        try tuples.add(instructions: disclosure.instructions, of: program, gas: statement.gas)
        try tuples.add(jumps: disclosure.jumps, of: program)
        try tuples.add(registers: disclosure.registers)
        try tuples.add(cells: disclosure.cells)
        try tuples.add(events: statement.events)
        (pushes, pulls) = (tuples.pushes, tuples.pulls)
    }

    /// Active rows of a table.
    package func active(_ kind: TableKind) -> Int { Int(disclosure.rows[kind.rawValue]) }

    /// The word that a boundary's form must have.
    package func expected(_ boundary: Boundary) -> UInt64 {
        switch boundary.expected {
        case .zero: 0
        case .entry: UInt64(entry)
        case .exit: exit
        }
    }

    private static func checkRows(
        _ statement: Statement, _ disclosure: Disclosure
    ) throws(ClaimFailure) {
        let rows = disclosure.rows
        guard rows.count == TableKind.allCases.count else { throw .steps }
        guard statement.steps >= 1, statement.steps == rows[TableKind.steps.rawValue] else {
            throw .steps
        }
        for kind in TableKind.allCases where rows[kind.rawValue] > kind.mostRows {
            throw .rows(table: kind.name)
        }
        let products = Int(rows[TableKind.product.rawValue])
        guard Int(rows[TableKind.partial.rawValue]) == products * ProductTables.rowsOfProduct
        else { throw .rows(table: TableKind.partial.name) }
    }
}

/// Gathers the verifier's tuples.
private struct ClaimTuples {
    let steps: UInt32
    var pushes: [Tuple] = []
    var pulls: [Tuple] = []

    init(steps: UInt32) { self.steps = steps }

    mutating func add(
        instructions uses: [Disclosure.Use], of program: ProvableProgram, gas: UInt64
    ) throws(ClaimFailure) {
        var (last, count, paid): (Int, UInt64, UInt64) = (-1, 0, 0)
        for use in uses {
            let position = Int(use.place)
            guard position > last, use.count > 0, use.count <= steps,
                position < program.plans.count, let plan = program.plans[position]
            else { throw .instruction(position: use.place) }
            last = position
            count += UInt64(use.count)
            // At most 2^16 uses of each of at most 2^20 instructions.
            paid += UInt64(use.count) * ProvableProgram.gasOfStep
            pushes.append(plan.tuple(uses: 0))
            pulls.append(plan.tuple(uses: UInt64(use.count)))
        }
        guard count == UInt64(steps) else { throw .uses }
        guard paid == gas else { throw .gas }
    }

    mutating func add(
        jumps: [Disclosure.Use], of program: ProvableProgram
    ) throws(ClaimFailure) {
        var last = -1
        for use in jumps {
            guard Int(use.place) > last, use.count > 0, use.count <= steps,
                let target = program.target(of: use.place)
            else { throw .jump(address: use.place) }
            last = Int(use.place)
            let entry = UInt64(use.place) | UInt64(target) << 32
            pushes.append(Tuple(.jumpTable, [entry, 0]))
            pulls.append(Tuple(.jumpTable, [entry, UInt64(use.count)]))
        }
    }

    mutating func add(registers: [Disclosure.RegisterTouch]) throws(ClaimFailure) {
        guard registers.count == Disclosure.registerCount,
            let zero = registers.last, zero.old == 0, zero.new == 0
        else { throw .registers }
        for (number, register) in registers.enumerated() {
            try check(clock: register.clock)
            add(
                cell: UInt64(number) | Space.registers << UInt64(Layout.spacePlace),
                (register.old, register.new), register.clock)
        }
    }

    mutating func add(cells: [Disclosure.CellTouch]) throws(ClaimFailure) {
        var last = -1
        for cell in cells {
            guard Int(cell.address) > last, cell.address >= Memory.firstAddress / 8,
                cell.address < 1 << 29, !cell.isReadOnly || cell.old == cell.new
            else { throw .cell(address: cell.address) }
            last = Int(cell.address)
            try check(clock: cell.clock)
            let space = cell.isReadOnly ? Space.readOnly : Space.writable
            add(
                cell: UInt64(cell.address) | space << UInt64(Layout.spacePlace),
                (cell.old, cell.new), cell.clock)
        }
    }

    private func check(clock: UInt32) throws(ClaimFailure) {
        let base = UInt32(Layout.clockBase)
        guard clock == 0 || (base..<base + 4 * steps).contains(clock) else { throw .clock }
    }

    private mutating func add(
        cell: UInt64, _ value: (old: UInt64, new: UInt64), _ clock: UInt32
    ) {
        pushes.append(Tuple(.cells, [cell, value.old]))
        pulls.append(
            Tuple(.cells, [cell | UInt64(clock) << UInt64(Layout.clockPlace), value.new]))
    }

    mutating func add(events: [HostEvent]) throws(ClaimFailure) {
        var last = -1
        for event in events {
            guard Int(event.step) > last, event.step < steps else {
                throw .event(step: event.step)
            }
            last = Int(event.step)
            let call = UInt64(event.step) | UInt64(event.number) << 16
            pulls.append(Tuple(.host, [call, event.before, event.after, 0]))
        }
    }
}
