// What a run did, step by step: enough to fill every table, and to say what it read and left.
import PVM

/// One step.
struct StepRecord {
    var position: UInt32
    /// Position after the step.
    var next: UInt32
    /// Earlier steps of the same instruction.
    var uses: UInt32
    /// When its registers were used before.
    var clocks: (first: UInt32, second: UInt32, result: UInt32)
    var first: UInt64
    var second: UInt64
    var old: UInt64
    var result: UInt64
}

/// One access to memory.
struct AccessRecord {
    struct CellUse {
        var value: UInt64 = 0
        var clock: UInt32 = 0
        var isReadOnly = false
    }

    var step: UInt32
    var address: UInt32
    var code: UInt64
    var value: UInt64
    var cell0 = CellUse()
    /// All zero where the access does not reach it.
    var cell1 = CellUse()
}

/// A cell of eight bytes with what is known of it.
struct CellRecord {
    /// Address divided by eight.
    var address: UInt32
    var isReadOnly: Bool
    var old: UInt64
    var value: UInt64
    var clock: UInt32
}

/// One indirect jump.
struct JumpRecord {
    var address: UInt32
    var target: UInt32
    /// Earlier jumps by the same entry.
    var uses: UInt32
}

/// A call that a program made, and what register 7 was before and after it.
public struct HostEvent: Hashable, Sendable {
    /// The number of the step, from 0.
    public var step: UInt32
    /// The immediate of the `ecalli`, its low 32 bits.
    public var number: UInt32
    public var before: UInt64
    public var after: UInt64

    public init(step: UInt32, number: UInt32, before: UInt64, after: UInt64) {
        (self.step, self.number, self.before, self.after) = (step, number, before, after)
    }
}

/// Why a trace ends.
public enum TraceEnd: Hashable, Sendable {
    /// As many steps as asked for, or as one proof can have.
    case limit
    /// The program ended by jumping to 2^32 - 2^16.
    case halt
    /// The next step panics or faults, is an `sbrk`, or a call that the host did not answer: no
    /// proof goes by it.
    case stopped
}

/// A run from some state on, without its last step if that has no proof.
public struct TracedRun: Sendable {
    /// Its first step among those of the trace, and the number of its steps.
    public let first: Int
    public internal(set) var stepCount = 0
    /// Position of the first instruction.
    public let entry: UInt32
    /// Position of the instruction that would be next.
    public internal(set) var exit: UInt32
    public internal(set) var end = TraceEnd.limit
    /// Their steps are counted from the first of the run.
    public internal(set) var events: [HostEvent] = []
    /// Values of the 13 registers, then of the one that is always zero.
    let registersBefore: [UInt64]
    var registers: [UInt64]
    var registerClocks: [UInt32]
    var cells: [CellRecord] = []

    /// Begins after `first` steps of other runs.
    init(first: Int, entry: UInt32, registers: [UInt64]) {
        self.first = first
        (self.entry, exit) = (entry, entry)
        let count = Machine.registerCount + 1
        self.registers = registers + [UInt64](repeating: 0, count: count - registers.count)
        registersBefore = self.registers
        let clock = Self.initialClock(first, of: .registers)
        registerClocks = [UInt32](repeating: clock, count: count)
    }

    static func initialClock(_ first: Int, of kind: Layout.Kind) -> UInt32 {
        first == 0 ? 0 : UInt32(Layout.initialClock(UInt32(first), of: kind))
    }
}

/// One run of a program or more, to be proven together.
public struct Trace: Sendable {
    public let program: ProvableProgram
    /// At least one; one that made no step has no proof.
    public internal(set) var runs: [TracedRun] = []
    /// The run under way.
    var run: TracedRun
    var steps: [StepRecord] = []
    var accesses: [AccessRecord] = []
    var jumps: [JumpRecord] = []
    /// For each instruction the steps of it.
    var uses: [UInt32]
    /// For each entry of the jump table the jumps by it; the last is that of the halt.
    var jumpUses: [UInt32]

    public var stepCount: Int { steps.count }
    /// The run traced last; if it made no step it is one of `runs` only where there is no other.
    public var lastRun: TracedRun { run }

    /// The rows of the runs in the table of steps.
    package var stepRuns: RowRuns {
        RowRuns(counts: runs.map(\.stepCount).filter { $0 > 0 })
    }

    /// Keeps what the run under way came to, if it came to anything or is the only one.
    mutating func keepRun() {
        if runs.first?.stepCount == 0 { runs.removeFirst() }
        if run.stepCount > 0 || runs.isEmpty { runs.append(run) }
    }
}
