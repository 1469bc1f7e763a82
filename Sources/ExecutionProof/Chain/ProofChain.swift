// A run proven in segments: each begins in the state that the one before left
// (docs/spec/proof.md §11).
import Agents
import Ligerito
import Primitives

/// Why a chain of proofs is refused. The checks are made in this order, segment by segment.
public enum ChainFailure: Error, Hashable, Sendable {
    /// There is no segment.
    case empty
    /// A segment follows after the agent ended.
    case goesOn(segment: Int)
    /// A segment begins in another state than the one before left.
    case broken(segment: Int)
    case refused(segment: Int, SegmentFailure)
}

/// One to `mostSegments` segments, in order. Where the next instruction is part of the state, roots
/// that meet are all that a chain needs.
public struct ProofChain: Hashable, Sendable {
    public static let mostSegments = 64
    /// Bytes of a chain, at most.
    public static let mostBytes = 64 << 20
    /// 100, less what is lost because any of the segments may be the forged one.
    public static func soundnessBits(segments: Int) -> Int {
        let lost = Int.bitWidth - max(0, segments - 1).leadingZeroBitCount
        return LigeritoParameters.soundnessBits - lost
    }

    public var segments: [SegmentProof]

    public init(_ segments: [SegmentProof]) { self.segments = segments }

    /// Throws unless one run happened that is all segments, one after the other.
    ///
    /// Time: that of each segment, about a millisecond.
    public func check(of program: ProvableAgent) throws(ChainFailure) {
        guard !segments.isEmpty else { throw .empty }
        for (index, segment) in segments.enumerated() {
            if index > 0 {
                let before = segments[index - 1].run.statement
                guard !before.hasExited else { throw .goesOn(segment: index) }
                guard before.after == segment.run.statement.before else {
                    throw .broken(segment: index)
                }
            }
            do throws(SegmentFailure) {
                try segment.check(of: program)
            } catch {
                throw .refused(segment: index, error)
            }
        }
    }
}

// What all segments together say.
extension ProofChain {
    /// Roots of the first and the last state; nil where there is no segment.
    public var roots: (before: Digest, after: Digest)? {
        guard let first = segments.first, let last = segments.last else { return nil }
        return (first.run.statement.before, last.run.statement.after)
    }

    /// At most `mostSegments` times 2^16.
    public var steps: UInt64 { segments.reduce(0) { $0 + UInt64($1.run.statement.steps) } }

    /// The cost of these steps; meaningful once the chain is checked.
    public var gas: UInt64 { segments.reduce(0) { $0 &+ $1.run.statement.gas } }
}

extension ProofChain {
    /// version u8 = 1, u8 segments, then each: multiproof, counted proof.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 1 << 16)
        writer.write(Self.version)
        writer.write(UInt8(segments.count))
        for segment in segments { segment.write(to: &writer) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(UInt8.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let count = Int(try reader.read(UInt8.self))
        guard (1...Self.mostSegments).contains(count) else {
            throw DecodingFailure(.overLimit, at: 1)
        }
        segments = []
        for _ in 0..<count { segments.append(try SegmentProof(reading: &reader)) }
        try reader.finish()
    }

    private static let version: UInt8 = 1
}
