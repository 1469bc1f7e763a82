// The commands of the transitions' chapter and their encoding (docs/spec/agents.md §6).
import Agents
import Primitives

/// How an agent gets a program.
public struct Spawn: Hashable, Sendable {
    public var agent: AgentID
    /// Identity of a registered program.
    public var program: Digest
    public var policy: SubmissionPolicy
    public var account: InstanceAccount

    public init(
        agent: AgentID, program: Digest, policy: SubmissionPolicy, account: InstanceAccount
    ) {
        (self.agent, self.program) = (agent, program)
        (self.policy, self.account) = (policy, account)
    }
}

/// A command of the transitions' chapter.
public enum TransitionCommand: Hashable, Sendable {
    /// The bytes of a standard program, at most `AgentLimits.programBytes`.
    case register(program: [UInt8])
    case spawn(Spawn)
    /// Moves micro-credits of the owner's account to the deposit of an agent's program.
    case deposit(AgentID, microCredits: UInt64)
    case submit(Transition)
    /// Gives up a call that nobody answered.
    case abandonCall(AgentID)
    /// Two headers for one place by the agent's key.
    case report(SignedHeader, SignedHeader)
    /// Takes micro-credits of the deposit back.
    case withdraw(AgentID, microCredits: UInt64)
    /// Ends an agent's program: what is left of the deposit comes back.
    case end(AgentID)
    /// Shows leaves of an agent's accepted state to another, which waits for them.
    case show(AgentID, to: AgentID, Multiproof)
    /// Transitions that share a proof: all are accepted, or none.
    case series(TransitionSeries)
}

extension TransitionCommand {
    /// The numbers of the commands in the encoding.
    enum Tag: UInt8 {
        case register = 48
        case spawn, deposit, submit, abandonCall, report, withdraw, end, show, series
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .register(let program):
            writer.write(Tag.register.rawValue)
            writer.writeCounted(program)
        case .spawn(let spawn):
            writer.write(Tag.spawn.rawValue)
            writer.write(spawn.agent)
            writer.write(spawn.program)
            spawn.policy.write(to: &writer)
            writer.write(spawn.account.deposit)
            writer.write(spawn.account.transferLimit)
        case .deposit(let agent, let amount):
            writer.write(Tag.deposit.rawValue)
            writer.write(agent)
            writer.write(amount)
        case .submit(let transition):
            writer.write(Tag.submit.rawValue)
            transition.write(to: &writer)
        case .abandonCall(let agent):
            writer.write(Tag.abandonCall.rawValue)
            writer.write(agent)
        case .report(let one, let other):
            writer.write(Tag.report.rawValue)
            one.write(to: &writer)
            other.write(to: &writer)
        case .withdraw(let agent, let amount):
            writer.write(Tag.withdraw.rawValue)
            writer.write(agent)
            writer.write(amount)
        case .end(let agent):
            writer.write(Tag.end.rawValue)
            writer.write(agent)
        case .show(let agent, let reader, let proof):
            writer.write(Tag.show.rawValue)
            writer.write(agent)
            writer.write(reader)
            proof.write(to: &writer)
        case .series(let series):
            writer.write(Tag.series.rawValue)
            series.write(to: &writer)
        }
    }

    init(_ tag: Tag, from reader: inout ByteReader) throws(DecodingFailure) {
        switch tag {
        case .register:
            self = .register(program: try reader.readCounted(limit: AgentLimits.programBytes))
        case .spawn:
            let (agent, program): (AgentID, Digest) = (try reader.read(), try reader.read())
            let policy = try SubmissionPolicy(from: &reader)
            let account = InstanceAccount(
                deposit: try reader.read(), transferLimit: try reader.read())
            self = .spawn(
                Spawn(agent: agent, program: program, policy: policy, account: account))
        case .deposit: self = .deposit(try reader.read(), microCredits: try reader.read())
        case .submit: self = .submit(try Transition(from: &reader))
        case .abandonCall: self = .abandonCall(try reader.read())
        case .report:
            self = .report(try SignedHeader(from: &reader), try SignedHeader(from: &reader))
        case .withdraw: self = .withdraw(try reader.read(), microCredits: try reader.read())
        case .end: self = .end(try reader.read())
        case .show:
            self = .show(
                try reader.read(), to: try reader.read(), try Multiproof(from: &reader))
        case .series: self = .series(try TransitionSeries(from: &reader))
        }
    }
}
