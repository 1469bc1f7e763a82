// How what is delivered for a task is verified: a choice with a price.
import Agents
import Primitives

/// The run that a task asks for: a registered program and the words that it is given.
public struct TaskRun: Hashable, Sendable {
    /// Identity of the program.
    public var program: Digest
    /// `RunState.input` of the words.
    public var input: Digest
    /// How many words there are; a run that leaves one unread has no result.
    public var words: UInt32

    public init(program: Digest, input: [UInt64]) {
        self.init(
            program: program, input: RunState.input(input), words: UInt32(clamping: input.count))
    }

    init(program: Digest, input: Digest, words: UInt32) {
        (self.program, self.input, self.words) = (program, input, words)
    }

    var isValid: Bool { words <= UInt32(AgentLimits.wordsPerList) }
}

/// Whoever doubts a run lays a deposit down, and the step at which the two differ is run again.
public struct Reexecution: Hashable, Sendable {
    /// Laid down by a challenger; it goes to the account of fees where the challenge fails.
    public var deposit: Amount
    /// Paid in by the poster for whoever shows that the worker is wrong.
    public var reward: Amount
    /// Each narrows the steps in dispute to a sixteenth: 1 to `mostRounds`, so that a run has
    /// 16^rounds steps at most.
    public var rounds: UInt8

    public static let mostRounds: UInt8 = 8

    public init(deposit: Amount, reward: Amount, rounds: UInt8) {
        (self.deposit, self.reward, self.rounds) = (deposit, reward, rounds)
    }

    /// Steps that a run may have.
    public var mostSteps: UInt64 { 1 << (4 * UInt64(min(rounds, Self.mostRounds))) }
}

/// How what is delivered is verified.
public enum Verification: Hashable, Sendable {
    /// The poster accepts, or disputes in time.
    case attested
    /// `quorum` of the verifiers get the same result; each who is right gets `fee` for it.
    case redundant(quorum: UInt8, verifiers: [AccountID], fee: Amount)
    /// Anybody may challenge the result of a run.
    case reexecuted(TaskRun, Reexecution)
    /// The result of a run counts with a proof that the ledger verifies.
    case proven(TaskRun)

    /// A stable name.
    public var name: String {
        switch self {
        case .attested: "attested"
        case .redundant: "redundant"
        case .reexecuted: "reexecuted"
        case .proven: "proven"
        }
    }

    /// The run asked for.
    public var run: TaskRun? {
        switch self {
        case .reexecuted(let run, _), .proven(let run): run
        case .attested, .redundant: nil
        }
    }

    var isValid: Bool {
        switch self {
        case .attested: true
        case .redundant(let quorum, let verifiers, _):
            (1...TaskTerms.mostVerifiers).contains(verifiers.count)
                && verifiers.isStrictlyAscending && (1...verifiers.count).contains(Int(quorum))
        case .reexecuted(let run, let rules):
            run.isValid && (1...Reexecution.mostRounds).contains(rules.rounds)
                && rules.deposit > .zero
        case .proven(let run): run.isValid
        }
    }

    /// What is paid in for it; nil where that passes 2^128 - 1.
    func price(milestones: Int) -> Amount? {
        switch self {
        case .attested, .proven: return .zero
        case .reexecuted(_, let rules): return rules.reward
        case .redundant(_, let verifiers, let fee):
            let count = UInt128(verifiers.count * milestones)
            let (fees, overflow) = fee.nanoCredits.multipliedReportingOverflow(by: count)
            return overflow ? nil : Amount(nanoCredits: fees)
        }
    }

    var verifiers: [AccountID] {
        if case .redundant(_, let verifiers, _) = self { return verifiers }
        return []
    }

    /// Of each verifier who is right.
    var fee: Amount {
        if case .redundant(_, _, let fee) = self { return fee }
        return .zero
    }

    var reexecution: Reexecution? {
        if case .reexecuted(_, let rules) = self { return rules }
        return nil
    }
}

extension Verification {
    /// `docs/spec/tasks.md` §1.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .attested: writer.write(UInt8(1))
        case .redundant(let quorum, let verifiers, let fee):
            writer.write(UInt8(2))
            writer.write(quorum)
            writer.write(identifiers: verifiers)
            writer.write(fee)
        case .reexecuted(let run, let rules):
            writer.write(UInt8(3))
            run.write(to: &writer)
            writer.write(rules.rounds)
            writer.write(rules.deposit)
            writer.write(rules.reward)
        case .proven(let run):
            writer.write(UInt8(4))
            run.write(to: &writer)
        }
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .attested
        case 2:
            self = .redundant(
                quorum: try reader.read(),
                verifiers: try reader.readIdentifiers(limit: TaskTerms.mostVerifiers),
                fee: try reader.readAmount())
        case 3:
            let run = try TaskRun(from: &reader)
            let rounds = try reader.read(UInt8.self)
            let deposit = try reader.readAmount()
            self = .reexecuted(
                run,
                Reexecution(deposit: deposit, reward: try reader.readAmount(), rounds: rounds))
        case 4: self = .proven(try TaskRun(from: &reader))
        default: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension TaskRun {
    func write(to writer: inout ByteWriter) {
        writer.write(program)
        writer.write(input)
        writer.write(words)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        program = try reader.read()
        input = try reader.read()
        words = try reader.read()
    }
}
