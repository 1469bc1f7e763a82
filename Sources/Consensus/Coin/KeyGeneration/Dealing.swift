// What a dealer deals: a committed polynomial, and its value for each seat, sealed.
import Cryptography
import Primitives

/// A secret polynomial a_0 + a_1·x + … + a_f·x^f as its dealer publishes it (Feldman, FOCS 1987).
/// Nothing about it is checked.
public struct Dealing: Hashable, Sendable {
    /// a_k·G for k = 0…f.
    public let commitments: [Point]
    /// That the dealer knows a_0: nobody deals another's secret.
    public let secretProof: KnowledgeProof
    /// E = e·G: the dealer's side of key agreement with every seat.
    public let ephemeral: Point
    /// That the dealer knows e. Without it a dealer could take the E of another; complaints about
    /// it would then open what the other sealed.
    public let ephemeralProof: KnowledgeProof
    /// The value at each seat's place, sealed for that seat.
    public let shares: [SealedScalar]

    private static let secretDomain = WideDomain("althing 2026 dealing secret v1")
    private static let proofDomain = HashDomain("althing 2026 dealing proof v1")
    private static let shareDomain = HashDomain("althing 2026 dealt share v1")

    /// - Parameter seed: secret, unpredictable, never used for another purpose.
    init(by dealer: Seat, seed: [UInt8], in setting: KeySetting) {
        let secrets = (0...setting.committee.faults + 1).map { index in
            Self.secretDomain.scalar(seed + [UInt8(clamping: index)])
        }
        let ephemeral = secrets[setting.committee.faults + 1]
        self.init(by: dealer, polynomial: Array(secrets.dropLast()), ephemeral, in: setting)
    }

    init(by dealer: Seat, polynomial: [Scalar], _ secret: Scalar, in setting: KeySetting) {
        let ephemeral = Point(baseTimes: secret)
        commitments = polynomial.map { Point(baseTimes: $0) }
        secretProof = KnowledgeProof(
            of: commitments[0], secret: polynomial[0],
            context: Self.proofContext(0, dealer, in: setting))
        self.ephemeral = ephemeral
        ephemeralProof = KnowledgeProof(
            of: ephemeral, secret: secret, context: Self.proofContext(1, dealer, in: setting))
        shares = setting.committee.seats.map { seat in
            SealedScalar(
                Interpolation.value(of: polynomial, at: seat),
                shared: secret * setting.sealingKeys[Int(seat.index)],
                context: Self.shareContext(from: dealer, to: seat, under: ephemeral, in: setting))
        }
    }

    init(
        commitments: [Point], secretProof: KnowledgeProof, ephemeral: Point,
        ephemeralProof: KnowledgeProof, shares: [SealedScalar]
    ) {
        self.commitments = commitments
        self.secretProof = secretProof
        self.ephemeral = ephemeral
        self.ephemeralProof = ephemeralProof
        self.shares = shares
    }

    /// Whether it has the right number of parts and `dealer` knows the secrets behind it.
    func isWellFormed(by dealer: Seat, in setting: KeySetting) -> Bool {
        commitments.count == setting.committee.faults + 1
            && shares.count == setting.committee.count
            && secretProof.proves(
                commitments[0], context: Self.proofContext(0, dealer, in: setting))
            && ephemeralProof.proves(
                ephemeral, context: Self.proofContext(1, dealer, in: setting))
    }

    /// The value for `seat`, opened with the point of key agreement; nil where it does not open or
    /// is not what the dealer committed to.
    /// - Parameter shared: p·E.
    func share(
        for seat: Seat, from dealer: Seat, shared: Point, in setting: KeySetting
    ) -> Scalar? {
        let context = Self.shareContext(from: dealer, to: seat, under: ephemeral, in: setting)
        guard let value = shares[Int(seat.index)].open(shared: shared, context: context),
            Point(baseTimes: value) == Interpolation.value(of: commitments, at: seat)
        else { return nil }
        return value
    }

    private static func proofContext(
        _ role: UInt8, _ dealer: Seat, in setting: KeySetting
    ) -> Digest {
        var writer = setting.writer()
        writer.write(dealer.index)
        writer.write(role)
        return proofDomain.hash(writer.bytes)
    }

    private static func shareContext(
        from dealer: Seat, to seat: Seat, under ephemeral: Point, in setting: KeySetting
    ) -> Digest {
        var writer = setting.writer()
        writer.write(dealer.index)
        writer.write(seat.index)
        writer.write(ephemeral)
        writer.write(setting.sealingKeys[Int(seat.index)])
        return shareDomain.hash(writer.bytes)
    }

    /// u8 k ‖ k × commitment ‖ proof ‖ E ‖ proof ‖ u8 n ‖ n × sealed share (48).
    func encode(to writer: inout ByteWriter) {
        writer.write(UInt8(clamping: commitments.count))
        for commitment in commitments { writer.write(commitment) }
        secretProof.encode(to: &writer)
        writer.write(ephemeral)
        ephemeralProof.encode(to: &writer)
        writer.write(UInt8(clamping: shares.count))
        for share in shares { share.encode(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        var commitments: [Point] = []
        for _ in 0..<(try reader.readSeatCount()) { commitments.append(try reader.readPoint()) }
        self.commitments = commitments
        secretProof = try KnowledgeProof(from: &reader)
        ephemeral = try reader.readPoint()
        ephemeralProof = try KnowledgeProof(from: &reader)
        var shares: [SealedScalar] = []
        for _ in 0..<(try reader.readSeatCount()) { shares.append(try SealedScalar(from: &reader)) }
        self.shares = shares
    }
}

extension ByteReader {
    /// A count of at most as many as a committee has seats.
    mutating func readSeatCount() throws(DecodingFailure) -> Int {
        let start = offset
        let count = Int(try read(UInt8.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: start)
        }
        return count
    }
}
