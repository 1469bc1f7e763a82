// Statement and disclosure together: what the verifier checks of them in the clear, and the tuples
// it adds to the channels.
import PVM

/// Why statements with their disclosure cannot be true, whatever the tables say.
public enum ClaimFailure: Error, Hashable, Sendable {
    /// No statement or more than `Claim.mostRuns`, or not as many runs in the disclosure.
    case runs
    /// The statement is about another program.
    case wrongProgram
    /// No instruction begins there.
    case unknownEntry(pc: UInt32)
    case unknownLast(pc: UInt32)
    case unknownEnd(pc: UInt32)
    /// None, or together over 2^16, or not the active rows of the table of steps.
    case steps
    /// More rows than the table may have, or not eight for each product.
    case rows(table: String)
    /// An instruction that is none or has no proof, out of order, or without uses.
    case instruction(position: UInt32)
    /// The same of an entry of the jump table.
    case jump(address: UInt32)
    /// The uses of instructions do not add up to the steps.
    case uses
    /// The gas of a statement is not that of its steps.
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

/// Statements about runs of one program, with their disclosure, that passed all checks in the
/// clear.
///
/// Whoever holds the states has to check one thing more: that the registers and cells of each run
/// are what the roots of its statement stand for, each cell on a page that is mapped so.
public struct Claim: Sendable {
    /// Runs that one proof shows, at most.
    public static let mostRuns = 64

    public let statements: [Statement]
    public let disclosure: Disclosure
    /// What the boundaries of each run expect.
    let ends: [RunWords]
    /// The rows of each run in the table of steps.
    private let steps: RowRuns
    /// What the verifier pushes: instructions, entries and cells before their first use.
    package let pushes: [Tuple]
    /// What it pulls: the same after their last use, and calls of the host.
    package let pulls: [Tuple]

    public init(
        _ statements: [Statement], _ disclosure: Disclosure, of program: ProvableProgram
    ) throws(ClaimFailure) {
        guard (1...Self.mostRuns).contains(statements.count),
            disclosure.runs.count == statements.count
        else { throw .runs }
        (self.statements, self.disclosure) = (statements, disclosure)
        var ends: [RunWords] = []
        for statement in statements { ends.append(try Self.words(of: statement, program)) }
        self.ends = ends
        try Self.checkRows(statements, disclosure)
        steps = RowRuns(counts: statements.map { Int($0.steps) })
        var tuples = ClaimTuples(steps: UInt32(steps.active))
        try tuples.add(instructions: disclosure.instructions, of: program)
        try tuples.add(jumps: disclosure.jumps, of: program)
        for (index, statement) in statements.enumerated() {
            // An instruction costs the same wherever it stands.
            guard statement.gas == UInt64(statement.steps) * ProvableProgram.gasOfStep else {
                throw .gas
            }
            tuples.begin(at: UInt32(steps.firsts[index]), steps: statement.steps)
            try tuples.add(registers: disclosure.runs[index].registers)
            try tuples.add(cells: disclosure.runs[index].cells)
            try tuples.add(events: statement.events)
        }
        (pushes, pulls) = (tuples.pushes, tuples.pulls)
    }

    private static func words(
        of statement: Statement, _ program: ProvableProgram
    ) throws(ClaimFailure) -> RunWords {
        guard statement.program == program.identity else { throw .wrongProgram }
        guard let entry = program.position(of: statement.entry) else {
            throw .unknownEntry(pc: statement.entry)
        }
        guard let last = program.position(of: statement.last) else {
            throw .unknownLast(pc: statement.last)
        }
        var next = ProvableProgram.haltPosition
        if case .before(let pc) = statement.end {
            guard let position = program.position(of: pc) else { throw .unknownEnd(pc: pc) }
            next = position
        }
        return RunWords(
            entry: UInt64(entry), exit: UInt64(next) | UInt64(last) << StepTable.lastPlace)
    }

    /// Active rows of a table.
    package func active(_ kind: TableKind) -> Int { Int(disclosure.rows[kind.rawValue]) }

    /// The same, as runs: only steps are kept apart.
    package func runs(_ kind: TableKind) -> RowRuns {
        kind == .steps ? steps : RowRuns(active: active(kind))
    }

