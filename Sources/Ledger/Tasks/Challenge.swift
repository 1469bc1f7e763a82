// A dispute about a run: worker and challenger narrow the steps down to the one at which they
// differ, and the ledger takes that one (docs/spec/tasks.md §4).
import Agents
import Primitives

/// What a worker says that the run of a task came to: it ended, and had read its input.
public struct RunClaim: Hashable, Sendable {
    /// Of the last image.
    public var root: Digest
    /// Words written.
    public var written: UInt32
    /// Their digest: the task's result.
    public var output: Digest

    /// What a run came to that ended.
    public init(of state: RunState) {
        (root, written, output) = (state.root, state.written, state.output)
    }

    init(root: Digest, written: UInt32, output: Digest) {
        (self.root, self.written, self.output) = (root, written, output)
    }

    /// The state that this says.
    func state(of run: TaskRun) -> RunState {
        var state = RunState(root: root)
        state.phase = .ended
        (state.read, state.written, state.output) = (run.words, written, output)
        return state
    }
}

/// A challenge of a claim. Both agree about the state before the steps in dispute, and differ about
/// the state behind them.
public struct Challenge: Hashable, Sendable {
    public var challenger: AccountID
    /// There are 16^rounds steps in dispute.
    public var rounds: UInt8
    /// Steps before them.
    public var start: UInt64 = 0
    /// Digests of the states before and behind them, as the worker says.
    public var before: Digest
    public var after: Digest
    /// The worker's states behind each sixteenth but the last: none while it is to say them.
    public var trace: [Digest] = []
    /// Whether the worker lost it.
    public var isLost = false

    /// States in one trace.
    public static let traceCount = 15

    init(by challenger: AccountID, rounds: UInt8, before: Digest, after: Digest) {
        (self.challenger, self.rounds) = (challenger, rounds)
        (self.before, self.after) = (before, after)
    }

    /// Who is to speak.
    public var isWorkersTurn: Bool { trace.isEmpty }
    /// Steps in a sixteenth of those in dispute; nil where there is one step.
    public var width: UInt64? { rounds == 0 ? nil : 1 << (4 * UInt64(rounds - 1)) }

    /// Goes on with the sixteenth `part`, 0 to 15.
    mutating func narrow(to part: Int) {
        guard let width, part <= trace.count else { return }
        let states = [before] + trace + [after]
        (before, after) = (states[part], states[part + 1])
        start += UInt64(part) * width
        rounds -= 1
        trace = []
    }
}

extension RunClaim {
    func write(to writer: inout ByteWriter) {
        writer.write(root)
        writer.write(written)
        writer.write(output)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        root = try reader.read()
        written = try reader.read()
        output = try reader.read()
    }
}

extension Challenge {
    func write(to writer: inout ByteWriter) {
        writer.write(challenger)
        writer.write(rounds)
        writer.write(start)
        writer.write(before)
        writer.write(after)
        writer.write(UInt8(trace.isEmpty ? 0 : 1))
        for state in trace { writer.write(state) }
        writer.write(UInt8(isLost ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        challenger = try reader.read()
        let offset = reader.offset
        rounds = try reader.read()
        guard rounds <= Reexecution.mostRounds else {
            throw DecodingFailure(.outOfRange, at: offset)
        }
        start = try reader.read()
        guard start < 1 << (4 * UInt64(Reexecution.mostRounds)) else {
            throw DecodingFailure(.outOfRange, at: offset + 1)
        }
        before = try reader.read()
        after = try reader.read()
        trace = try reader.readFlag() ? try reader.readList(count: Self.traceCount) : []
        isLost = try reader.readFlag()
    }
}
