// Proof that a seat broke the rules of key generation with its signature under it.
import Primitives

/// Anybody checks it with the setting alone. Honest seats are never convicted: a complaint names
/// the dealing it is about, and opens one share to everybody.
public enum KeyEvidence: Hashable, Sendable {
    /// The dealing has the wrong number of parts, or its dealer does not know its secrets.
    case malformedDealing(SignedKeyMessage)
    /// The dealer sealed a bad share for the seat that complains.
    case badShare(dealing: SignedKeyMessage, Complaint, by: Seat)
    /// The response complains without cause about this dealing.
    case falseComplaint(response: SignedKeyMessage, dealing: SignedKeyMessage)

    /// Who is accused.
    public var seat: Seat {
        switch self {
        case .malformedDealing(let signed), .badShare(let signed, _, _),
            .falseComplaint(let signed, _): signed.seat
        }
    }

    /// Whether it convicts `seat`.
    public func isValid(in setting: KeySetting) -> Bool {
        switch self {
        case .malformedDealing(let signed):
            guard case .dealing(let dealing) = signed.message, signed.isSigned(in: setting) else {
                return false
            }
            return !dealing.isWellFormed(by: signed.seat, in: setting)
        case .badShare(let signed, let complaint, let seat):
            guard signed.isSigned(in: setting) else { return false }
            return Self.finds(complaint, by: seat, about: signed, upheld: true, in: setting)
        case .falseComplaint(let response, let signed):
            guard case .response(let complaints) = response.message,
                let complaint = complaints.first(where: { $0.dealer == signed.seat }),
                response.isSigned(in: setting), signed.isSigned(in: setting)
            else { return false }
            return Self.finds(
                complaint, by: response.seat, about: signed, upheld: false, in: setting)
        }
    }

    private static func finds(
        _ complaint: Complaint, by seat: Seat, about signed: SignedKeyMessage, upheld: Bool,
        in setting: KeySetting
    ) -> Bool {
        guard setting.committee.contains(seat), let entry = SignedDealing(signed, in: setting),
            complaint.dealer == entry.dealer, complaint.dealing == entry.digest,
            entry.dealing.isWellFormed(by: entry.dealer, in: setting)
        else { return false }
        return complaint.isUpheld(by: seat, about: entry, in: setting) == upheld
    }

    /// u8 kind (0, 1, 2) ‖ its parts in the order of the case.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .malformedDealing(let signed):
            writer.write(UInt8(0))
            signed.encode(to: &writer)
        case .badShare(let signed, let complaint, let seat):
            writer.write(UInt8(1))
            signed.encode(to: &writer)
            complaint.encode(to: &writer)
            writer.write(seat.index)
        case .falseComplaint(let response, let signed):
            writer.write(UInt8(2))
            response.encode(to: &writer)
            signed.encode(to: &writer)
        }
        return writer.bytes
    }

    /// Reads one piece of evidence and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        switch try reader.read(UInt8.self) {
        case 0: self = .malformedDealing(try SignedKeyMessage(from: &reader))
        case 1:
            let signed = try SignedKeyMessage(from: &reader)
            let complaint = try Complaint(from: &reader)
            self = .badShare(dealing: signed, complaint, by: Seat(try reader.read()))
        case 2:
            let response = try SignedKeyMessage(from: &reader)
            self = .falseComplaint(
                response: response, dealing: try SignedKeyMessage(from: &reader))
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
        try reader.finish()
    }
}
