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

/// The longest of each part of a turn of the node.
final class TurnMeters: Sendable {
    private let work = Longest()
    private let payloads = Longest()
    private let journal = Longest()
    private let index = Longest()

    func note(_ times: TurnTimes) {
        work.note(times.work)
        payloads.note(times.payloads)
        journal.note(times.journal)
        index.note(times.index)
    }

    /// By the name of the part.
    var longest: [(stage: String, nanoseconds: UInt64)] {
        [
            ("work", work.value), ("payloads", payloads.value), ("journal", journal.value),
            ("index", index.value),
        ]
    }
}
