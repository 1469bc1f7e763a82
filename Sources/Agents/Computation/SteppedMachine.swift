// A machine with the words of a task: one set of rules for the whole run and for one step of it.
import PVM
import Primitives

/// A run for a task in progress. It knows reads, writes, yields and the end; every other call ends
/// it as failed.
struct SteppedMachine: Sendable {
    let program: AgentProgram
    private(set) var machine: Machine
    /// All but the root, which costs a hash of the image: that of the start stays in it.
    private(set) var state: RunState
    /// Nil where they are not known.
    private let input: [UInt64]?
    private let inputCount: UInt32
    /// What was written since the start of this value.
    private(set) var words: [UInt64] = []
    /// Whether a word was read that is not known.
    private(set) var needsInput = false

    /// - Parameter known: the leaves that may be touched; nil for all.
    /// - Returns: nil where no run of the program is in this state.
    init?(
        _ program: AgentProgram, from image: Image, _ state: RunState,
        input: (words: [UInt64]?, count: UInt32), known: Set<Int>? = nil
    ) {
        guard let pc = image.pc, program.standard.program.position(of: pc) != nil,
            var machine = image.machine(of: program, gas: .max)
        else { return nil }
        let shift = Run.leafShift(program)
        machine.memory.startLog(
            known: known.map { known in { $0 + shift < 2 || known.contains($0 + shift) } })
        (self.program, self.machine, self.state) = (program, machine, state)
        (self.input, inputCount) = input
    }

    /// Leaves with a byte that was accessed, and those of the cells, in order.
    var touchedLeaves: [Int] {
        let shift = Run.leafShift(program)
        let pieces = machine.memory.accessLog?.pieces ?? []
        return [0, 1] + pieces.compactMap { $0 + shift < 2 ? nil : $0 + shift }
    }

    /// The leaf that was needed and is not known.
    var missingLeaf: Int? {
        machine.memory.accessLog?.missing.map { $0 + Run.leafShift(program) }
    }

    var image: Image { Image(of: machine, pc: machine.pc, program: program) }

    /// Takes so many steps, or fewer where the run ends.
    ///
    /// - Returns: the steps taken; the one that ends the run is one.
    mutating func run(steps: Int) -> Int {
        // Gas is no limit here: the steps are.
        machine.gas = .max
        var limit = StepLimit(steps)
        // After a call the machine is run on in any case: that takes it behind the call.
        while state.phase == .running, !needsInput, let exit = machine.run(observing: &limit) {
            switch exit {
            case .hostCall(let number): take(HostCall(rawValue: number))
            case .halt: state.phase = .ended
            case .panic, .outOfGas: state.phase = .failed
            case .pageFault:
                if missingLeaf != nil { return steps - limit.remaining }
                state.phase = .failed
            }
        }
        return steps - limit.remaining
    }

    private mutating func take(_ call: HostCall?) {
        switch call {
        case .read: read()
        case .write:
            guard state.written < UInt32(AgentLimits.wordsPerList) else {
                state.phase = .failed
                return
            }
            words.append(machine[register: 7])
            state.output = RunState.adding(state.output, machine[register: 7])
            state.written += 1
        case .yield: break
        case .exit: state.phase = .ended
        case .ask, .answer, nil: state.phase = .failed
        }
    }

    private mutating func read() {
        guard state.read < inputCount else {
            state.phase = .ended
            return
        }
        guard let input else {
            needsInput = true
            return
        }
        machine[register: 7] = input[Int(state.read)]
        state.read += 1
    }
}
