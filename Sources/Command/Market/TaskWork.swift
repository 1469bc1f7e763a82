// The run that a task asks for, made again: to deliver it, to doubt it, to answer a challenge.
import Agents
import ExecutionProof
import JSON
import Ledger
import Primitives
import Prover

/// A task with the run that it asks for.
struct TaskWork {
    /// As a node writes it.
    let task: JSONValue
    let program: AgentProgram
    let input: [UInt64]
    /// Before its first step.
    let computation: Computation

    init(
        _ task: JSONValue, program: AgentProgram, input: [UInt64]
    ) throws(CommandFailure) {
        (self.task, self.program, self.input) = (task, program, input)
        guard task.text("terms", "verification", "program") == program.identity.hex else {
            throw .refused("the task does not ask for a run of this program")
        }
        guard task.text("terms", "verification", "input") == RunState.input(input).hex else {
            throw .refused("the task asks for a run on other words")
        }
        guard let computation = Computation(of: program, input: input) else {
            throw .refused("the program has no runs")
        }
        self.computation = computation
    }

    /// What the worker gives the ledger, with what the run wrote and how long it was.
    func delivery() throws(CommandFailure) -> (move: TaskMove, output: [UInt64], steps: UInt64) {
        var run = computation
        run.advance(to: mostSteps)
        guard run.phase == .ended, run.hasReadInput else {
            throw .refused(
                "the run has no result: after \(run.steps) steps it is \(run.phase), and "
                    + (run.hasReadInput ? "all words were read" : "words were left unread"))
        }
        let state = run.state
        let move: TaskMove = isProven
            ? .prove(state.output, proof: try proof()) : .deliverRun(RunClaim(of: state))
        return (move, run.output, run.steps)
    }

    /// Whether the worker claims what the run comes to.
    var isClaimRight: Bool {
        let state = state(after: mostSteps)
        let claim = ("claim", "root", "output")
        return state.phase == .ended && state.root.hex == task.text(claim.0, claim.1)
            && state.output.hex == task.text(claim.0, claim.2)
            && UInt64(state.written) == task.number(claim.0, "written")
    }

    /// The next move in a challenge, of whose turn it is.
    func answer() throws(CommandFailure) -> TaskMove {
        guard case .object? = task["challenge"], task.text("state") == "challenged"
        else { throw .refused("the task is not challenged") }
        let start = task.number("challenge", "start")
        let rounds = min(task.number("challenge", "rounds"), 8)
        guard rounds > 0 else {
            var run = computation
            run.advance(to: start)
            return .show(run.next)
        }
        let width: UInt64 = 1 << (4 * (rounds - 1))
        let own = states(from: start, width: width)
        if task["challenge"]?["workersTurn"]?.bool == true {
            return .trace(Array(own.prefix(15)))
        }
        let said = task.list("challenge", "trace").compactMap(\.string)
            + [task.text("challenge", "after")]
        let part = zip(own, said).map { $0.hex != $1 }.firstIndex(of: true)
        guard let part else { throw .refused("the worker's states are right: nothing was sent") }
        return .pick(UInt8(part))
    }

    var isProven: Bool { task.text("terms", "verification", "kind") == "proven" }

    /// Of a run whose steps can be disputed; 2^20 for others, more than proofs are made of.
    var mostSteps: UInt64 {
        let rounds = task.optionalNumber("terms", "verification", "rounds") ?? 5
        return 1 << (4 * min(rounds, 8))
    }

    func state(after steps: UInt64) -> RunState {
        var run = computation
        run.advance(to: steps)
        return run.state
    }

    /// The digests of the states behind sixteen times `width` steps.
    func states(from start: UInt64, width: UInt64) -> [Digest] {
        var run = computation
        return (1...16 as ClosedRange<UInt64>).map { part in
            run.advance(to: start + part * width)
            return run.state.digest
        }
    }

    func proof() throws(CommandFailure) -> [UInt8] {
        let provable: ProvableAgent
        do throws(UnprovableProgram) {
            provable = try ProvableAgent(program)
        } catch {
            throw .refused("the program has no proofs: \(error)")
        }
        let prover = SegmentProver(
            provable, workers: Workers(count: 2), segmentSteps: 1 << 14)
        return try chain(prover).encoded
    }

    private func chain(_ prover: SegmentProver) throws(CommandFailure) -> ProofChain {
        var left = input[...]
        do throws(AgentProofFailure) {
            return try prover.proof(of: [
                RunRequest(image: program.initialImage, steps: nil) { number, word in
                    HostCall(rawValue: UInt64(number)) == .read ? left.popFirst() : word
                }
            ])
        } catch {
            throw .refused("there is no proof: \(error)")
        }
    }
}
