// The sending half of a link: messages to records, records to bytes.
import Cryptography
import Primitives

extension Link {
    /// Whether something waits to be sent.
    public var hasOutput: Bool {
        !opening.isEmpty
            || (phase == .established && (!queue.isEmpty || heartbeat.hasOutput))
    }

    /// Bytes of messages that wait.
    public var queuedBytes: Int { queue.bytes }

    /// Puts a message behind those of its priority. Bulk that finds no room is dropped; urgent
    /// drops the newest bulk first.
    @discardableResult
    public mutating func send(
        _ parcel: Parcel, _ priority: LinkPriority, at now: UInt64
    ) -> SendOutcome {
        guard phase == .established else { return .notConnected }
        guard (1...limits.messageBytes(priority)).contains(parcel.messageBytes) else {
            counts.droppedMessages &+= 1
            return .refused
        }
        if !hasOutput { takenAt = now }
        let outcome = queue.add(parcel, priority)
        switch outcome {
        case .queued(let displaced): counts.droppedMessages &+= UInt64(displaced)
        case .full, .refused, .notConnected: counts.droppedMessages &+= 1
        }
        return outcome
    }

    /// Appends records to `output` until `limit` bytes are added or nothing waits. The last record
    /// may pass the limit by up to 64 KiB: an urgent message never waits for more than what the
    /// owner has taken and not sent yet.
    public mutating func takeOutput(
        into output: inout [UInt8], limit: Int, at now: UInt64
    ) {
        let start = output.count
        if !opening.isEmpty {
            output += opening
            opening = []
        }
        while phase == .established, !isExhausted, output.count - start < limit {
            if let record = heartbeat.next(at: now) {
                seal(record, [], 0..<0, into: &output)
            } else if let (record, parcel, piece) = queue.next() {
                seal(record, parcel.bytes, piece, into: &output)
                if piece.upperBound == parcel.bytes.count { count(parcel) }
            } else {
                break
            }
        }
        if output.count > start { takenAt = now }
        counts.sentBytes &+= UInt64(output.count - start)
    }

    private mutating func count(_ parcel: Parcel) {
        counts.sentMessages &+= 1
        counts.messageBytes &+= UInt64(parcel.messageBytes)
        counts.travellingBytes &+= UInt64(parcel.bytes.count)
    }

    /// Length, encrypted head and piece, tag; nothing at all once the nonces have ended.
    private mutating func seal(
        _ record: Record, _ bytes: [UInt8], _ piece: Range<Int>, into output: inout [UInt8]
    ) {
        let head = record.head
        let textBytes = head.count + piece.count
        let length = textBytes + SealingKey.tagBytes
        let before = output.count
        output.append(UInt8(truncatingIfNeeded: length))
        output.append(UInt8(truncatingIfNeeded: length >> 8))
        let start = output.count
        output += head
        output += bytes[piece]
        output.append(contentsOf: repeatElement(0, count: SealingKey.tagBytes))
        let isSealed = output.withUnsafeMutableBytes { raw in
            let text = UnsafeMutableRawBufferPointer(rebasing: raw[start..<start + textBytes])
            let tag = UnsafeMutableRawBufferPointer(rebasing: raw[(start + textBytes)...])
            guard let tag = tag.baseAddress else { return false }
            return (try? sending?.seal(text, tag: tag)) != nil
        }
        if !isSealed {
            output.removeSubrange(before...)
            isExhausted = true
        }
    }
}
