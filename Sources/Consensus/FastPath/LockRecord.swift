// What a seat must not forget before it speaks: its locks, its unlock answers, its end of voting.
import Primitives

/// One entry of the journal of the fast path.
public enum LockRecord: Hashable, Sendable {
    /// These updates are locked for a proposal of this gateway.
    case locked([Update], gateway: Seat)
    /// Nothing from this slot on is voted for or confirmed until the unlock is decided.
    case unlocking(UpdateSlot)
    /// Nothing more is voted for or confirmed in this epoch.
    case closed

    /// Kind (1) and what the kind has.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .locked(let updates, let gateway):
            writer.write(UInt8(0))
            writer.write(gateway.index)
            writer.write(UInt16(clamping: updates.count))
            for update in updates { update.encode(to: &writer) }
        case .unlocking(let slot):
            writer.write(UInt8(1))
            slot.encode(to: &writer)
        case .closed: writer.write(UInt8(2))
        }
        return writer.bytes
    }

    /// Reads one record and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        switch try reader.read(UInt8.self) {
        case 0:
            let gateway = Seat(try reader.read())
            let offset = reader.offset
            let count = Int(try reader.read(UInt16.self))
            guard (1...Proposal.itemLimit).contains(count) else {
                throw DecodingFailure(.overLimit, at: offset)
            }
            var updates: [Update] = []
            for _ in 0..<count { updates.append(try Update(from: &reader)) }
            self = .locked(updates, gateway: gateway)
        case 1: self = .unlocking(try UpdateSlot(from: &reader))
        case 2: self = .closed
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
        try reader.finish()
    }
}
