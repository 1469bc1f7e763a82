// Messages put together again from their records, one at a time in each lane.

/// The receiving side of one lane.
struct Assembly: Sendable {
    private let priority: LinkPriority
    private let mostBytes: Int
    private var bytes: [UInt8] = []
    /// Bytes that the message under way takes on its travel; 0 where none is under way.
    private var travellingBytes = 0
    private var messageBytes = 0

    init(_ priority: LinkPriority, _ limits: LinkLimits) {
        self.priority = priority
        mostBytes = limits.messageBytes(priority)
    }

    /// Takes the piece behind a head of this lane; returns the message once it is whole, and the
    /// bytes it took to travel. The limits are looked at before anything is kept.
    mutating func take(
        _ record: Record, _ piece: UnsafeRawBufferPointer, _ codec: ParcelCodec
    ) throws(LinkFault) -> (message: [UInt8], travellingBytes: Int)? {
        if case .start(_, let message, let travelling) = record {
            guard travellingBytes == 0 else { throw .malformedRecord }
            guard message <= mostBytes else { throw .oversizeMessage(message) }
            (messageBytes, travellingBytes) = (message, travelling)
        }
        let left = travellingBytes - bytes.count
        guard left > 0, piece.count == min(left, Record.pieceBytes(record)) else {
            throw .malformedRecord
        }
        grow(by: piece.count)
        bytes.append(contentsOf: piece)
        if piece.count < left { return nil }
        defer { (bytes, travellingBytes) = ([], 0) }
        if messageBytes == travellingBytes { return (bytes, travellingBytes) }
        return (try codec.unpack(bytes, count: messageBytes), travellingBytes)
    }

    /// Bytes that a count alone may cost us.
    private static let trustedBytes = 1 << 20

    /// Doubles up to what the message needs: a large count alone costs little memory.
    private mutating func grow(by count: Int) {
        let needed = bytes.count + count
        if needed <= bytes.capacity { return }
        let room = max(needed, Self.trustedBytes, 2 * bytes.capacity)
        bytes.reserveCapacity(min(travellingBytes, room))
    }
}
