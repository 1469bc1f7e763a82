// One state of the model of four seats: what three honest seats did, and what the order holds.
import Primitives

@testable import Consensus

/// The updates of the model: two for the first place of one chain, and one that follows the first
/// of them.
enum ModelUpdate: UInt8, CaseIterable {
    case one = 1
    case other = 2
    case next = 3

    var update: Update {
        switch self {
        case .one: TestUpdates.update(1, 1)
        case .other: TestUpdates.update(1, 1, version: 1)
        case .next: TestUpdates.update(1, 2)
        }
    }

    /// The certificate of it.
    var reference: CertificateReference {
        CertificateReference(proposal: Digest(repeating: rawValue), certified: .all(count: 1))
    }

    var bit: UInt8 { 1 << rawValue }

    static func of(_ reference: CertificateReference) -> ModelUpdate? {
        allCases.first { $0.reference == reference }
    }
}

/// What happens in the total order; each at most once.
enum ModelEvent: UInt8 {
    case unlock = 1
    case close = 2
    /// The first place is settled: by one of its updates, or voided.
    case settled = 3
    /// The second place is carried out.
    case second = 4
}

/// An honest seat. Sets of updates are bits.
struct ModelSeat: Hashable {
    var signed: UInt8 = 0
    /// The lock of the first place now; 0 is none.
    var lock: UInt8 = 0
    var held: UInt8 = 0
    var confirmed: UInt8 = 0
    /// Events of the order that it has read.
    var read: UInt8 = 0
    /// The answer to the unlock: 0 none yet, 1 empty, 2 and 3 with the certificate of `one` and
    /// `other`, 4 sequenced.
    var answer: UInt8 = 0
    var hasEnded = false

    var packed: UInt128 {
        var word = UInt128(signed >> 1) | UInt128(lock) << 3 | UInt128(held >> 1) << 5
        word |= UInt128(confirmed >> 1) << 8 | UInt128(read) << 11 | UInt128(answer) << 14
        return word | (hasEnded ? 1 << 17 : 0)
    }

    init() {}

    init(packed word: UInt128) {
        func field(_ shift: UInt128, _ width: UInt128) -> UInt8 {
            UInt8(word >> shift & (1 << width - 1))
        }
        signed = field(0, 3) << 1
        lock = field(3, 2)
        held = field(5, 3) << 1
        confirmed = field(8, 3) << 1
        read = field(11, 3)
        answer = field(14, 3)
        hasEnded = field(17, 1) == 1
    }

    func has(_ set: KeyPath<ModelSeat, UInt8>, _ update: ModelUpdate) -> Bool {
        self[keyPath: set] & update.bit != 0
    }
}

/// The whole. The fourth seat signs anything, so only what it puts into the order is kept of it.
struct ModelState {
    var seats = [ModelSeat](repeating: ModelSeat(), count: 3)
    var events: [ModelEvent] = []
    /// What the first place came to: 0 nothing yet, 1 and 2 that update, 3 voided.
    var outcome: UInt8 = 0
    var faultyVoted = false
    var faultyEnded = false
    var nextSequenced = false

    /// Seats are alike: states that differ by which seat is which are one.
    var packed: UInt128 {
        var word: UInt128 = 0
        for seat in seats.map(\.packed).sorted() { word = word << 18 | seat }
        for place in 0..<4 {
            word = word << 3 | (place < events.count ? UInt128(events[place].rawValue) : 0)
        }
        word = word << 2 | UInt128(outcome)
        for flag in [faultyVoted, faultyEnded, nextSequenced] { word = word << 1 | (flag ? 1 : 0) }
        return word
    }

    init() {}

    init(packed: UInt128) {
        var word = packed
        func take(_ width: UInt128) -> UInt128 {
            defer { word >>= width }
            return word & (1 << width - 1)
        }
        nextSequenced = take(1) == 1
        faultyEnded = take(1) == 1
        faultyVoted = take(1) == 1
        outcome = UInt8(take(2))
        events = (0..<4).map { _ in UInt8(take(3)) }.reversed()
            .compactMap { ModelEvent(rawValue: $0) }
        seats = (0..<3).map { _ in ModelSeat(packed: take(18)) }.reversed()
    }

    /// Honest seats with a property.
    func count(_ property: (ModelSeat) -> Bool) -> Int { seats.count(where: property) }
}
