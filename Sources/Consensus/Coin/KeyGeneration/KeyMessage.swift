// The two messages of key generation, and a message signed by its seat.
import Cryptography
import Primitives

public enum KeyMessage: Hashable, Sendable {
    case dealing(Dealing)
    /// What a seat has to say of the closed set of dealings: complaints by ascending dealer. None
    /// at all is the acknowledgement of every share.
    case response([Complaint])

    /// u8 0 ‖ dealing, or u8 1 ‖ u8 count ‖ count × complaint.
    func encode(to writer: inout ByteWriter) {
        switch self {
        case .dealing(let dealing):
            writer.write(UInt8(0))
            dealing.encode(to: &writer)
        case .response(let complaints):
            writer.write(UInt8(1))
            writer.write(UInt8(clamping: complaints.count))
            for complaint in complaints { complaint.encode(to: &writer) }
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        switch try reader.read(UInt8.self) {
        case 0: self = .dealing(try Dealing(from: &reader))
        case 1: self = .response(try Self.readComplaints(from: &reader))
        default: throw DecodingFailure(.outOfRange, at: start)
        }
    }

    private static func readComplaints(
        from reader: inout ByteReader
    ) throws(DecodingFailure) -> [Complaint] {
        var complaints: [Complaint] = []
        for _ in 0..<(try reader.readSeatCount()) {
            let offset = reader.offset
            let complaint = try Complaint(from: &reader)
            guard complaints.last.map({ $0.dealer < complaint.dealer }) ?? true else {
                throw DecodingFailure(.notCanonical, at: offset)
            }
            complaints.append(complaint)
        }
        return complaints
    }
}

/// A message and the seat that signed it, a seat of the committee that the key is for. Nothing
/// about it is checked.
public struct SignedKeyMessage: Hashable, Sendable {
    public let seat: Seat
    public let message: KeyMessage
    public let signature: Signature

    private static let domain = HashDomain("althing 2026 key message v1")

    public init(seat: Seat, message: KeyMessage, signature: Signature) {
        self.seat = seat
        self.message = message
        self.signature = signature
    }

    init(signing message: KeyMessage, by seat: Seat, key: SigningKey, in setting: KeySetting) {
        let digest = Self.digest(of: message, by: seat, in: setting)
        self.init(seat: seat, message: message, signature: key.sign(Self.signed(digest)))
    }

    /// Names the message; the signature is not part of it.
    func digest(in setting: KeySetting) -> Digest {
        Self.digest(of: message, by: seat, in: setting)
    }

    private static func digest(
        of message: KeyMessage, by seat: Seat, in setting: KeySetting
    ) -> Digest {
        var writer = setting.writer()
        writer.write(seat.index)
        message.encode(to: &writer)
        return domain.hash(writer.bytes)
    }

    /// What is signed: a tag and the digest.
    private static func signed(_ digest: Digest) -> [UInt8] {
        Array("althing key message v1".utf8) + digest.bytes
    }

    /// Whether its seat signed it; false for a seat that is not in the committee.
    func isSigned(in setting: KeySetting) -> Bool {
        guard setting.committee.contains(seat) else { return false }
        let key = setting.committee.keys[Int(seat.index)]
        return Ed25519.isValid(signature, of: Self.signed(digest(in: setting)), by: key)
    }

    /// u8 seat ‖ message ‖ signature (64).
    public func encode(to writer: inout ByteWriter) {
        writer.write(seat.index)
        message.encode(to: &writer)
        writer.write(signature)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        seat = Seat(try reader.read())
        message = try KeyMessage(from: &reader)
        signature = try reader.read()
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        encode(to: &writer)
        return writer.bytes
    }

    /// Reads one message and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }
}

/// A signed message that is a dealing, with its digest at hand.
struct SignedDealing: Hashable, Sendable {
    let signed: SignedKeyMessage
    let dealing: Dealing
    let digest: Digest

    var dealer: Seat { signed.seat }

    /// Nil for a message of the other sort.
    init?(_ signed: SignedKeyMessage, in setting: KeySetting) {
        guard case .dealing(let dealing) = signed.message else { return nil }
        self.signed = signed
        self.dealing = dealing
        digest = signed.digest(in: setting)
    }
}
