// Proofs of runs in order: of a long run that is cut into parts, or of several runs
// (docs/spec/proof.md §11).
import Agents
import Ligerito
import Primitives

/// Why a chain of proofs is refused. The checks are made in this order.
public enum ChainFailure: Error, Hashable, Sendable {
    /// There is no proof.
    case empty
    /// A run follows after the agent ended.
    case goesOn(run: Int)
    /// A run begins in another state than the one before left.
    case broken(run: Int)
    case refused(proof: Int, JointFailure)
    /// All proofs together are less sure than `LigeritoParameters.soundnessBits`.
    case weak(bits: Int)
}

/// One to `mostProofs` proofs of one run or more each, in order. Where the next instruction is part
/// of the state, roots that meet are all that runs need to be one.
public struct ProofChain: Hashable, Sendable {
    public static let mostProofs = 32
    /// Bytes of a chain, at most.
    public static let mostBytes = 64 << 20

    public var proofs: [JointProof]

    public init(_ proofs: [JointProof]) { self.proofs = proofs }

    /// Of all runs, in order.
    public var statements: [Statement] { proofs.flatMap(\.proof.statements) }

    /// Throws unless one run happened that is all runs, one after the other; returns the bits of
    /// soundness, which are at least 100 however many proofs there are.
    ///
    /// Time: that of each proof, about a millisecond.
    @discardableResult
    public func check(of program: ProvableAgent) throws(ChainFailure) -> Int {
        var before: Statement?
        for (run, statement) in statements.enumerated() {
            if let before {
                guard !before.hasExited else { throw .goesOn(run: run) }
                guard before.after == statement.before else { throw .broken(run: run) }
            }
            before = statement
        }
        return try checkEach(of: program)
    }

    /// The same without a word about their order: each run happened.
    @discardableResult
    public func checkEach(of program: ProvableAgent) throws(ChainFailure) -> Int {
        guard !proofs.isEmpty else { throw .empty }
        var bounds: [ErrorBound] = []
        for (index, proof) in proofs.enumerated() {
            do throws(JointFailure) {
                bounds.append(try proof.check(of: program, margin: margin))
            } catch {
                throw .refused(proof: index, error)
            }
        }
        let bits = bounds.dropFirst().reduce(bounds[0], +).bits
        guard bits >= LigeritoParameters.soundnessBits else { throw .weak(bits: bits) }
        return bits
    }

    /// Bits by which each proof must be surer, since any of them may be the false one.
    private var margin: Int { Self.margin(proofs: proofs.count) }

    public static func margin(proofs: Int) -> Int {
        proofs > 1 ? LigeritoParameters.wideMargin : 0
    }
}

// What all runs together say.
extension ProofChain {
    /// Roots of the first and the last state; nil where there is no run.
    public var roots: (before: Digest, after: Digest)? {
        guard let first = proofs.first?.proof.statements.first,
            let last = proofs.last?.proof.statements.last
        else { return nil }
        return (first.before, last.after)
    }

    /// At most `mostProofs` times 2^16, once the chain is checked.
    public var steps: UInt64 { statements.reduce(0) { $0 + UInt64($1.steps) } }

    /// The cost of these steps; meaningful once the chain is checked.
    public var gas: UInt64 { statements.reduce(0) { $0 &+ $1.gas } }
}

extension ProofChain {
    /// version u8 = 2, u8 proofs, then each: u8 runs, a multiproof of each, counted proof.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 1 << 16)
        writer.write(Self.version)
        writer.write(UInt8(truncatingIfNeeded: proofs.count))
        for proof in proofs { proof.write(to: &writer) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(UInt8.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let count = Int(try reader.read(UInt8.self))
        guard (1...Self.mostProofs).contains(count) else {
            throw DecodingFailure(.overLimit, at: 1)
        }
        proofs = []
        for _ in 0..<count { proofs.append(try JointProof(reading: &reader)) }
        try reader.finish()
    }

    private static let version: UInt8 = 2
}
