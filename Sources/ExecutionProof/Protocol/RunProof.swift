// A proof of runs as it is sent: what is claimed, what is shown in the clear, and the messages.
import Ligerito
import Primitives

/// Why the proof of runs is refused.
public enum RunProofFailure: Error, Hashable, Sendable {
    /// What is claimed or shown in the clear cannot be true.
    case claim(ClaimFailure)
    /// The messages do not show it.
    case proof(ProofFailure)
}

/// Statements about one run of a program or more, their disclosure, and the messages of the
/// protocol, which shows all of them at once. Not zero-knowledge: see
/// `docs/soundness.md`, section 5.
public struct RunProof: Hashable, Sendable {
    /// Bytes of messages, at most: the largest committed vector needs fewer.
    public static let mostMessageBytes = 1 << 20

    /// 1 to `Claim.mostRuns`, in the order in which the tables hold the runs.
    public var statements: [Statement]
    public var disclosure: Disclosure
    public var messages: [UInt8]

    public init(statements: [Statement], disclosure: Disclosure, messages: [UInt8]) {
        self.statements = statements
        self.disclosure = disclosure
        self.messages = messages
    }

    /// Throws unless the messages prove the statements; returns the claim, of which the caller
    /// still has to hold the touched registers and cells against the roots of its states.
    ///
    /// Time: about a millisecond for thousands of steps, and nothing that a proof could prolong:
    /// lengths follow from the statements and the disclosure.
    /// - Parameter margin: bits of soundness that it must have beside those of one proof, as
    ///   `LigeritoParameters.standard` knows them.
    public func check(
        of program: ProvableProgram, margin: Int
    ) throws(RunProofFailure) -> Claim {
        let claim: Claim
        do throws(ClaimFailure) {
            claim = try Claim(statements, disclosure, of: program)
        } catch {
            throw .claim(error)
        }
        do throws(ProofFailure) {
            try ProofCheck.verify(messages, of: claim.problem(margin: margin))
        } catch {
            throw .proof(error)
        }
        return claim
    }
}

extension RunProof {
    /// u8 number of statements, these, the disclosure, then a 32-bit count and the messages.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: messages.count + 4096)
        writer.write(UInt8(truncatingIfNeeded: statements.count))
        for statement in statements { statement.write(to: &writer) }
        disclosure.write(to: &writer)
        writer.writeCounted(messages)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let count = Int(try reader.read(UInt8.self))
        guard (1...Claim.mostRuns).contains(count) else {
            throw DecodingFailure(.overLimit, at: 0)
        }
        statements = []
        for _ in 0..<count { statements.append(try Statement(reading: &reader)) }
        disclosure = try Disclosure(reading: &reader, runCount: count)
        messages = try reader.readCounted(limit: Self.mostMessageBytes)
        try reader.finish()
    }
}

extension Claim {
    /// What the protocol has to show. Everything in it follows from statements, disclosure and
    /// program; the statements name the program.
    package func problem(margin: Int) -> ProofProblem {
        var writer = ByteWriter()
        writer.write(UInt8(statements.count))
        for statement in statements { statement.write(to: &writer) }
        disclosure.write(to: &writer)
        return ProofProblem(
            statement: writer.bytes,
            parts: ConstraintSystem.tables.compactMap { table in
                let active = active(table.kind)
                return active == 0 ? nil : ProofProblem.Part(
                    table: table, runs: runs(table.kind))
            },
            pushes: pushes, pulls: pulls, ends: ends, margin: margin)
    }
}
