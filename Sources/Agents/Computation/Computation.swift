// A run for a task as its worker and its challengers do it: to the end, or to any step of it.
import PVM
import Primitives

/// A program that runs on the words of a task from its first state.
public struct Computation: Sendable {
    private var run: SteppedMachine
    private let input: [UInt64]
    /// Steps taken, the one that ended the run included.
    public private(set) var steps: UInt64 = 0

    /// - Parameter input: at most `AgentLimits.wordsPerList`, else there is no run.
    public init?(of program: AgentProgram, input: [UInt64]) {
        guard input.count <= AgentLimits.wordsPerList else { return nil }
        let run = SteppedMachine(
            program, from: program.initialImage, RunState(root: program.initialRoot),
            input: (input, UInt32(input.count)))
        guard let run else { return nil }
        (self.run, self.input) = (run, input)
    }

    /// The words written so far.
    public var output: [UInt64] { run.words }
    public var phase: RunPhase { run.state.phase }
    /// Whether every word was read.
    public var hasReadInput: Bool { run.state.read == UInt32(input.count) }

    /// Runs on until so many steps were taken since the start, or to the end.
    public mutating func advance(to step: UInt64) {
        while steps < step, phase == .running {
            let most = Int(min(step - steps, 1 << 20))
            steps += UInt64(run.run(steps: most))
        }
    }

    /// Where the run stands. Takes time in proportion to the image.
    public var state: RunState {
        var state = run.state
        state.root = ImageTree(of: run.image, leafCount: run.program.leafCount).root
        return state
    }

    /// What shows the next step to somebody who knows the state's digest alone.
    public var next: RunStep {
        let before = state
        guard before.phase == .running else { return RunStep(before: before) }
        let image = run.image
        let step = SteppedMachine(
            run.program, from: image, before, input: (input, UInt32(input.count)))
        guard var step else { return RunStep(before: before) }
        _ = step.run(steps: 1)
        let tree = ImageTree(of: image, leafCount: run.program.leafCount)
        return RunStep(
            before: before, witness: Multiproof(of: step.touchedLeaves, in: tree, image: image),
            input: step.state.read > before.read ? input : nil)
    }
}
