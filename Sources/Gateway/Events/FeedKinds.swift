// Which events somebody listens for: what nobody wants is not made.
import Synchronization

/// What an event is about; the raw value is the event's name.
enum FeedKind: String, CaseIterable, Sendable {
    case run, batch, checkpoint, agent, status, commit

    fileprivate var bit: UInt8 { 1 << UInt8(Self.allCases.firstIndex(of: self) ?? 0) }
}

struct FeedKinds: Hashable, Sendable {
    fileprivate(set) var bits: UInt8 = 0

    static let none = FeedKinds()
    static let all = FeedKinds(FeedKind.allCases)

    init() {}

    init(_ kinds: [FeedKind]) {
        for kind in kinds { bits |= kind.bit }
    }

    /// Names with commas between them; nil where one is no event, or none is given.
    init?(names: String) {
        for name in names.split(separator: ",", omittingEmptySubsequences: false) {
            guard let kind = FeedKind(rawValue: String(name)) else { return nil }
            bits |= kind.bit
        }
    }

    func contains(_ kind: FeedKind) -> Bool { bits & kind.bit != 0 }

    func isSubset(of other: FeedKinds) -> Bool { bits & ~other.bits == 0 }

    mutating func formUnion(_ other: FeedKinds) { bits |= other.bits }
}

/// What listeners want, set by the thread of the streams and read by that of the node.
final class FeedInterest: Sendable {
    private let bits = Atomic<UInt8>(0)

    var kinds: FeedKinds {
        get {
            var kinds = FeedKinds()
            kinds.bits = bits.load(ordering: .relaxed)
            return kinds
        }
        set { bits.store(newValue.bits, ordering: .relaxed) }
    }
}
