// Which missing parents are asked of whom, and when: of the sender of the block that names them
// after a moment, of other seats in turn when that did not help.
import Primitives

struct Fetching: Sendable {
    /// A question to one peer.
    struct Request: Sendable {
        let peer: Peer
        var references: [BlockReference]
    }

    private struct Want: Sendable {
        let reference: BlockReference
        let peer: Peer
        let due: Instant
    }

    /// Names that are remembered as asked for, at most; the rest waits for the next retry.
    private static let askedLimit = 16_384

    private let delay: UInt64
    private let retryAfter: UInt64
    private let limit: Int
    private var wants: [Want] = []
    /// Names wanted or asked for since the last retry.
    private var asked: Set<BlockReference> = []
    /// While far behind: who answers, and the quorum round when it was asked last.
    private var source: (peer: Peer, round: Round)?
    private var lastRetry = Instant(nanoseconds: 0)
    private var turn = 0
    var lapses: Lapses = []

    init(settings: ValidatorSettings) {
        delay = settings.fetchDelay
        retryAfter = settings.retryAfter
        limit = settings.blocksPerAnswer
    }

    /// `peer` sent a block whose history lacks `references` here. They may be on their way: only
    /// a seat that is far behind asks at once.
    mutating func want(
        _ references: [BlockReference], of peer: Peer, at now: Instant, isBehind: Bool,
        _ store: BlockStore
    ) {
        if isBehind, source == nil { source = (peer, store.quorumRound) }
        let due = isBehind ? now : now.advanced(byNanoseconds: delay)
        for reference in references
        where asked.count < Self.askedLimit && asked.insert(reference).inserted {
            wants.append(Want(reference: reference, peer: peer, due: due))
        }
    }

    /// What to ask at `now`.
    mutating func requests(at now: Instant, _ store: BlockStore, own: Seat?) -> [Request] {
        var requests: [Request] = []
        func ask(_ reference: BlockReference, _ peer: Peer) {
            if let index = requests.firstIndex(where: { $0.peer == peer }) {
                if requests[index].references.count < limit {
                    requests[index].references.append(reference)
                }
            } else {
                requests.append(Request(peer: peer, references: [reference]))
            }
        }
        for want in wants where want.due <= now && store.lacks(want.reference) {
            ask(want.reference, want.peer)
        }
        wants.removeAll { $0.due <= now }
        if let more = nextAnswer(store) { requests.append(more) }
        if let retry = retry(at: now, store, own: own), !lapses.contains(.asksOnlyTheSender) {
            requests.append(retry)
        }
        return lapses.contains(.asksNobody) ? [] : requests
    }

    /// While far behind, the next part of the history as soon as half of the last one is here.
    private mutating func nextAnswer(_ store: BlockStore) -> Request? {
        guard let (peer, round) = source else { return nil }
        guard !store.waiting.isEmpty else {
            source = nil
            return nil
        }
        let stride = UInt64(max(1, limit / store.committee.count / 2))
        guard store.quorumRound >= round + stride else { return nil }
        source = (peer, store.quorumRound)
        let missing = Array(store.missing.prefix(limit))
        return missing.isEmpty ? nil : Request(peer: peer, references: missing)
    }

    /// Asks another seat each time for all that is missing.
    private mutating func retry(at now: Instant, _ store: BlockStore, own: Seat?) -> Request? {
        guard !store.waiting.isEmpty, lastRetry.advanced(byNanoseconds: retryAfter) <= now
        else { return nil }
        let isFirst = lastRetry.nanoseconds == 0
        lastRetry = now
        asked = Set(wants.map(\.reference))
        let others = store.committee.seats.filter { $0 != own }
        let missing = Array(store.missing.prefix(limit))
        guard !isFirst, !others.isEmpty, !missing.isEmpty else { return nil }
        turn = (turn + 1) % others.count
        let peer = Peer.seat(others[turn])
        if source != nil { source = (peer, store.quorumRound) }
        return Request(peer: peer, references: missing)
    }

    /// When to come back.
    func wake(_ store: BlockStore) -> Instant? {
        guard !store.waiting.isEmpty else { return nil }
        let retry = lastRetry.advanced(byNanoseconds: retryAfter)
        return wants.map(\.due).min().map { min($0, retry) } ?? retry
    }
}
