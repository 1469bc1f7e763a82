// A proof of a run as it is sent: what is claimed, what is shown in the clear, and the messages.
import Ligerito
import Primitives

/// Why the proof of a run is refused.
public enum RunProofFailure: Error, Hashable, Sendable {
    /// What is claimed or shown in the clear cannot be true.
    case claim(ClaimFailure)
    /// The messages do not show it.
    case proof(ProofFailure)
}

/// Statement, disclosure, and the messages of the protocol. Not zero-knowledge: see
/// `docs/soundness.md`, section 5.
public struct RunProof: Hashable, Sendable {
    /// Bytes of messages, at most: the largest committed vector needs fewer.
    public static let mostMessageBytes = 1 << 20

    public var statement: Statement
    public var disclosure: Disclosure
    public var messages: [UInt8]

    public init(statement: Statement, disclosure: Disclosure, messages: [UInt8]) {
        self.statement = statement
        self.disclosure = disclosure
        self.messages = messages
    }

    /// Throws unless the messages prove the statement; returns the claim, of which the caller
    /// still has to hold the touched registers and cells against the roots of its states.
    ///
    /// Time: about a millisecond for thousands of steps, and nothing that a proof could prolong:
    /// lengths follow from the statement and the disclosure.
    public func check(of program: ProvableProgram) throws(RunProofFailure) -> Claim {
        let claim: Claim
        do throws(ClaimFailure) {
            claim = try Claim(statement, disclosure, of: program)
        } catch {
            throw .claim(error)
        }
        do throws(ProofFailure) {
            try ProofCheck.verify(messages, of: claim.problem)
        } catch {
            throw .proof(error)
        }
        return claim
    }
}

extension RunProof {
    /// Statement, disclosure, then a 32-bit count and the messages.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: messages.count + 4096)
        statement.write(to: &writer)
        disclosure.write(to: &writer)
        writer.writeCounted(messages)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        statement = try Statement(reading: &reader)
        disclosure = try Disclosure(reading: &reader)
        messages = try reader.readCounted(limit: Self.mostMessageBytes)
        try reader.finish()
    }
}

extension Claim {
    /// What the protocol has to show. Everything in it follows from statement, disclosure and
    /// program; the statement names the program.
    package var problem: ProofProblem {
        var writer = ByteWriter()
        statement.write(to: &writer)
        disclosure.write(to: &writer)
        return ProofProblem(
            statement: writer.bytes,
            parts: ConstraintSystem.tables.compactMap { table in
                let active = active(table.kind)
                return active == 0 ? nil : ProofProblem.Part(table: table, active: active)
            },
            pushes: pushes, pulls: pulls, ends: (UInt64(entry), UInt64(exit)))
    }
}
