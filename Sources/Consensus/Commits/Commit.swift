// A commit: the leaders of one round and the part of the graph that they add to the order.
import Cryptography
import Primitives

/// Where the sequence of commits stands.
public struct CommitHead: Hashable, Sendable {
    /// The number of commits so far.
    public var index: UInt64
    /// L: the round of the last commit's leaders.
    public var round: Round
    /// The digest of the last commit; it covers all before.
    public var digest: Digest
    public var time: Instant

    public init(index: UInt64, round: Round, digest: Digest, time: Instant) {
        self.index = index
        self.round = round
        self.digest = digest
        self.time = time
    }

    /// Nothing is committed: the digest is zero, the time that of the genesis.
    public init(genesisTime: Instant) {
        self.init(index: 0, round: .genesis, digest: Digest(), time: genesisTime)
    }
}

/// One step of the common order.
public struct Commit: Hashable, Sendable {
    /// Where the sequence stands after it.
    public let head: CommitHead
    /// The committed blocks of its round in the order of their slots, one or more.
    public let leaders: [BlockReference]
    /// What it adds, by round, author, digest; parents before children, the leaders included.
    public let blocks: [CheckedBlock]
    /// Every slot since the commit before, with its verdict.
    public let decisions: [DecidedSlot]

    public var index: UInt64 { head.index }

    private static let domain = HashDomain("althing 2026 commit v1")

    /// Hash of the digest before, index, time, leaders and blocks.
    static func digest(
        after previous: Digest, index: UInt64, time: Instant,
        leaders: [BlockReference], blocks: [BlockReference]
    ) -> Digest {
        var writer = ByteWriter()
        writer.write(previous)
        writer.write(index)
        writer.write(time)
        for list in [leaders, blocks] {
            writer.write(UInt64(list.count))
            for reference in list { reference.encode(to: &writer) }
        }
        return domain.hash(writer.bytes)
    }
}

/// What must not happen with at most f faulty seats.
public enum CommitFault: Error, Hashable, Sendable {
    /// Two blocks of one slot have certificates. The committee is broken: stop, keep the graph, say
    /// so.
    case twoCertified(BlockReference, BlockReference)
}
