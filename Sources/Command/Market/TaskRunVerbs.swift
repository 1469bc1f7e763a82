// `althing task run`, `challenge` and `answer`: runs of programs as work, and doubts of them.
import JSON
import Ledger
import Primitives

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
        let named = try NamedTask(call)
        let work = try named.work(call)
        let delivery = try work.delivery()
        let words = delivery.output.map { String($0) }.joined(separator: " ")
        try named.make(
            delivery.move, call, saying: [("output", words), ("steps", "\(delivery.steps)")])
    }

    private static func challenge(_ call: Invocation) throws(CommandFailure) {
        let named = try NamedTask(call)
        let work = try named.work(call)
        guard work.task.text("state") == "verifying" else {
            throw .refused("the task is \(work.task.text("state")), not verifying")
        }
        guard !work.isClaimRight else {
            throw .refused("the result is right: nothing was sent")
        }
        let deposit = Amount(
            nanoCredits: work.task.amount("terms", "verification", "deposit"))
        try named.make(.challenge(deposit: deposit), call)
    }

    private static func answer(_ call: Invocation) throws(CommandFailure) {
        let named = try NamedTask(call)
        try named.make(try named.work(call).answer(), call)
    }
}

/// The task that a call names.
private struct NamedTask {
    let acting: Acting
    let id: PostedTaskID
    let task: JSONValue

    init(_ call: Invocation) throws(CommandFailure) {
        acting = try Acting(call)
        id = try call.identifier(Positional.identifier("The task's id."))
        task = try acting.sender.client.get("/v1/tasks/\(id.hex)")
    }

    /// With the program and the words that the call gives.
    func work(_ call: Invocation) throws(CommandFailure) -> TaskWork {
        try TaskWork(
            task, program: try AgentHome.program(try call.required(TaskTermsOptions.program)),
            input: try TaskTermsOptions.words(call))
    }

    func make(
        _ move: TaskMove, _ call: Invocation, saying extra: [(String, String)] = []
    ) throws(CommandFailure) {
        try acting.give(
            .task(.move(by: acting.account, id, move)), call, saying: extra)
    }
}
