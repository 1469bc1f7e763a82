// Which frames of the journal a start from the last certified checkpoint still needs.
import Primitives

/// A place in a chain of batches or operations: one body at most is executed there.
struct ChainPlace: Hashable, Sendable {
    /// The chain's key in the fast path.
    var chain: Digest
    var sequence: UInt64
}

/// Frames that are needed until something has happened, in the order of the journal.
struct Retention {
    private struct Frame {
        var sequence: UInt64
        /// Places that have to be settled before the frame can go.
        var open: Int
    }

    private var frames: [Frame] = []
    /// Frames taken from the front since the beginning; the first of `frames` has this number.
    private var passed = 0
    /// Numbers of the frames that wait for a place.
    private var byPlace: [ChainPlace: [Int]] = [:]
    /// Blocks in the order of the journal.
    private var blocks: [(place: GraphPlace, sequence: UInt64)] = []

    /// A place in the graphs of all epochs.
    struct GraphPlace: Comparable {
        var epoch: UInt64
        var round: UInt64

        static func < (left: GraphPlace, right: GraphPlace) -> Bool {
            (left.epoch, left.round) < (right.epoch, right.round)
        }
    }

    /// The frame `sequence` is needed until all these places are settled.
    mutating func note(_ sequence: UInt64, until places: [ChainPlace]) {
        guard !places.isEmpty else { return }
        let number = passed + frames.count
        frames.append(Frame(sequence: sequence, open: places.count))
        for place in places { byPlace[place, default: []].append(number) }
    }

    /// The frame `sequence` holds a block of that place.
    mutating func note(_ sequence: UInt64, block place: GraphPlace) {
        blocks.append((place, sequence))
    }

    /// What was executed there is in a certified checkpoint.
    mutating func settle(_ place: ChainPlace) {
        for number in byPlace.removeValue(forKey: place) ?? [] where number >= passed {
            frames[number - passed].open -= 1
        }
        let spent = frames.prefix { $0.open <= 0 }.count
        frames.removeFirst(spent)
        passed += spent
    }

    /// Blocks of this place and before are not needed any more.
    mutating func release(blocksUpTo place: GraphPlace) {
        blocks.removeFirst(blocks.prefix { $0.place <= place }.count)
    }

    /// Nothing noted before is needed any more: the epoch it belonged to is over.
    mutating func releaseAll() {
        passed += frames.count
        frames.removeAll()
        byPlace.removeAll()
        blocks.removeAll()
    }

    /// The sequence of the first frame that is needed; `next` where none is.
    func first(or next: UInt64) -> UInt64 {
        min(frames.first?.sequence ?? next, blocks.first?.sequence ?? next)
    }
}
