// The calls of a statement read as what an agent's program says to its host.
import Agents
import PVM

/// Why calls are not those of an agent.
public enum HostRuleFailure: Error, Hashable, Sendable {
    /// No call has this number.
    case unknownCall(step: UInt32)
    /// A call that gives nothing changed register 7.
    case changedRegister(step: UInt32)
    /// Steps follow after the agent ended.
    case goesOn(step: UInt32)
}

/// The words that went in and out during a run, in order (docs/spec/agents.md §2).
public struct HostWords: Hashable, Sendable {
    public private(set) var input: [UInt64] = []
    public private(set) var output: [UInt64] = []
    public private(set) var requests: [UInt64] = []
    public private(set) var answers: [UInt64] = []
    public private(set) var yields = 0
    /// Whether the agent ended: by `exit`, or by the end of its program.
    public private(set) var hasExited = false

    /// Reads the calls of a statement; whether the words are those that a transition tells is for
    /// the caller to compare.
    public init(_ statement: Statement) throws(HostRuleFailure) { try add(statement) }

    /// The same of several that are one run.
    public init(_ statements: some Sequence<Statement>) throws(HostRuleFailure) {
        for statement in statements { try add(statement) }
    }

    private mutating func add(_ statement: Statement) throws(HostRuleFailure) {
        hasExited = statement.end == .halt
        for event in statement.events {
            guard let call = HostCall(rawValue: UInt64(event.number)) else {
                throw .unknownCall(step: event.step)
            }
            switch call {
            case .read: input.append(event.after)
            case .answer: answers.append(event.after)
            case .write: output.append(event.after)
            case .ask: requests.append(event.after)
            case .yield: yields += 1
            case .exit:
                guard event.step + 1 == statement.steps else { throw .goesOn(step: event.step) }
                hasExited = true
            }
            let gives = call == .read || call == .answer
            guard gives || event.before == event.after else {
                throw .changedRegister(step: event.step)
            }
        }
    }
}
