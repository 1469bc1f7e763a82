// The coin of one epoch: shares made and checked, and any f + 1 of a round put together.
import Cryptography
import Primitives

/// Why a share or an opened coin does not count.
public enum CoinFault: Error, Hashable, Sendable {
    /// The seat is not in the committee.
    case unknownSeat
    /// Round 0, or past `Round.last`.
    case roundOutOfRange
    /// Not exactly f + 1 shares.
    case wrongCount
    /// Shares of different rounds, or not by ascending seat.
    case sharesOutOfOrder
    /// A share came from another seat than it names.
    case wrongSender
    /// Not due yet in its block; of a coin served whole: further past the last commit than is kept.
    case roundTooFar
    /// Not the seat's value in this round: the proof does not prove it.
    case invalidProof
    /// Neither the proof nor the signature is valid, so it is nobody's.
    case invalidSignature
}

/// Unpredictable to f seats until an honest one opens its share (Cachin, Kursawe, Shoup, PODC 2000,
/// over ristretto255).
public struct Coin: Sendable {
    public let committee: CommitteeView
    public let keys: CoinKeys

    /// Nil unless there is a public share for each seat.
    public init?(committee: CommitteeView, keys: CoinKeys) {
        guard keys.publicShares.count == committee.count else { return nil }
        self.committee = committee
        self.keys = keys
    }

    /// f + 1.
    public var threshold: Int { committee.someHonest }

    private static let pointDomain = WideDomain("althing 2026 coin point v1")
    private static let contextDomain = HashDomain("althing 2026 coin proof v1")
    private static let domain = HashDomain("althing 2026 coin v1")

    private func bytes(_ round: Round) -> ByteWriter {
        var writer = ByteWriter(capacity: 80)
        writer.write(committee.chain)
        writer.write(committee.epoch)
        writer.write(round.number)
        return writer
    }

    /// H_R: nobody knows its logarithm.
    func point(of round: Round) -> Point { Self.pointDomain.point(bytes(round).bytes) }

    private func statement(
        _ seat: Seat, _ round: Round, value: Point, over base: Point
    ) -> EqualityStatement {
        var writer = bytes(round)
        writer.write(seat.index)
        return EqualityStatement(
            key: keys.publicShares[Int(seat.index)], base: base, image: value,
            context: Self.contextDomain.hash(writer.bytes))
    }

    /// The share of the seat that holds `secret` and `key`.
    /// - Parameters:
    ///   - round: 1...`Round.last`.
    ///   - secret: of a seat of this committee.
    public func share(of round: Round, secret: CoinSecret, key: SigningKey) -> CoinShare {
        precondition(committee.contains(secret.seat), "the secret is of a seat")
        let base = point(of: round)
        let value = secret.value * base
        let statement = statement(secret.seat, round, value: value, over: base)
        let share = CoinShare(
            seat: secret.seat, round: round, value: value,
            proof: EqualityProof(of: statement, secret: secret.value), signature: Signature())
        return share.signed(with: key, in: committee)
    }

    /// Holds one share to the rules. A valid proof is enough: only the seat can make one, and the
    /// value has no alternative. The signature is looked at where the proof fails.
    /// - Throws: `unknownSeat`, `roundOutOfRange`, `invalidSignature`, and `invalidProof`, which
    ///   makes the share `CoinEvidence`.
    public func check(_ share: CoinShare) throws(CoinFault) {
        try check(share, over: point(of: share.round))
    }

    /// - Parameter base: H_R of the share's round: shares of one round have it in common.
    func check(_ share: CoinShare, over base: Point) throws(CoinFault) {
        guard committee.contains(share.seat) else { throw .unknownSeat }
        guard share.round > .genesis, share.round <= .last else { throw .roundOutOfRange }
        let statement = statement(share.seat, share.round, value: share.value, over: base)
        if share.proof.proves(statement) { return }
        throw share.isSigned(in: committee) ? .invalidProof : .invalidSignature
    }

    /// coin(R), the same for any f + 1 shares of the round.
    /// - Parameter shares: f + 1, of one round and of different seats, each one checked.
    func combine(_ shares: [CoinShare]) -> Digest {
        precondition(shares.count == threshold, "f + 1 shares open a coin")
        let weights = Interpolation.weightsAtZero(shares.map(\.seat))
        var sum = Point.identity
        for (share, weight) in zip(shares, weights) { sum = sum + weight * share.value }
        var writer = bytes(shares[0].round)
        writer.write(sum)
        return Self.domain.hash(writer.bytes)
    }
}

/// A coin and the f + 1 shares that open it: anybody can check it, a seat that lags asks for it.
public struct OpenedCoin: Hashable, Sendable {
    /// By ascending seat.
    public let shares: [CoinShare]

    /// Nil where there are no shares: a coin has a round.
    public init?(shares: [CoinShare]) {
        guard !shares.isEmpty else { return nil }
        self.shares = shares.sorted { $0.seat < $1.seat }
    }

    public var round: Round { shares[0].round }

    /// coin(R).
    /// - Throws: `wrongCount`, `sharesOutOfOrder`, or what is wrong with the first bad share.
    public func value(in coin: Coin) throws(CoinFault) -> Digest {
        guard shares.count == coin.threshold else { throw .wrongCount }
        for (left, right) in zip(shares, shares.dropFirst()) {
            guard left.round == right.round, left.seat < right.seat else { throw .sharesOutOfOrder }
        }
        let base = coin.point(of: round)
        for share in shares { try coin.check(share, over: base) }
        return coin.combine(shares)
    }

    /// u8 count ‖ count × share.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 1 + CoinShare.width * shares.count)
        writer.write(UInt8(clamping: shares.count))
        for share in shares { share.encode(to: &writer) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let count = Int(try reader.read(UInt8.self))
        guard (1...Limits.validatorsPerCommittee).contains(count) else {
            throw DecodingFailure(.overLimit, at: 0)
        }
        var shares: [CoinShare] = []
        for _ in 0..<count { shares.append(try CoinShare(from: &reader)) }
        for (left, right) in zip(shares, shares.dropFirst()) {
            guard left.seat < right.seat else { throw DecodingFailure(.notCanonical, at: 1) }
        }
        self.shares = shares
        try reader.finish()
    }
}
