// The receiving half of a link: bytes to handshake messages and records, records to messages.
import Cryptography
import Primitives

extension Link {
    /// Charged for each record beside its bytes: what handling the smallest costs.
    static let recordCharge = 256

    /// Whether the owner should read from the connection: the peer is within its budget, and the
    /// owner does not hold too many of its messages.
    public func mayRead(at now: UInt64) -> Bool {
        phase != .closed && held < limits.heldMessages && budget.allows(at: now)
    }

    /// The owner keeps a message that it was given, until `release`.
    public mutating func hold() { held += 1 }

    /// The owner is done with a message it held; of this link or of one before it.
    public mutating func release() { held = max(0, held - 1) }

    public mutating func receive(
        _ bytes: [UInt8], at now: UInt64, into events: inout [LinkEvent]
    ) {
        bytes.withUnsafeBytes { receive($0, at: now, into: &events) }
    }

    /// Takes what came, however it was cut. Ends at the first fault.
    public mutating func receive(
        _ bytes: UnsafeRawBufferPointer, at now: UInt64, into events: inout [LinkEvent]
    ) {
        if phase == .closed { return }
        counts.receivedBytes &+= UInt64(bytes.count)
        var rest = bytes
        do throws(LinkFault) {
            while !rest.isEmpty {
                if leftover.isEmpty, let size = unitBytes(rest), size <= rest.count {
                    try take(.init(rebasing: rest[..<size]), at: now, &events)
                    rest = .init(rebasing: rest[size...])
                } else {
                    rest = try gather(rest, at: now, &events)
                }
            }
        } catch {
            close(error, &events)
        }
    }

    /// Completes the unit under way from the front of `bytes`; returns what is behind it.
    private mutating func gather(
        _ bytes: UnsafeRawBufferPointer, at now: UInt64, _ events: inout [LinkEvent]
    ) throws(LinkFault) -> UnsafeRawBufferPointer {
        let known = leftover.withUnsafeBytes { unitBytes($0) }
        let missing = (known ?? Record.lengthBytes) - leftover.count
        let used = min(missing, bytes.count)
        leftover.append(contentsOf: bytes[..<used])
        if known != nil, used == missing {
            let unit = leftover
            leftover.removeAll(keepingCapacity: true)
            try unit.withUnsafeBufferPointer { raw throws(LinkFault) in
                try take(UnsafeRawBufferPointer(raw), at: now, &events)
            }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[used...])
    }

    /// Bytes of the unit that begins with `prefix`; nil where more is needed to tell.
    private func unitBytes(_ prefix: UnsafeRawBufferPointer) -> Int? {
        switch phase {
        case .greeting: return LinkPreamble.bytes
        case .handshake: return handshakeBytes
        case .established, .closed:
            guard prefix.count >= Record.lengthBytes else { return nil }
            return Record.lengthBytes + (Int(prefix[0]) | Int(prefix[1]) << 8)
        }
    }

    private mutating func take(
        _ unit: UnsafeRawBufferPointer, at now: UInt64, _ events: inout [LinkEvent]
    ) throws(LinkFault) {
        switch phase {
        case .greeting:
            try LinkPreamble.check(Array(unit), chain: identity.chain)
            phase = .handshake
        case .handshake: try takeHandshake(Array(unit), at: now, &events)
        case .established: try takeRecord(unit, at: now, &events)
        case .closed: break
        }
    }

    private mutating func takeRecord(
        _ unit: UnsafeRawBufferPointer, at now: UInt64, _ events: inout [LinkEvent]
    ) throws(LinkFault) {
        budget.charge(unit.count + Self.recordCharge, at: now)
        let sealed = UnsafeRawBufferPointer(rebasing: unit[Record.lengthBytes...])
        let count = sealed.count - SealingKey.tagBytes
        guard count > 0 else { throw .recordLength(sealed.count) }
        if scratch.count < count { scratch = [UInt8](repeating: 0, count: count) }
        var text = scratch
        scratch = []
        defer { scratch = text }
        try text.withUnsafeMutableBufferPointer { buffer throws(LinkFault) in
            let room = UnsafeRawBufferPointer(buffer)
            guard let target = buffer.baseAddress else { return }
            do throws(NoiseFailure) {
                try receiving?.open(sealed, into: target)
            } catch {
                throw .record(error)
            }
            heartbeat.heard(at: now)
            try takeText(.init(rebasing: room[..<count]), at: now, &events)
        }
    }

    private mutating func takeText(
        _ text: UnsafeRawBufferPointer, at now: UInt64, _ events: inout [LinkEvent]
    ) throws(LinkFault) {
        guard let (record, headBytes) = Record.read(text) else { throw .malformedRecord }
        let piece = UnsafeRawBufferPointer(rebasing: text[headBytes...])
        switch record {
        case .ping(let number):
            guard piece.isEmpty else { throw .malformedRecord }
            if !hasOutput { takenAt = now }
            heartbeat.receive(ping: number)
        case .pong(let number):
            guard piece.isEmpty, heartbeat.receive(pong: number, at: now) else {
                throw .malformedRecord
            }
        case .start(.urgent, _, _), .more(.urgent):
            deliver(try urgent.take(record, piece, codec), .urgent, at: now, &events)
        case .start(.bulk, _, _), .more(.bulk):
            deliver(try bulk.take(record, piece, codec), .bulk, at: now, &events)
        }
    }

    private mutating func deliver(
        _ whole: (message: [UInt8], travellingBytes: Int)?, _ priority: LinkPriority,
        at now: UInt64, _ events: inout [LinkEvent]
    ) {
        guard let (message, travelling) = whole else { return }
        budget.charge(message.count - travelling, at: now)
        counts.receivedMessages &+= 1
        counts.messageBytes &+= UInt64(message.count)
        counts.travellingBytes &+= UInt64(travelling)
        events.append(.message(message, priority))
    }
}
