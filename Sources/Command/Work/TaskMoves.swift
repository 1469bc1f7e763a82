// Moves of tasks as a program gives them: what came of each, instead of a page for a person.
import JSON
import Ledger
import Orchestrator
import Primitives

extension Acting {
    /// Gives a command about a task.
    ///
    /// - Throws: what no answer of the ledger is behind: a node that cannot be reached, say.
    func give(_ command: TaskCommand) throws(CommandFailure) -> RequestOutcome {
        do {
            let answer = try sender.send(.law(.task(command)), owner: owner)
            let effect = answer.list("effects").first ?? .null
            let kind = effect.text("kind")
            // Of a batch some entries may have been passed over.
            if kind == "tasksMade", effect.text("made") != effect.text("of") { return .unknown }
            // What waits for guardians, or was out of the ordinary, is not done yet.
            return kind.hasPrefix("task") ? .done : .unknown
        } catch {
            guard case .problem(let problem) = error else { throw error }
            guard problem.reason.isEmpty else { return RequestOutcome(refusal: problem.reason) }
            // What a node cannot read, or is too long for it, it will not take later either.
            return [400, 413, 422].contains(problem.status) ? .refused : .unknown
        }
    }

    func move(_ task: PostedTaskID, _ move: TaskMove) throws(CommandFailure) -> RequestOutcome {
        try give(.move(by: account, task, move))
    }
}

extension TaskReport {
    /// A task as a node writes it; nil where something is missing.
    init?(_ task: JSONValue) {
        let name = task.text("state")
        guard let id = PostedTaskID(hex: task.text("task")),
            let state = TaskState.allCases.first(where: { "\($0)" == name })
        else { return nil }
        self.init(
            task: id, state: state, worker: AccountID(hex: task.text("worker")) ?? AccountID(),
            attempt: UInt8(clamping: task.number("attempt")),
            due: Instant(nanoseconds: task.optionalNumber("due") ?? .max))
        paid = UInt8(clamping: task.number("paid"))
        result = Digest(hex: task.text("result")) ?? Digest()
        if state == .challenged, let challenge = task["challenge"] {
            challenger = AccountID(hex: challenge.text("challenger")) ?? AccountID()
            isWorkersTurn = challenge["workersTurn"]?.bool ?? true
        }
    }
}
