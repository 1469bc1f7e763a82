// A seat's word that a dealer sealed it a bad share, with all that anybody needs to look for
// himself.
import Cryptography
import Primitives

/// Opens one sealed share to everybody: the point of key agreement, and a proof that it is the one.
public struct Complaint: Hashable, Sendable {
    public let dealer: Seat
    /// `SignedKeyMessage.digest` of the dealing: a dealer who signs two cannot show the good one
    /// for the bad.
    public let dealing: Digest
    /// p·E.
    public let shared: Point
    public let proof: EqualityProof

    private static let domain = HashDomain("althing 2026 complaint v1")

    init(dealer: Seat, dealing: Digest, shared: Point, proof: EqualityProof) {
        self.dealer = dealer
        self.dealing = dealing
        self.shared = shared
        self.proof = proof
    }

    init(
        by seat: Seat, about entry: SignedDealing, key: SealingKey, in setting: KeySetting
    ) {
        dealer = entry.dealer
        dealing = entry.digest
        shared = key.secret * entry.dealing.ephemeral
        proof = EqualityProof(
            of: Self.statement(seat, entry, shared: shared, in: setting), secret: key.secret)
    }

    private static func statement(
        _ seat: Seat, _ entry: SignedDealing, shared: Point, in setting: KeySetting
    ) -> EqualityStatement {
        EqualityStatement(
            key: setting.sealingKeys[Int(seat.index)], base: entry.dealing.ephemeral,
            image: shared, context: domain.hash(entry.digest.bytes + [seat.index]))
    }

    /// Whether the share that `entry` holds for `seat` is bad indeed. False where the point is not
    /// proven to be theirs, or the share opens to what the dealer committed to: an honest seat
    /// makes no such complaint.
    /// - Parameters:
    ///   - entry: well-formed, of the dealer and digest that the complaint names.
    ///   - seat: of the committee.
    func isUpheld(by seat: Seat, about entry: SignedDealing, in setting: KeySetting) -> Bool {
        guard proof.proves(Self.statement(seat, entry, shared: shared, in: setting)) else {
            return false
        }
        return entry.dealing.share(
            for: seat, from: dealer, shared: shared, in: setting) == nil
    }

    /// u8 dealer ‖ dealing (32) ‖ point (32) ‖ proof (64).
    func encode(to writer: inout ByteWriter) {
        writer.write(dealer.index)
        writer.write(dealing)
        writer.write(shared)
        proof.encode(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        dealer = Seat(try reader.read())
        dealing = try reader.read()
        shared = try reader.readPoint()
        proof = try EqualityProof(from: &reader)
    }
}
