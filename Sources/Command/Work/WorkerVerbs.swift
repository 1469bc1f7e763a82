// `althing worker`: does the tasks that somebody is assigned, with a command.
import JSON
import Ledger
import Orchestrator
import Platform
import Primitives

enum WorkerVerbs {
    static let verb = Verb("worker", "Does the tasks that an account is assigned", verbs: [runVerb])

    private static let command = Option(
        "exec", OptionValue("COMMAND", .text),
        "Run by /bin/sh for each part of a task: the specification on its input, the result on "
            + "its output, the number of the part from 1 in ALTHING_MILESTONE.")
    private static let verify = Option(
        "verify", nil,
        "Also does again the tasks of which the account is a verifier, and says what came out.")
    private static let count = Option(
        "tasks", OptionValue("COUNT", .number(1...UInt64.max, unit: "tasks")),
        "Ends after so many deliveries; without it, when it is told to.")

    private static let runVerb = Verb("run", "Waits for tasks and does them", run)
        .discussed(
            "Looks after each checkpoint, begins what the account is assigned, fetches the "
                + "specification from the node, runs the command, gives the node the result and "
                + "delivers its digest, part by part. A command that fails gives the task back. "
                + "Where the work is the run of a program, that is run here, and proven where the "
                + "task wants it, beside everything else; without a command only such tasks are "
                + "done. After a crash "
                + "the same call goes on where the ledger says: what was begun is run again, and "
                + "delivered once."
        )
        .example("althing worker run --exec ./work.sh --key worker.key")
        .taking(command, verify, count, .token, .tokenFile)
        .acting()

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let stop = try Stopping()
        var worker = TaskWorker(
            acting: try Acting(call), store: try call.client(token: try ImportCommand.token(call)),
            command: call.text(command), console: call.console)
        worker.verifies = call.has(verify)
        call.console.note("working for \(worker.acting.account.hex)")
        let most = call.number(count) ?? .max
        let bell = try CheckpointBell(worker.acting.sender.client.address)
        while !stop.isAsked, worker.delivered < most {
            let heard = bell.count
            worker.round(most: most)
            guard worker.delivered < most else { return }
            if let pause = worker.pause {
                stop.wait(nanoseconds: pause)
            } else {
                bell.wait(after: heard, stop) { worker.hasRuns }
            }
        }
    }
}

/// Does tasks, one after the other; runs of programs beside them.
struct TaskWorker {
    let acting: Acting
    /// Where specifications come from and results go.
    let store: NodeClient
    /// Nil where only runs of programs are done.
    let command: String?
    let console: Console
    /// Whether it says of others' work what came out of it here.
    var verifies = false
    private(set) var delivered: UInt64 = 0
    private var failures: UInt32 = 0
    private let runs = RunQueue()
    /// Those whose runs were delivered last: lists may be behind.
    private var ended: [RunQueue.Place] = []

    private static let mostEnded = 1_024

    init(acting: Acting, store: NodeClient, command: String?, console: Console) {
        (self.acting, self.store) = (acting, store)
        (self.command, self.console) = (command, console)
    }

    /// Whether a run is to be delivered.
    var hasRuns: Bool { runs.made != nil }

    /// Nanoseconds until the next round after failures of the node; nil where there were none.
    var pause: UInt64? {
        guard failures > 0 else { return nil }
        return WorkPace.backoff.wait(after: failures, chance: UInt64.random(in: 0 ... .max))
    }

    /// Looks for tasks and does what there is; failures of the node are told and tried again.
    mutating func round(most: UInt64) {
        do {
            try deliverRuns()
            for state in [TaskState.executing, .assigned] {
                let query = [("worker", acting.account.hex), ("state", "\(state)")]
                for task in try acting.sender.client.items("/v1/tasks", query: query, limit: 100) {
                    guard delivered + UInt64(runs.count) < most else { return }
                    try take(task, state)
                }
            }
            if verifies { try verify() }
            failures = 0
        } catch {
            failures = min(failures, 1_000) + 1
            console.complain(error.sentence)
        }
    }

