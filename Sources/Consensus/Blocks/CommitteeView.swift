// What consensus knows of a committee: the chain and epoch, a key for each seat, and the quorums.
import Cryptography
import Primitives

/// The committee of one epoch. All seats are equal.
public struct CommitteeView: Sendable {
    /// The digest of the chain's genesis.
    public let chain: Digest
    public let epoch: UInt64
    /// The key of each seat.
    public let keys: [PublicKey]
    /// The blocks of round 0, one for each seat; nobody signs them.
    public let genesis: [BlockReference]

    /// Nil unless there are 1...128 keys, all different.
    public init?(chain: Digest, epoch: UInt64, keys: [PublicKey]) {
        guard (1...Limits.validatorsPerCommittee).contains(keys.count),
            Set(keys).count == keys.count
        else { return nil }
        self.chain = chain
        self.epoch = epoch
        self.keys = keys
        genesis = keys.indices.map { index in
            var writer = ByteWriter()
            writer.write(chain)
            writer.write(epoch)
            writer.write(UInt8(index))
            let digest = Self.genesisDomain.hash(writer.bytes)
            return BlockReference(round: .genesis, author: Seat(UInt8(index)), digest: digest)
        }
    }

    private static let genesisDomain = HashDomain("althing 2026 genesis block v1")
    private static let electionDomain = HashDomain("althing 2026 coin election v1")

    /// n.
    public var count: Int { keys.count }
    /// f: the most seats that may be faulty, floor((n - 1) / 3).
    public var faults: Int { (count - 1) / 3 }
    /// Q = n - f, which is 2f + 1 where n = 3f + 1. Two quorums share n - 2f > f seats, so an
    /// honest one; the honest seats alone make one.
    public var quorum: Int { count - faults }
    /// f + 1: among so many seats one is honest.
    public var someHonest: Int { faults + 1 }
    public var seats: [Seat] { keys.indices.map { Seat(UInt8($0)) } }

    public func contains(_ seat: Seat) -> Bool { Int(seat.index) < count }

    /// The seat that a coin elects, uniform for a uniform `coin`: the first of its 64-bit words
    /// that is below the greatest multiple of n; where none is, of the hash of the coin.
    public func elected(by coin: Digest) -> Seat {
        let limit = UInt64.max - UInt64.max % UInt64(count)
        var digest = coin
        while true {
            var reader = ByteReader(digest.bytes)
            while let word = try? reader.read(UInt64.self) {
                if word < limit { return Seat(UInt8(word % UInt64(count))) }
            }
            digest = Self.electionDomain.hash(digest.bytes)
        }
    }
}

extension CommitteeView {
    /// The seat of `key`; nil where it has none.
    public func seat(of key: PublicKey) -> Seat? {
        keys.firstIndex(of: key).map { Seat(UInt8($0)) }
    }
}
