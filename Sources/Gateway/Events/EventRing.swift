// The last events with their ids, for clients that come back.

/// A bounded list of encoded events whose ids count up by one.
struct EventRing {
    /// The id the next event gets.
    private(set) var next: UInt64
    private let capacity: Int
    private var events: [(kind: FeedKind, bytes: [UInt8])] = []
    /// Where the oldest event lies once the list is full.
    private var oldest = 0

    /// - Parameter first: the id of the first event, at least 1.
    init(capacity: Int, first: UInt64) {
        self.capacity = max(1, capacity)
        next = first
    }

    /// The id of the last event, or of the one before the first.
    var last: UInt64 { next - 1 }

    mutating func append(_ kind: FeedKind, _ event: [UInt8]) {
        if events.count < capacity {
            events.append((kind, event))
        } else {
            events[oldest] = (kind, event)
            oldest = (oldest + 1) % capacity
        }
        next += 1
    }

    /// Something was not kept: nobody who knows an earlier id can be told what followed.
    mutating func skip() {
        events.removeAll()
        oldest = 0
        next += 1
    }

    /// The events of `kinds` after the one called `id`, oldest first; nil where that one is unknown
    /// or too old for them to be complete.
    func events(after id: UInt64, of kinds: FeedKinds = .all) -> [[UInt8]]? {
        guard id < next, next - 1 - id <= UInt64(events.count) else { return nil }
        let count = Int(next - 1 - id)
        return (events.count - count..<events.count).compactMap { index in
            let event = events[(oldest + index) % max(1, events.count)]
            return kinds.contains(event.kind) ? event.bytes : nil
        }
    }
}
