// A program with the state it runs on: registers, memory, gas, and where it is.
import Primitives

/// A value: a copy runs on by itself. Nothing that a program does traps.
public struct Machine: Sendable {
    public static let registerCount = 13

    public let program: Program
    public var memory: Memory
    /// Gas left. May be raised between runs.
    public var gas: UInt64
    /// The 13 registers, then `Cell.zero` and `Cell.sink`.
    private var cells: [UInt64]
    /// Position of the next step, nil where no instruction begins at the program counter.
    private var position: Int?
    /// The program counter while `position` is nil.
    private var strayCounter: UInt32
    private var isPaid = false
    /// Why the last run ended, if it did.
    public private(set) var exit: Exit?

    /// - Parameters:
    ///   - registers: at most 13; those not given are zero.
    ///   - pc: index in the code of the first instruction.
    public init(
        _ program: Program, memory: Memory, registers: [UInt64], pc: UInt32, gas: UInt64
    ) {
        precondition(registers.count <= Self.registerCount, "a machine has 13 registers")
        self.program = program
        self.memory = memory
        self.gas = gas
        cells = registers + [UInt64](repeating: 0, count: Cell.count - registers.count)
        position = program.position(of: pc)
        strayCounter = pc
    }

    /// The 13 registers.
    public var registers: [UInt64] { Array(cells[..<Self.registerCount]) }

    /// One register, 0 to 12.
    public subscript(register index: Int) -> UInt64 {
        get {
            precondition((0..<Self.registerCount).contains(index), "a register is 0 to 12")
            return cells[index]
        }
        set {
            precondition((0..<Self.registerCount).contains(index), "a register is 0 to 12")
            cells[index] = newValue
        }
    }

    /// Index in the code of the instruction that is next, or that the machine stopped at.
    public var pc: UInt32 { position.map { program.steps[$0].pc } ?? strayCounter }

    /// Index in the code of the instruction behind the one that the machine stopped at.
    public var followingPC: UInt32 {
        guard let position, position + 1 < program.stepCount else { return pc }
        return program.steps[position + 1].pc
    }

    /// Gas that was paid on entry to the present block for the instruction at the program counter
    /// and those behind it.
    public var prepaidGas: UInt64 {
        guard isPaid, let position else { return 0 }
        return UInt64(program.steps[position].gas)
    }

    /// Runs until the program ends or needs something: see `Exit`.
    ///
    /// After a host call it goes on behind the call, after a page fault at the faulting
    /// instruction, after the end of gas at the block that was not entered. Once it halted or
    /// panicked it stays so.
    public mutating func run() -> Exit {
        var observer = NoObserver()
        while true {
            if let exit = run(observing: &observer) { return exit }
        }
    }

    /// Runs, showing each step before it is taken.
    ///
    /// - Returns: why the program stopped; nil where the observer stopped it, and then it can be
    ///   run on.
    public mutating func run(observing observer: inout some StepObserver) -> Exit? {
        if exit == .halt || exit == .panic { return exit }
        guard var position else { return stray() }
        // An `ecalli` ends no block, so that there is always a step after it.
        if case .hostCall = exit { position += 1 }
        exit = nil
        var progress = Progress(position: position, gas: gas, isPaid: isPaid)
        while true {
            let stop = interpret(&progress, &observer)
            (self.position, gas, isPaid) = (progress.position, progress.gas, progress.isPaid)
            switch stop {
            case .observer: return nil
            case .grow:
                grow(program.steps[progress.position])
                progress.position += 1
            case .exit(let reason):
                exit = reason
                return reason
            }
        }
    }

    private mutating func interpret(
        _ progress: inout Progress, _ observer: inout some StepObserver
    ) -> Stop {
        program.steps.withUnsafeBufferPointer { steps in
            program.jumps.withUnsafeBufferPointer { jumps in
                cells.withUnsafeMutableBufferPointer { cells in
                    // Neither is empty: every program has a trap at its end.
                    let interpreter = Interpreter(
                        steps: steps.baseAddress!, jumps: jumps, cells: cells.baseAddress!)
                    return PageCache.with(&memory) { pages in
                        interpreter.run(&progress, &pages, &observer)
                    }
                }
            }
        }
    }

    /// Where no instruction begins there is a trap (Gray Paper, A.5).
    private mutating func stray() -> Exit {
        if !isPaid {
            guard gas > 0 else {
                exit = .outOfGas
                return .outOfGas
            }
            gas -= 1
            isPaid = true
        }
        exit = .panic
        return .panic
    }

    /// `sbrk`: where the new bytes begin, zero where there is no room for them.
    private mutating func grow(_ step: Step) {
        let count = cells[Int(step.b)] &+ step.y
        cells[Int(step.d)] = memory.extendHeap(by: count).map(UInt64.init) ?? 0
    }
}