    /// The word that a boundary's form must have.
    package func expected(_ boundary: Boundary, run: Int) -> UInt64 {
        ends[run].expected(boundary)
    }

    private static func checkRows(
        _ statements: [Statement], _ disclosure: Disclosure
    ) throws(ClaimFailure) {
        let rows = disclosure.rows
        guard rows.count == TableKind.allCases.count else { throw .steps }
        let steps = statements.reduce(UInt64(0)) { $0 + UInt64($1.steps) }
        guard statements.allSatisfy({ $0.steps >= 1 }),
            steps == rows[TableKind.steps.rawValue]
        else { throw .steps }
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
    /// Of all runs.
    let steps: UInt32
    /// Of the run whose touches are added.
    private var first: UInt32 = 0
    private var count: UInt32 = 0
    var pushes: [Tuple] = []
    var pulls: [Tuple] = []

    init(steps: UInt32) { self.steps = steps }

    mutating func begin(at first: UInt32, steps: UInt32) { (self.first, count) = (first, steps) }

    mutating func add(
        instructions uses: [Disclosure.Use], of program: ProvableProgram
    ) throws(ClaimFailure) {
        var (last, count): (Int, UInt64) = (-1, 0)
        for use in uses {
            let position = Int(use.place)
            guard position > last, use.count > 0, use.count <= steps,
                position < program.plans.count, let plan = program.plans[position]
            else { throw .instruction(position: use.place) }
            last = position
            count += UInt64(use.count)
            pushes.append(plan.tuple(uses: 0))
            pulls.append(plan.tuple(uses: UInt64(use.count)))
        }
        guard count == UInt64(steps) else { throw .uses }
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
        // The run's first clock is one that no register is used at.
        let initial = first == 0 ? 0 : Layout.initialClock(first, of: .registers)
        for (number, register) in registers.enumerated() {
            let isUsed = register.clock != 0
            guard !isUsed || isClock(register.clock) && register.clock & 3 != UInt32(Slot.memory)
            else { throw .clock }
            add(
                cell: UInt64(number) | Space.registers << UInt64(Layout.spacePlace),
                (register.old, register.new),
                (initial, isUsed ? UInt64(register.clock) + 4 * UInt64(first) : initial))
        }
    }

    mutating func add(cells: [Disclosure.CellTouch]) throws(ClaimFailure) {
        var last = -1
        let initial = first == 0 ? 0 : Layout.initialClock(first, of: .memory)
        for cell in cells {
            guard Int(cell.address) > last, cell.address >= Memory.firstAddress / 8,
                cell.address < 1 << 29, !cell.isReadOnly || cell.old == cell.new
            else { throw .cell(address: cell.address) }
            last = Int(cell.address)
            guard isClock(cell.clock), cell.clock & 3 == UInt32(Slot.memory) else {
                throw .clock
            }
            let space = cell.isReadOnly ? Space.readOnly : Space.writable
            add(
                cell: UInt64(cell.address) | space << UInt64(Layout.spacePlace),
                (cell.old, cell.new), (initial, UInt64(cell.clock) + 4 * UInt64(first)))
        }
    }

    /// Whether a step of the run has the clock, counted from the run's first step.
    private func isClock(_ clock: UInt32) -> Bool {
        let base = UInt32(Layout.clockBase)
        return (base..<base + 4 * count).contains(clock)
    }

    private mutating func add(
        cell: UInt64, _ value: (old: UInt64, new: UInt64), _ clocks: (old: UInt64, new: UInt64)
    ) {
        let place = UInt64(Layout.clockPlace)
        pushes.append(Tuple(.cells, [cell | clocks.old << place, value.old]))
        pulls.append(Tuple(.cells, [cell | clocks.new << place, value.new]))
    }

    mutating func add(events: [HostEvent]) throws(ClaimFailure) {
        var last = -1
        for event in events {
            guard Int(event.step) > last, event.step < count else {
                throw .event(step: event.step)
            }
            last = Int(event.step)
            let call = UInt64(first + event.step) | UInt64(event.number) << 16
            pulls.append(Tuple(.host, [call, event.before, event.after, 0]))
        }
    }
}
