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
        "Run by /bin/sh for each task: the specification on its input, the result on its output."
    ).required
    private static let count = Option(
        "tasks", OptionValue("COUNT", .number(1...UInt64.max, unit: "tasks")),
        "Ends after so many deliveries; without it, when it is told to.")

    private static let runVerb = Verb("run", "Waits for tasks and does them", run)
        .discussed(
            "Looks after each checkpoint, begins what the account is assigned, fetches the "
                + "specification from the node, runs the command, gives the node the result and "
                + "delivers its digest. A command that fails gives the task back. After a crash "
                + "the same call goes on where the ledger says: what was begun is run again, and "
                + "delivered once."
        )
        .example("althing worker run --exec ./work.sh --key worker.key")
        .taking(command, count, .token, .tokenFile)
        .acting()

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let stop = try Stopping()
        var worker = TaskWorker(
            acting: try Acting(call), store: try call.client(token: try ImportCommand.token(call)),
            command: try call.required(command), console: call.console)
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
                bell.wait(after: heard, stop)
            }
        }
    }
}

/// Does tasks, one after the other.
struct TaskWorker {
    let acting: Acting
    /// Where specifications come from and results go.
    let store: NodeClient
    let command: String
    let console: Console
    private(set) var delivered: UInt64 = 0
    private var failures: UInt32 = 0

    init(acting: Acting, store: NodeClient, command: String, console: Console) {
        (self.acting, self.store) = (acting, store)
        (self.command, self.console) = (command, console)
    }

    /// Nanoseconds until the next round after failures of the node; nil where there were none.
    var pause: UInt64? {
        guard failures > 0 else { return nil }
        return WorkPace.backoff.wait(after: failures, chance: UInt64.random(in: 0 ... .max))
    }

    /// Looks for tasks and does what there is; failures of the node are told and tried again.
    mutating func round(most: UInt64) {
        do {
            for state in [TaskState.executing, .assigned] {
                let query = [("worker", acting.account.hex), ("state", "\(state)")]
                for task in try acting.sender.client.items("/v1/tasks", query: query, limit: 100) {
                    guard delivered < most else { return }
                    try take(task, state)
                }
            }
            failures = 0
        } catch {
            failures = min(failures, 1_000) + 1
            console.complain(error.sentence)
        }
    }

    private mutating func take(_ task: JSONValue, _ state: TaskState) throws(CommandFailure) {
        guard let report = TaskReport(task),
            let specification = Digest(hex: task.text("terms", "specification"))
        else { return }
        if state == .assigned {
            guard try acting.move(report.task, .begin) == .done else { return }
        }
        let name = short(report.task.hex)
        guard let input = try input(specification) else {
            console.note("task \(name): the node does not keep its specification, given back")
            _ = try acting.move(report.task, .giveUp)
            return
        }
        // A new state is due its time after now, at the latest.
        let time = task.optionalNumber("terms", "times", "deliver") ?? Nanoseconds.perDay
        let run = try PipedRun(command, input: input, within: time)
        guard run.status == 0, !run.isLate else {
            console.note("task \(name): the command ended with \(run.status), given back")
            _ = try acting.move(report.task, .giveUp)
            return
        }
        let result = try store.keep(run.output)
        let outcome = try acting.move(report.task, .deliver(result))
        console.print("task \(report.task.hex) \(outcome == .done ? "delivered" : "\(outcome)")")
        if outcome == .done { delivered += 1 }
    }

    private func input(_ digest: Digest) throws(CommandFailure) -> [UInt8]? {
        do {
            return try store.bytes("/v1/payloads/\(digest.hex)")
        } catch {
            if case .problem(let problem) = error, problem.status == 404 { return nil }
            throw error
        }
    }
}
