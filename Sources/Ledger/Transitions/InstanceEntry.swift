// What the ledger keeps of programs and of the agents that run them (docs/spec/agents.md §6).
import Agents
import Primitives

/// A program that agents can run; a state entry under its identity.
///
/// Its bytes alone: decoded it takes up to forty times as much.
public struct RegisteredProgram: Hashable, Sendable {
    public var identity: Digest
    public var bytes: [UInt8]
    public var registered: Instant
}

/// Whether an agent's program goes on.
public enum InstanceStatus: UInt8, CaseIterable, Sendable {
    case running = 1
    /// It exited, or its owner ended it.
    case ended
    /// Its key signed two transitions for one place.
    case faulty
}

/// What the ledger says to a call or transfer, until the agent's next transition takes it over.
public struct LedgerAnswer: Hashable, Sendable {
    public var status: HostAnswer.Status
    /// At most `AgentLimits.wordsPerList`: the output of the agent that answered.
    public var words: [UInt64]
    /// The transition that answered; nil where no agent did.
    public var by: Dependency?
}

/// The request that an agent waits with.
public struct PendingCall: Hashable, Sendable {
    public enum Kind: UInt8, CaseIterable, Sendable {
        case call = 1
        case transfer
        /// Asks for leaves of the callee's state.
        case state
    }

    public var kind: Kind
    /// Who is called, paid, or asked.
    public var callee: AgentID
    /// Passed on to the callee, at most `AgentLimits.wordsPerFrame`; none for a transfer, the first
    /// leaf and their number for a state.
    public var words: [UInt64]
    /// When it was accepted.
    public var since: Instant
    /// The approval that a transfer waits for; zero for a call, and where nobody is asked.
    public var approval = Digest()
    public var answer: LedgerAnswer?
}

/// What an agent's program may spend: money that was taken from the owner's account.
public struct InstanceAccount: Hashable, Sendable {
    /// Micro-credits left for fees, at most `InstanceAccount.mostDeposit`.
    public var deposit: UInt64
    /// Micro-credits spent on fees.
    public var spent: UInt64 = 0
    /// Micro-credits that one transfer may have, at most.
    public var transferLimit: UInt64

    /// A thousand million credits.
    public static let mostDeposit: UInt64 = 1_000_000_000_000_000

    public init(deposit: UInt64, transferLimit: UInt64) {
        (self.deposit, self.transferLimit) = (deposit, transferLimit)
    }
}

/// An agent with a program: its accepted state.
public struct AgentInstance: Hashable, Sendable {
    public var agent: AgentID
    public var program: Digest
    public var policy: SubmissionPolicy
    public var status = InstanceStatus.running
    /// Of the last accepted transition; 0 before the first.
    public var sequence: UInt64 = 0
    public var root: Digest
    /// What the last accepted transition was told for the time; that of spawning before the first.
    public var time: Instant
    public var account: InstanceAccount
    public var call: PendingCall?
    /// The agent that waits for the end of the turn in whose midst the state is.
    public var serving: AgentHeight?
    public var clock: [AgentHeight] = []
}

extension RegisteredProgram: StateEntry {
    var stateKey: StateKey { .program(identity) }

    func write(to writer: inout ByteWriter) {
        writer.write(registered)
        writer.writeCounted(bytes)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        registered = try reader.readInstant()
        let start = reader.offset
        bytes = try reader.readCounted(limit: AgentLimits.programBytes)
        do throws(ProgramRefusal) {
            identity = try AgentProgram(decoding: bytes).identity
        } catch {
            throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension AgentInstance: StateEntry {
    var stateKey: StateKey { .instance(agent) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(program)
        policy.write(to: &writer)
        writer.write(status.rawValue)
        writer.write(sequence)
        writer.write(root)
        writer.write(time)
        writer.write(account.deposit)
        writer.write(account.spent)
        writer.write(account.transferLimit)
        writer.write(UInt8(call == nil ? 0 : 1))
        call?.write(to: &writer)
        writer.write(UInt8(serving == nil ? 0 : 1))
        serving?.write(to: &writer)
        AgentHeight.write(clock, to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        program = try reader.read()
        policy = try SubmissionPolicy(from: &reader)
        let start = reader.offset
        guard let status = InstanceStatus(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.status = status
        sequence = try reader.read()
        root = try reader.read()
        time = try reader.readInstant()
        let (deposit, spent): (UInt64, UInt64) = (try reader.read(), try reader.read())
        account = InstanceAccount(deposit: deposit, transferLimit: try reader.read())
        account.spent = spent
        call = try reader.readFlag() ? try PendingCall(from: &reader) : nil
        serving = try reader.readFlag() ? try AgentHeight(from: &reader) : nil
        clock = try AgentHeight.readList(&reader)
    }
}

extension PendingCall {
    func write(to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        writer.write(callee)
        writer.writeWords(words)
        writer.write(since)
        writer.write(approval)
        writer.write(UInt8(answer == nil ? 0 : 1))
        guard let answer else { return }
        writer.write(answer.status.rawValue)
        writer.writeWords(answer.words)
        writer.write(UInt8(answer.by == nil ? 0 : 1))
        guard let by = answer.by else { return }
        by.height.write(to: &writer)
        writer.write(by.root)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let first = reader.offset
        guard let kind = Kind(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: first)
        }
        self.kind = kind
        callee = try reader.read()
        words = try reader.readWords(limit: AgentLimits.wordsPerFrame)
        since = try reader.readInstant()
        approval = try reader.read()
        guard try reader.readFlag() else { return }
        let start = reader.offset
        guard let status = HostAnswer.Status(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        let words = try reader.readWords(limit: AgentLimits.wordsPerList)
        var by: Dependency?
        if try reader.readFlag() {
            by = Dependency(height: try AgentHeight(from: &reader), root: try reader.read())
        }
        answer = LedgerAnswer(status: status, words: words, by: by)
    }
}
