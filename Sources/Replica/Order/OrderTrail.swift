// Where the execution stands in the common order, as part of the state: a snapshot starts from it.
import Consensus
import Primitives

/// The last commit carried out and the blocks in the order above its floor.
struct OrderTrail: Sendable {
    var head: CommitHead
    var sequenced: [BlockReference] = []

    init(head: CommitHead) { self.head = head }

    /// There is no later commit: sums of indices stay far from 2^64.
    static let lastIndex: UInt64 = 1 << 62

    /// The place of the value in the state (`StateKey.consensus`).
    static let slot: UInt8 = 1

    mutating func follow(_ commit: CommitHead, _ blocks: [BlockReference], depth: UInt64) {
        head = commit
        let floor = commit.round - depth
        sequenced.removeAll { $0.round <= floor }
        sequenced += blocks.filter { $0.round > floor }
    }

    /// Blocks at or below it are in no later commit.
    func floor(depth: UInt64) -> Round { head.round - depth }

    /// Index, round, digest, time, number of blocks, blocks in order.
    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 64 + 41 * sequenced.count)
        writer.write(head.index)
        writer.write(head.round.number)
        writer.write(head.digest)
        writer.write(head.time)
        writer.write(UInt32(sequenced.count))
        for reference in sequenced.sorted() { reference.encode(to: &writer) }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let index: UInt64 = try reader.read()
        guard index <= Self.lastIndex else { throw DecodingFailure(.outOfRange, at: 0) }
        let round = try reader.readRound()
        let digest: Digest = try reader.read()
        let time = try reader.readInstant()
        head = CommitHead(index: index, round: round, digest: digest, time: time)
        for _ in 0..<(try reader.readCount(limit: 1 << 20)) {
            sequenced.append(try BlockReference(from: &reader))
        }
        try reader.finish()
    }
}
