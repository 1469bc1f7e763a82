// One proof of several runs of an agent's program, with the touched parts of the states that they
// start from.
import Agents
import Ligerito
import Primitives

/// Why a proof is refused. The checks are made in this order.
public enum JointFailure: Error, Hashable, Sendable {
    /// There are not as many states as statements.
    case witnesses
    case proof(RunProofFailure)
    /// Of the run of that number, from 0.
    case state(run: Int, StateFailure)
}

/// A proof, and for each of its runs the leaves that it touches with their multiproof.
public struct JointProof: Hashable, Sendable {
    /// In the order of the statements.
    public var witnesses: [Multiproof]
    public var proof: RunProof

    public init(witnesses: [Multiproof], proof: RunProof) {
        (self.witnesses, self.proof) = (witnesses, proof)
    }

    /// Throws unless each run happened between the states of its roots; returns the probability
    /// that a false proof passes one try.
    public func check(
        of program: ProvableAgent, margin: Int
    ) throws(JointFailure) -> ErrorBound {
        guard witnesses.count == proof.statements.count else { throw .witnesses }
        let claim: Claim
        do throws(RunProofFailure) {
            claim = try proof.check(of: program.provable, margin: margin)
        } catch {
            throw .proof(error)
        }
        for (run, witness) in witnesses.enumerated() {
            do throws(StateFailure) {
                try claim.check(
                    run: run, witness, of: program.agent,
                    hasExited: proof.statements[run].hasExited)
            } catch {
                throw .state(run: run, error)
            }
        }
        guard let bound = claim.soundness(margin: margin) else {
            throw .proof(.proof(.impossibleSize))
        }
        return bound
    }

    func write(to writer: inout ByteWriter) {
        writer.write(UInt8(truncatingIfNeeded: witnesses.count))
        for witness in witnesses { witness.write(to: &writer) }
        writer.writeCounted(proof.encoded)
    }

    init(reading reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard (1...Claim.mostRuns).contains(count) else {
            throw DecodingFailure(.overLimit, at: start)
        }
        witnesses = []
        for _ in 0..<count { witnesses.append(try Multiproof(from: &reader)) }
        proof = try RunProof(decoding: try reader.readCounted(limit: Self.mostBytes))
    }

    /// Statements, disclosure and messages, each as large as may be.
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