    private mutating func take(_ task: JSONValue, _ state: TaskState) throws(CommandFailure) {
        let isRun = task["terms"]?["verification"]?["program"] != nil
        guard let report = TaskReport(task),
            let specification = Digest(hex: task.text("terms", "specification")),
            isRun || command != nil
        else { return }
        let place = RunQueue.Place(task: report.task, attempt: report.attempt)
        if isRun {
            // Without room it is begun later, as long as it has time.
            guard runs.hasRoom, !runs.holds(place), !ended.contains(place) else { return }
        }
        if state == .assigned {
            guard try acting.move(report.task, .begin) == .done else { return }
        }
        if isRun { return try begin(task, at: place, specification) }
        _ = try deliver(report.task, try result(of: task, specification).map { .deliver($0) })
    }

    /// Gives the ledger what was made, or the task back.
    private mutating func deliver(
        _ task: PostedTaskID, _ move: TaskMove?
    ) throws(CommandFailure) -> RequestOutcome {
        guard let move else {
            console.note("task \(short(task.hex)): given back")
            return try acting.move(task, .giveUp)
        }
        let outcome = try acting.move(task, move)
        console.print("task \(task.hex) \(outcome == .done ? "delivered" : "\(outcome)")")
        if outcome == .done { delivered += 1 }
        return outcome
    }

    /// Has the run that a task asks for made, or gives the task back.
    private mutating func begin(
        _ task: JSONValue, at place: RunQueue.Place, _ specification: Digest
    ) throws(CommandFailure) {
        do throws(CommandFailure) {
            guard let run = try store.run(of: specification) else {
                throw .refused("the node does not keep the program of a task")
            }
            runs.add(place, try TaskWork(task, program: run.program, input: run.input))
        } catch {
            guard case .refused = error else { throw error }
            console.note(error.sentence)
            _ = try deliver(place.task, nil)
        }
    }

    /// Gives the ledger the runs that were made since. One that it cannot have now is kept.
    private mutating func deliverRuns() throws(CommandFailure) {
        while let (place, outcome) = runs.made {
            let came: RequestOutcome
            switch outcome {
            case .success(let move):
                let first = try deliver(place.task, move)
                // One that will not be taken, as a proof that is too long, is no delivery.
                came = first == .refused ? try deliver(place.task, nil) : first
            case .failure(let failure):
                console.note(failure.sentence)
                came = try deliver(place.task, nil)
            }
            guard came != .unknown else {
                throw .failed("the ledger did not take the run of \(short(place.task.hex)) yet")
            }
            runs.drop(place)
            ended = ended.suffix(Self.mostEnded - 1) + [place]
        }
    }

    /// Digest of what the command makes of the part that is under way; nil where it fails.
    private func result(
        of task: JSONValue, _ specification: Digest
    ) throws(CommandFailure) -> Digest? {
        guard let command else { return nil }
        guard let input = try store.payload(specification) else {
            console.note("the node does not keep the specification of a task")
            return nil
        }
        // A new state is due its time after now, at the latest.
        let time = task.optionalNumber("terms", "times", "deliver") ?? Nanoseconds.perDay
        let part = task.number("paid") + 1
        let run = try PipedRun(
            "export ALTHING_MILESTONE=\(part)\n" + command, input: input, within: time)
        guard run.status == 0, !run.isLate else {
            console.note("the command ended with \(run.status)")
            return nil
        }
        return try store.keep(run.output)
    }

    /// Does again what others delivered and this account is to verify.
    private func verify() throws(CommandFailure) {
        let account = acting.account.hex
        let query = [("verifier", account), ("state", "verifying")]
        for task in try acting.sender.client.items("/v1/tasks", query: query, limit: 100) {
            let said = task.list("confirmations").map { $0.text("verifier") }
            guard !said.contains(account), let report = TaskReport(task),
                let specification = Digest(hex: task.text("terms", "specification")),
                let found = try result(of: task, specification)
            else { continue }
            let outcome = try acting.move(report.task, .confirm(found))
            console.print(
                "task \(report.task.hex) \(outcome == .done ? "verified" : "\(outcome)")")
        }
    }
}
