// What waits to be sent over one link: two lanes, one budget.

/// What became of a message handed to a link.
public enum SendOutcome: Hashable, Sendable {
    /// It waits its turn. So many bulk messages were dropped to make room for it.
    case queued(displaced: Int)
    /// Dropped: the queue is full.
    case full
    /// Dropped: empty, or over the limit of its priority.
    case refused
    /// Dropped: the link is not established, or closed.
    case notConnected
}

/// First in, first out in each lane. Urgent goes before bulk, but for one record of bulk after so
/// many of urgent that bulk is never starved.
struct SendQueue: Sendable {
    private struct Lane: Sendable {
        private(set) var parcels: [Parcel] = []
        private var first = 0
        /// Bytes of the first parcel that are sent.
        var sent = 0

        var front: Parcel? { first < parcels.count ? parcels[first] : nil }
        var count: Int { parcels.count - first }

        mutating func append(_ parcel: Parcel) { parcels.append(parcel) }

        mutating func removeFirst() {
            sent = 0
            first += 1
            if first == parcels.count {
                parcels.removeAll(keepingCapacity: parcels.capacity <= 64)
                first = 0
            } else if first >= 64, first * 2 >= parcels.count {
                parcels.removeFirst(first)
                first = 0
            }
        }

        /// Bytes of the parcels that have not begun.
        var removableBytes: Int {
            let removable = parcels[first...].dropFirst(sent > 0 ? 1 : 0)
            return removable.reduce(0) { $0 + $1.bytes.count }
        }

        /// The newest parcel, unless it has begun.
        mutating func removeNewest() -> Parcel? {
            if count == 0 || (count == 1 && sent > 0) { return nil }
            return parcels.popLast()
        }
    }

    /// Records of urgent messages in a row while bulk waits.
    static let urgentRun = 16

    private let mostBytes: Int
    private var urgent = Lane()
    private var bulk = Lane()
    private var run = 0
    /// Bytes that wait.
    private(set) var bytes = 0

    init(mostBytes: Int) { self.mostBytes = mostBytes }

    var isEmpty: Bool { bytes == 0 }

    mutating func add(_ parcel: Parcel, _ priority: LinkPriority) -> SendOutcome {
        var displaced = 0
        if parcel.bytes.count > mostBytes - bytes {
            let removable = priority == .urgent ? bulk.removableBytes : 0
            guard parcel.bytes.count <= mostBytes - bytes + removable else { return .full }
        }
        while parcel.bytes.count > mostBytes - bytes, let victim = bulk.removeNewest() {
            bytes -= victim.bytes.count
            displaced += 1
        }
        bytes += parcel.bytes.count
        switch priority {
        case .urgent: urgent.append(parcel)
        case .bulk: bulk.append(parcel)
        }
        return .queued(displaced: displaced)
    }

    /// The next record: its head, and the piece of the parcel that follows it.
    mutating func next() -> (record: Record, parcel: Parcel, piece: Range<Int>)? {
        if bulk.front != nil, urgent.front == nil || run >= Self.urgentRun {
            run = 0
            return Self.cut(&bulk, .bulk, &bytes)
        }
        run = bulk.front == nil ? 0 : run + 1
        return Self.cut(&urgent, .urgent, &bytes)
    }

    /// Fills the record: only the last piece of a message may be shorter than its record allows.
    private static func cut(
        _ lane: inout Lane, _ priority: LinkPriority, _ bytes: inout Int
    ) -> (record: Record, parcel: Parcel, piece: Range<Int>)? {
        guard let parcel = lane.front else { return nil }
        let record: Record = lane.sent > 0
            ? .more(priority)
            : .start(
                priority, messageBytes: parcel.messageBytes,
                travellingBytes: parcel.bytes.count)
        let room = Record.pieceBytes(record)
        let end = min(parcel.bytes.count, lane.sent + room)
        let piece = lane.sent..<end
        bytes -= piece.count
        lane.sent = end
        if end == parcel.bytes.count { lane.removeFirst() }
        return (record, parcel, piece)
    }
}

extension Record {
    /// Bytes of a message that fit behind this head.
    static func pieceBytes(_ record: Record) -> Int {
        switch record {
        case .ping, .pong: 0
        case .start: mostTextBytes - 9
        case .more: mostTextBytes - 1
        }
    }
}
