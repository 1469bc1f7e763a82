// The road of a batch through the committee, with the time of each station, kept for the last ones.
import Consensus
import Primitives
import Records
import Replica

/// Times are this node's own; nil where a station is not reached, or this node was not there.
public struct BatchRoad: Hashable, Sendable {
    /// It was written down here.
    public var received: Instant
    /// The seat that collected the votes.
    public var gateway: UInt8?
    /// A certificate for it was kept here.
    public var certified: Instant?
    /// Seats whose votes are in that certificate, ascending.
    public var votes: [UInt8] = []
    /// A quorum confirmed it; told to the node alone that collects the confirms.
    public var final: Instant?
    /// It was carried out.
    public var executed: Instant?
    /// The commit that put it in order, and the round of its leaders.
    public var commit: UInt64?
    public var round: UInt64?
}

/// The roads of the batches received last; nothing of it is on disk.
struct BatchRoads {
    private static let most = 4_096

    private var roads: [Digest: BatchRoad] = [:]
    /// In the order of receipt; a ring once it is full.
    private var order: [Digest] = []
    private var oldest = 0
    /// Carried out by the commit that is being told.
    private var executing: [Digest] = []

    subscript(digest: Digest) -> BatchRoad? { roads[digest] }

    mutating func note(_ entry: JournalEntry, at now: Instant) {
        switch entry {
        case .body(_, .batch(let batch)): begin(batch.digest, at: now)
        case .certificate(let certificate):
            for (index, item) in certificate.proposal.items.enumerated() {
                note(item.digest, at: index, in: certificate, now)
            }
        default: break
        }
    }

    private mutating func begin(_ digest: Digest, at now: Instant) {
        guard roads[digest] == nil else { return }
        roads[digest] = BatchRoad(received: now)
        guard order.count == Self.most else { return order.append(digest) }
        roads[order[oldest]] = nil
        order[oldest] = digest
        oldest = (oldest + 1) % Self.most
    }

    private mutating func note(
        _ digest: Digest, at index: Int, in certificate: Certificate, _ now: Instant
    ) {
        guard roads[digest]?.certified == nil else { return }
        // The sets of a certificate hold what a seat rejects.
        let votes = certificate.votes.filter { !$0.items.contains(index) }.map(\.seat.index)
        roads[digest]?.certified = now
        roads[digest]?.votes = votes
        roads[digest]?.gateway = certificate.proposal.gateway.index
    }

    mutating func note(final digests: [Digest], at now: Instant) {
        for digest in digests { roads[digest]?.final = now }
    }

    mutating func note(executed digest: Digest, at now: Instant) {
        guard roads[digest] != nil else { return }
        roads[digest]?.executed = now
        executing.append(digest)
    }

    /// A commit is told behind everything that it made executable.
    mutating func note(_ commit: CommitSummary) {
        for digest in executing {
            roads[digest]?.commit = commit.head.index
            roads[digest]?.round = commit.head.round.number
        }
        executing.removeAll()
    }
}

extension Node {
    /// The road of the batch of that digest; nil where this node did not see it, or long ago.
    public func road(of digest: Digest) -> BatchRoad? { working?.core.roads[digest] }
}
