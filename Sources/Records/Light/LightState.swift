// The state of a light client as bytes: what it keeps between two runs (docs/spec/receipt.md §4).
import Primitives

extension LightClient {
    /// What the bytes begin with.
    public static let tag = Array("althlit1".utf8)
    /// Bytes of a state, at most; what a client ever knows takes less.
    public static let mostBytes = 8 << 20

    /// Tag, chain, epoch, terms, last step, recent checkpoints, fork.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(Self.tag)
        writer.write(trail.chain)
        writer.write(trail.epoch)
        writer.write(UInt16(trail.terms.count))
        for term in trail.terms {
            writer.write(term.first)
            term.committee.write(to: &writer)
        }
        writer.write(checkpoints: trail.last.map { [$0] } ?? [])
        writer.write(checkpoints: recent)
        writer.write(checkpoints: fork.map { [$0.first, $0.second] } ?? [])
        return writer.bytes
    }

    /// Reads a state. It is trusted: signatures in it are not checked again.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(count: Self.tag.count) == Self.tag else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let trail = try CommitteeTrail(from: &reader)
        let start = reader.offset
        let recent = try reader.readCheckpoints(limit: Self.mostRecent)
        let heights = recent.map(\.header.height)
        let isAscending = zip(heights, heights.dropFirst()).allSatisfy { $0 < $1 }
        let pair = try reader.readCheckpoints(limit: 2)
        try reader.finish()
        let known = recent + pair + (trail.last.map { [$0] } ?? [])
        guard isAscending, pair.count != 1,
            known.allSatisfy({ $0.header.chain == trail.chain })
        else { throw DecodingFailure(.outOfRange, at: start) }
        let fork = pair.isEmpty ? nil : ForkEvidence(first: pair[0], second: pair[1])
        self.init(trail, recent: recent, fork: fork)
    }
}

extension CommitteeTrail {
    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let chain: Digest = try reader.read()
        let epoch: UInt64 = try reader.read()
        let count = Int(try reader.read(UInt16.self))
        guard count <= Self.mostTerms else { throw DecodingFailure(.overLimit, at: start) }
        var terms: [Term] = []
        for _ in 0..<count {
            terms.append(
                Term(first: try reader.read(), committee: try Committee(from: &reader)))
        }
        let last = try reader.readCheckpoints(limit: 1).first
        guard let trail = CommitteeTrail(chain: chain, epoch: epoch, last: last, terms: terms)
        else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self = trail
    }
}

extension ByteWriter {
    fileprivate mutating func write(checkpoints: [Checkpoint]) {
        write(UInt16(checkpoints.count))
        for checkpoint in checkpoints { checkpoint.write(to: &self) }
    }
}

extension ByteReader {
    fileprivate mutating func readCheckpoints(
        limit: Int
    ) throws(DecodingFailure) -> [Checkpoint] {
        let start = offset
        let count = Int(try read(UInt16.self))
        guard count <= limit else { throw DecodingFailure(.overLimit, at: start) }
        var checkpoints: [Checkpoint] = []
        for _ in 0..<count { checkpoints.append(try Checkpoint(from: &self)) }
        return checkpoints
    }
}
