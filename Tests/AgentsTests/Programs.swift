// Small agents in assembly for the tests.
import Cryptography
import PVM
import Primitives
import TestSupport
import Testing

@testable import Agents

enum Programs {
    static func encoded(_ source: String) throws -> [UInt8] {
        try StandardProgram(
            Assembly(source, revision: .grayPaper071).parts, revision: .grayPaper071
        ).encoded
    }

    static func agent(_ source: String) throws -> AgentProgram {
        try AgentProgram(decoding: encoded(source))
    }
}

/// An instance with a shell that obeys it: signs, and accepts what re-execution accepts.
struct Household {
    static let chain = Digest(repeating: 0xC1)
    static let start = Instant(nanoseconds: 1_700_000_000 * Nanoseconds.perSecond)
    static let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))

    var instance: Instance
    var now = Household.start
    var transitions: [Transition] = []
    var outputs: [[UInt64]] = []
    var records: [[UInt64]] = []
    var failures: [RunFailure] = []
    var dropped: [Message] = []
    var wakes: [Instant] = []
    var hasCrashed = false
    /// Whether submissions are accepted at once.
    var accepts = true

    static let eager = SubmissionPolicy(
        interval: 0, steps: 1, touchedBytes: 0, isOnRequest: true)

    init(
        _ source: String, policy: SubmissionPolicy = Household.eager,
        gasLimit: UInt64 = 1_000_000
    ) throws {
        let identity = InstanceIdentity(
            chain: Self.chain, agent: AgentID(repeating: 0xA1), policy: policy,
            gasLimit: gasLimit)
        instance = Instance(identity, of: try Programs.agent(source), at: Self.start)
    }

    /// Tells the instance something, and runs it for as long as it asks to be, at most `most`
    /// times.
    mutating func take(
        _ input: InstanceInput, quantum: UInt64 = 10_000, most: Int = 400
    ) throws {
        var waiting = [input]
        var runs = 0
        while let next = waiting.popLast() {
            var actions: [InstanceAction] = []
            instance.step(next, at: now, into: &actions)
            for action in actions {
                switch action {
                case .schedule:
                    guard runs < most, !waiting.contains(.run(quantum: quantum)) else { continue }
                    runs += 1
                    waiting.insert(.run(quantum: quantum), at: 0)
                case .submit(let draft):
                    guard let submitted = try submit(draft) else { continue }
                    waiting.append(submitted)
                case .settled(_, let output, let emitted):
                    outputs.append(output)
                    records += emitted
                case .failed(let failure, let message):
                    failures.append(failure)
                    if let message { dropped.append(message) }
                case .wake(let time): wakes.append(time)
                case .crashed: hasCrashed = true
                case .ended, .overtaken: break
                }
            }
        }
    }

    private mutating func submit(_ draft: TransitionDraft) throws -> InstanceInput? {
        let transition = draft.signed(by: try #require(Self.key))
        let again = try Transition(decoding: transition.encoded)
        #expect(again == transition)
        try again.reexecute(instance.program)
        transitions.append(transition)
        guard accepts else { return nil }
        return .ledger(sequence: draft.header.sequence, root: draft.header.newRoot)
    }
}
