// One seat's share of the coin of one round, as it travels.
import Cryptography
import Primitives

/// σ = x_j · H_R with a proof that it is, signed so that a wrong one is evidence. Nothing about it
/// is checked.
public struct CoinShare: Hashable, Sendable {
    public let seat: Seat
    public let round: Round
    public let value: Point
    public let proof: EqualityProof
    public let signature: Signature

    /// Bytes of an encoding.
    public static let width = 1 + 8 + 32 + 64 + 64

    init(
        seat: Seat, round: Round, value: Point, proof: EqualityProof, signature: Signature
    ) {
        self.seat = seat
        self.round = round
        self.value = value
        self.proof = proof
        self.signature = signature
    }

    private static let domain = HashDomain("althing 2026 coin share v1")

    /// What the seat signs: a tag and the digest of everything but the signature.
    func message(in committee: CommitteeView) -> [UInt8] {
        var writer = ByteWriter(capacity: 40 + Self.width)
        writer.write(committee.chain)
        writer.write(committee.epoch)
        encodeUnsigned(to: &writer)
        return Array("althing coin share v1".utf8) + Self.domain.hash(writer.bytes).bytes
    }

    /// Whether the seat signed it; false for a seat that is not in the committee.
    func isSigned(in committee: CommitteeView) -> Bool {
        guard committee.contains(seat) else { return false }
        let key = committee.keys[Int(seat.index)]
        return Ed25519.isValid(signature, of: message(in: committee), by: key)
    }

    func signed(with key: SigningKey, in committee: CommitteeView) -> CoinShare {
        CoinShare(
            seat: seat, round: round, value: value, proof: proof,
            signature: key.sign(message(in: committee)))
    }

    private func encodeUnsigned(to writer: inout ByteWriter) {
        writer.write(seat.index)
        writer.write(round.number)
        writer.write(value)
        proof.encode(to: &writer)
    }

    /// u8 seat ‖ u64 round ‖ σ ‖ proof (64) ‖ signature (64).
    public func encode(to writer: inout ByteWriter) {
        encodeUnsigned(to: &writer)
        writer.write(signature)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        seat = Seat(try reader.read())
        let offset = reader.offset
        round = Round(try reader.read())
        guard round > .genesis, round <= .last else {
            throw DecodingFailure(.outOfRange, at: offset)
        }
        value = try reader.readPoint()
        proof = try EqualityProof(from: &reader)
        signature = try reader.read()
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.width)
        encode(to: &writer)
        return writer.bytes
    }

    /// Reads one share and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }
}
