// Which headers can follow each other and which contradict: one row for each rule.
import Primitives
import Records
import TestSupport
import Testing

@Suite struct CheckpointOrderTests {
    typealias Change = @Sendable (inout CheckpointHeader) -> Void

    /// A header at height 5 of epoch 2.
    private static func earlier(isLast: Bool) -> CheckpointHeader {
        var header = CheckpointHeader()
        (header.epoch, header.height) = (2, 5)
        header.time = Instant(nanoseconds: 50)
        header.committee = Digest(repeating: 2)
        if isLast { header.next = Digest(repeating: 3) }
        return header
    }

    /// One that follows it, two heights higher.
    private static func later(isLast: Bool) -> CheckpointHeader {
        var header = earlier(isLast: false)
        header.height = 7
        header.time = Instant(nanoseconds: 51)
        if isLast { (header.epoch, header.committee) = (3, Digest(repeating: 3)) }
        return header
    }

    /// name, after the last of an epoch, change, can follow, contradicts
    private static let rows: [(String, Bool, Change, Bool, Bool)] = [
        ("within an epoch", false, { _ in }, true, false),
        ("into the next epoch", true, { _ in }, true, false),
        ("equal time", false, { $0.time = Instant(nanoseconds: 50) }, false, true),
        ("earlier time", true, { $0.time = Instant(nanoseconds: 49) }, false, true),
        ("epoch falls", false, { $0.epoch = 1 }, false, true),
        ("epoch rises with one height between", false, { $0.epoch = 3 }, true, false),
        ("same epoch after its last", true, { $0.epoch = 2 }, false, true),
        ("epoch rises by two", true, { $0.epoch = 4 }, true, false),
        ("another committee of one epoch", false, { $0.committee = Digest() }, true, true),
        ("another committee than named", true, { $0.committee = Digest() }, true, true),
        ("another committee two epochs on", true,
            { ($0.epoch, $0.committee) = (4, Digest()) }, true, false),
        ("another chain", false, { ($0.chain, $0.time) = (Digest(repeating: 9), Instant(
            nanoseconds: 1)) }, false, false),
        ("next height, no link", false, { $0.height = 6 }, false, true),
        ("next height, no link, next epoch", true, { $0.height = 6 }, false, true),
        ("next height, next epoch without a last", false,
            { ($0.height, $0.epoch, $0.previous) = (6, 3, earlier(isLast: false).digest) },
            false, true),
        ("next height, epoch rises by two", true,
            { ($0.height, $0.epoch, $0.previous) = (6, 4, earlier(isLast: true).digest) },
            false, true),
        ("next height, linked", false,
            { ($0.height, $0.previous) = (6, earlier(isLast: false).digest) }, true, false),
        ("next height, linked, next epoch", true,
            { ($0.height, $0.previous) = (6, earlier(isLast: true).digest) }, true, false),
        ("same height, other contents", false, { $0.height = 5 }, false, true),
    ]

    @Test func table() {
        for (name, isLast, change, canFollow, contradicts) in Self.rows {
            let earlier = Self.earlier(isLast: isLast)
            var later = Self.later(isLast: isLast)
            change(&later)
            let isOther = later.chain != earlier.chain
            #expect(isOther || later.isLater(than: earlier) == canFollow, "\(name)")
            #expect(later.contradicts(earlier) == contradicts, "\(name)")
            #expect(earlier.contradicts(later) == contradicts, "\(name)")
            #expect(!earlier.isLater(than: later), "\(name)")
            #expect(!later.contradicts(later), "\(name)")
        }
    }

    @Test func theLastEpochOfAllEndsNowhere() {
        var last = Self.earlier(isLast: true)
        last.epoch = .max
        var later = Self.later(isLast: true)
        later.epoch = .max
        #expect(!later.isLater(than: last))
        #expect(later.contradicts(last))
    }
}
