// One proof of a part of an agent's run, with the touched part of the state that it starts from.
import Agents
import Ligerito
import Primitives

/// Why a segment is refused. The checks are made in this order.
public enum SegmentFailure: Error, Hashable, Sendable {
    case proof(RunProofFailure)
    case state(StateFailure)
}

/// A proof, and the leaves that it touches with their multiproof.
public struct SegmentProof: Hashable, Sendable {
    public var witness: Multiproof
    public var run: RunProof

    public init(witness: Multiproof, run: RunProof) { (self.witness, self.run) = (witness, run) }

    /// Throws unless the run of the statement happened between the states of its roots.
    public func check(of program: ProvableAgent) throws(SegmentFailure) {
        let claim: Claim
        do throws(RunProofFailure) {
            claim = try run.check(of: program.provable)
        } catch {
            throw .proof(error)
        }
        do throws(StateFailure) {
            try claim.check(witness, of: program.agent, hasExited: run.statement.hasExited)
        } catch {
            throw .state(error)
        }
    }

    func write(to writer: inout ByteWriter) {
        witness.write(to: &writer)
        writer.writeCounted(run.encoded)
    }

    init(reading reader: inout ByteReader) throws(DecodingFailure) {
        witness = try Multiproof(from: &reader)
        run = try RunProof(decoding: try reader.readCounted(limit: Self.mostBytes))
    }

    /// Statement, disclosure and messages, each as large as may be.
    private static let mostBytes = 8 << 20
}

/// An agent's program, as it runs and as it is proven.
public struct ProvableAgent: Sendable {
    public let agent: AgentProgram
    public let provable: ProvableProgram

    /// Takes time in proportion to the code.
    public init(_ agent: AgentProgram) throws(UnprovableProgram) {
        self.agent = agent
        provable = try ProvableProgram(agent.standard.program, identity: agent.identity)
    }
}

extension Statement {
    /// Whether the agent ended: at the end of its program, or by an `exit` as the last step.
    public var hasExited: Bool {
        guard end != .halt else { return true }
        guard let last = events.last, last.step + 1 == steps else { return false }
        return UInt64(last.number) == HostCall.exit.rawValue
    }
}
