// What commits put in order and is not carried out yet, because bodies are still to come.
import Consensus
import Primitives

/// First in, first out.
struct ExecutionQueue: Sendable {
    enum Step: Sendable {
        /// A certified update, and when it was ordered.
        case update(Update, at: Instant)
        /// All updates of a certificate have had their turn.
        case certificate(CheckedCertificate)
        /// Something else that a seat put in order.
        case ordered(Ordered, author: Seat, at: Instant)
        /// A commit ends here.
        case end(CommitSummary)
    }

    var trail = OrderTrail(head: CommitHead(genesisTime: Instant(nanoseconds: 0)))
    private var steps: [Step] = []
    private var next = 0
    /// Certificates of this gateway that were in order before those they follow.
    var overtaken: [CheckedCertificate] = []
    /// When the body that is missing was asked for last.
    var askedAt: Instant?
    /// How often it was asked for.
    var asked = 0

    var first: Step? { next < steps.count ? steps[next] : nil }
    var isEmpty: Bool { next == steps.count }

    mutating func append(_ step: Step) { steps.append(step) }

    /// Puts steps behind the first.
    mutating func insertSecond(_ more: [Step]) {
        steps.insert(contentsOf: more, at: min(next + 1, steps.count))
    }

    mutating func removeFirst() {
        next += 1
        if next == steps.count || next > 4096 {
            steps.removeFirst(next)
            next = 0
        }
    }

    mutating func removeAll() {
        steps.removeAll()
        next = 0
        overtaken.removeAll()
    }

    /// Digests of the updates that wait, from the front, at most `limit`.
    func waiting(limit: Int) -> [Update] {
        var found: [Update] = []
        for step in steps[next...] {
            if case .update(let update, _) = step { found.append(update) }
            if found.count == limit { break }
        }
        return found
    }
}

/// Hashes of certificates whose signatures were checked here, so that they are not checked again
/// when they come back in blocks.
struct KnownCertificates: Sendable {
    private var current: Set<Digest> = []
    private var older: Set<Digest> = []
    private static let mostPerGeneration = 32_768

    func contains(_ hash: Digest) -> Bool { current.contains(hash) || older.contains(hash) }

    mutating func insert(_ hash: Digest) {
        if current.count >= Self.mostPerGeneration {
            older = current
            current = []
        }
        current.insert(hash)
    }
}
