// The bodies that are on their way: come in, but not carried out yet.
import Consensus
import Ledger
import Primitives

/// Bodies by digest, within a limit of bytes.
struct BodyPool: Sendable {
    struct Entry: Sendable {
        var body: Body
        var bytes: Int
        var received: Instant
        /// Submitted here: somebody waits for an answer.
        var isOwn: Bool
        /// Whether it was told to be final.
        var isFinal = false
        /// Through whom it came; nil where it was asked for.
        var gateway: Seat?
        /// What the rows of a batch come to, where that was computed.
        var totals: BatchTotals?
    }

    private var entries: [Digest: Entry] = [:]
    /// In order of arrival; those carried out are left in until the front is swept.
    private var arrivals: [(digest: Digest, received: Instant)] = []
    private(set) var bytes = 0
    /// Bytes that came through each gateway.
    private var shares: [Seat: Int] = [:]
    let limit: Int
    /// Bodies, at most: small ones cost more than their bytes.
    private static let mostBodies = 1 << 20

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }
    /// Whether more should be taken in.
    var isFull: Bool { bytes >= limit || entries.count >= Self.mostBodies }

    /// Whether a gateway, one of `count`, has used up its share.
    func isFull(for gateway: Seat, of count: Int) -> Bool {
        isFull || shares[gateway, default: 0] >= limit / max(count, 1)
    }

    subscript(digest: Digest) -> Entry? { entries[digest] }

    /// Puts a body in; one that is here already becomes an own one where `entry` is.
    mutating func put(
        _ body: Body, totals: BatchTotals? = nil, isOwn: Bool = false, gateway: Seat? = nil,
        at now: Instant
    ) {
        let digest = body.digest
        if entries[digest] != nil {
            if isOwn { entries[digest]?.isOwn = true }
            return
        }
        let size = body.size
        entries[digest] = Entry(
            body: body, bytes: size, received: now, isOwn: isOwn, gateway: gateway,
            totals: totals)
        arrivals.append((digest, now))
        bytes += size
        if let gateway { shares[gateway, default: 0] += size }
    }

    @discardableResult
    mutating func take(_ digest: Digest) -> Entry? {
        guard let entry = entries.removeValue(forKey: digest) else { return nil }
        bytes -= entry.bytes
        if let gateway = entry.gateway { shares[gateway, default: 0] -= entry.bytes }
        return entry
    }

    mutating func noteFinal(_ digest: Digest) { entries[digest]?.isFinal = true }

    /// Nobody waits for this one any more.
    mutating func disown(_ digest: Digest) { entries[digest]?.isOwn = false }

    /// The bodies submitted here that wait still, in order of arrival.
    var own: [Body] {
        arrivals.compactMap { entries[$0.digest] }.filter(\.isOwn).map(\.body)
    }

    /// What the batches of other submitters come to that are not carried out, in order of arrival.
    func totals(besides submitter: SubmitterID?) -> [BatchTotals] {
        arrivals.compactMap { arrival in
            guard let entry = entries[arrival.digest], case .batch(let batch) = entry.body,
                batch.batch.header.submitter != submitter
            else { return nil }
            return entry.totals ?? BatchTotals(of: batch)
        }
    }

    /// Forgets bodies that came before `time` and for which `isDead` holds.
    mutating func sweep(before time: Instant, _ isDead: (Body) -> Bool) {
        let old = arrivals.prefix { $0.received < time }
        var kept: [(digest: Digest, received: Instant)] = []
        for arrival in old {
            guard let entry = entries[arrival.digest] else { continue }
            if isDead(entry.body) { take(arrival.digest) } else { kept.append(arrival) }
        }
        arrivals.replaceSubrange(..<old.count, with: kept)
    }
}

extension Body {
    /// Bytes it holds in memory, roughly.
    var size: Int {
        switch self {
        case .batch(let batch): 512 + batch.batch.body.count * 2 + batch.columns.count * 64
        case .operation: 1024
        }
    }
}
