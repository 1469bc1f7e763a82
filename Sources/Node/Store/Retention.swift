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
        /// The epoch in which the frame is of use.
        var epoch: UInt64
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

    /// The frame `sequence` is needed until all these places are settled, or `epoch` has ended.
    mutating func note(_ sequence: UInt64, until places: [ChainPlace], epoch: UInt64) {
        guard !places.isEmpty else { return }
        let number = passed + frames.count
        frames.append(Frame(sequence: sequence, epoch: epoch, open: places.count))
        for place in places { byPlace[place, default: []].append(number) }
    }

    /// The frame `sequence` says that nothing more is voted for in `epoch`.
    mutating func note(_ sequence: UInt64, closing epoch: UInt64) {
        frames.append(Frame(sequence: sequence, epoch: epoch, open: 1))
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
        dropSpent()
    }

    /// Settles every place of which `isSettled` says that its time has passed.
    mutating func settle(where isSettled: (ChainPlace) -> Bool) {
        for place in byPlace.keys.filter(isSettled) { settle(place) }
    }

    private mutating func dropSpent() {
        let spent = frames.prefix { $0.open <= 0 }.count
        frames.removeFirst(spent)
        passed += spent
    }

    /// Blocks of this place and before are not needed any more.
    mutating func release(blocksUpTo place: GraphPlace) {
        blocks.removeFirst(blocks.prefix { $0.place <= place }.count)
    }

    /// The epoch is over, with all that was locked and certified in it.
    mutating func end(epoch: UInt64) {
        for index in frames.indices where frames[index].epoch <= epoch { frames[index].open = 0 }
        dropSpent()
        blocks.removeAll { $0.place.epoch <= epoch }
    }

    /// The sequence of the first frame that is needed; `next` where none is.
    func first(or next: UInt64) -> UInt64 {
        min(frames.first?.sequence ?? next, blocks.first?.sequence ?? next)
    }
}
