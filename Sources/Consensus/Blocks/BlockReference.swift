// How a block is named: its round, its author and its digest.
import Primitives

/// The name of one block; only the digest tells several of one faulty author and round apart.
/// Ordered by round, author, digest, which is the order of blocks within a commit.
public struct BlockReference: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let round: Round
    public let author: Seat
    public let digest: Digest

    public init(round: Round, author: Seat, digest: Digest) {
        self.round = round
        self.author = author
        self.digest = digest
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.round != right.round { return left.round < right.round }
        if left.author != right.author { return left.author < right.author }
        return left.digest < right.digest
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.digest == right.digest && left.round == right.round && left.author == right.author
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    public var description: String { "\(round)\(author):\(digest.hex.prefix(8))" }

    /// Author (1), round (8), digest (32).
    public func encode(to writer: inout ByteWriter) {
        writer.write(author.index)
        writer.write(round.number)
        writer.write(digest)
    }

    /// Reads what `encode` wrote; refuses a round above `Round.last`.
    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        author = Seat(try reader.read())
        let offset = reader.offset
        round = Round(try reader.read())
        guard round <= .last else { throw DecodingFailure(.outOfRange, at: offset) }
        digest = try reader.read()
    }
}
