// `althing task run`, `challenge` and `answer`: runs of programs as work, and doubts of them.
import Agents
import ExecutionProof
import JSON
import Ledger
import Primitives
import Prover

enum TaskRunVerbs {
    static let verbs = [runVerb, challengeVerb, answerVerb]

    private static let id = Positional.identifier("The task's id.")
    private static let sample = String(repeating: "3f", count: 32)
    private static let program = Option(
        "program", OptionValue("FILE", .file), "The program of the task.").required

    private static let runVerb = Verb("run", "Runs the program of a task, and delivers", run)
        .discussed(
            "Where the task wants a proof, it is made here and delivered with the result; else "
                + "the result stands until its time is over, and anybody may challenge it."
        )
        .example(line("run"))
        .taking(program, TaskTermsOptions.input)
        .acting()
        .expecting(id)

    private static let challengeVerb = Verb(
        "challenge", "Runs the program of a task, and challenges a wrong result", challenge
    )
    .discussed("Nothing is sent where the result is right.")
    .example(line("challenge"))
    .taking(program, TaskTermsOptions.input)
    .acting()
    .expecting(id)

    private static let answerVerb = Verb(
        "answer", "Makes the next move of a challenge, as worker or challenger", answer
    )
    .discussed(
        "The worker tells states of its run, the challenger picks where they part, until one "
            + "step is left, which the worker shows. Whoever is silent loses."
    )
    .example(line("answer"))
    .taking(program, TaskTermsOptions.input)
    .acting()
    .expecting(id)

    private static func line(_ verb: String) -> String {
        "althing task \(verb) \(sample) --program sum.pvm --input 3,4 --key my.key"
    }

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let work = try TaskWork(call)
        var run = work.computation
        run.advance(to: work.mostSteps)
        guard run.phase == .ended, run.hasReadInput else {
            throw .refused(
                "the run has no result: after \(run.steps) steps it is \(run.phase), and "
                    + (run.hasReadInput ? "all words were read" : "words were left unread"))
        }
        let state = run.state
        let move: TaskMove = work.isProven
            ? .prove(state.output, proof: try work.proof()) : .deliverRun(RunClaim(of: state))
        let words = run.output.map { String($0) }.joined(separator: " ")
        try work.make(move, call, saying: [("output", words), ("steps", "\(run.steps)")])
    }

    private static func challenge(_ call: Invocation) throws(CommandFailure) {
        let work = try TaskWork(call)
        guard work.task.text("state") == "verifying" else {
            throw .refused("the task is \(work.task.text("state")), not verifying")
        }
        let state = work.state(after: work.mostSteps)
        let claim = ("claim", "root", "output")
        let isRight = state.phase == .ended && state.root.hex == work.task.text(claim.0, claim.1)
            && state.output.hex == work.task.text(claim.0, claim.2)
            && UInt64(state.written) == work.task.number(claim.0, "written")
        guard !isRight else { throw .refused("the result is right: nothing was sent") }
        let deposit = Amount(
            nanoCredits: work.task.amount("terms", "verification", "deposit"))
        try work.make(.challenge(deposit: deposit), call)
    }

    private static func answer(_ call: Invocation) throws(CommandFailure) {
        let work = try TaskWork(call)
        guard case .object? = work.task["challenge"], work.task.text("state") == "challenged"
        else { throw .refused("the task is not challenged") }
        let start = work.task.number("challenge", "start")
        let rounds = min(work.task.number("challenge", "rounds"), 8)
        guard rounds > 0 else {
            var run = work.computation
            run.advance(to: start)
            return try work.make(.show(run.next), call)
        }
        let width: UInt64 = 1 << (4 * (rounds - 1))
        let own = work.states(from: start, width: width)
        if work.task["challenge"]?["workersTurn"]?.bool == true {
            return try work.make(.trace(Array(own.prefix(15))), call)
        }
        let said = work.task.list("challenge", "trace").compactMap(\.string)
            + [work.task.text("challenge", "after")]
        let part = zip(own, said).map { $0.hex != $1 }.firstIndex(of: true)
        guard let part else { throw .refused("the worker's states are right: nothing was sent") }
        try work.make(.pick(UInt8(part)), call)
    }
}

/// A task with the run that it asks for.
private struct TaskWork {
    let acting: Acting
    let id: PostedTaskID
    let task: JSONValue
    let program: AgentProgram
    let input: [UInt64]
    /// Before its first step.
    let computation: Computation

    init(_ call: Invocation) throws(CommandFailure) {
        acting = try Acting(call)
        id = try call.identifier(Positional.identifier("The task's id."))
        task = try acting.sender.client.get("/v1/tasks/\(id.hex)")
        program = try AgentHome.program(try call.required(TaskTermsOptions.program))
        input = try TaskTermsOptions.words(call)
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

    func make(
        _ move: TaskMove, _ call: Invocation, saying extra: [(String, String)] = []
    ) throws(CommandFailure) {
        try acting.give(
            .task(.move(by: acting.account, id, move)), call, saying: extra)
    }
}
