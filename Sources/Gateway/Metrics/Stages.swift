// Where a span waits between its arrival and its answer, and the longest that any did.
import Node
import Synchronization

/// A part of the way of a request with spans.
enum LaneStage: String, CaseIterable, Sendable {
    /// For its turn to be decoded.
    case decoder
    /// While it is decoded.
    case decoding
    /// Decoded, for the node's thread.
    case node
    /// Taken in, until it was durable.
    case commit
}

/// The longest duration that was noted.
final class Longest: Sendable {
    private let longest = Atomic<UInt64>(0)

    /// Nanoseconds; 0 where nothing was noted.
    var value: UInt64 { longest.load(ordering: .relaxed) }

    func note(_ nanoseconds: UInt64) { longest.max(nanoseconds, ordering: .relaxed) }
}

/// The parts of the turns of the node: their time together, and the longest of each.
final class TurnMeters: Sendable {
    /// One part.
    struct Part: Sendable {
        let name: String
        let total = Counter()
        let longest = Longest()

        fileprivate func note(_ nanoseconds: UInt64) {
            total.add(nanoseconds)
            longest.note(nanoseconds)
        }
    }

    /// Turns that ended with a commit.
    let count = Counter()
    let parts = ["work", "payloads", "journal", "index"].map(Part.init(name:))

    func note(_ times: TurnTimes) {
        count.add()
        let spans = [times.work, times.payloads, times.journal, times.index]
        for (part, nanoseconds) in zip(parts, spans) { part.note(nanoseconds) }
    }
}
