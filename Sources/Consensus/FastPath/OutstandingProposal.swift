// One own proposal under way: the votes and confirms that came, and what they add up to.
import Primitives

/// What a gateway keeps of a proposal until all its items are final or given up.
struct OutstandingProposal: Sendable {
    let proposal: Proposal
    let digest: Digest
    /// By seat; the items are the rejected ones.
    private(set) var votes: [SeatSignature?]
    /// By seat.
    private var rejections: [[Rejection]]
    /// By seat; the items are the confirmed ones.
    private(set) var confirms: [SeatSignature?]
    /// The certificate last made, which certifies all that is certified so far.
    var certificate: CheckedCertificate?
    private(set) var final: ItemSet
    /// Items reported as rejected.
    private(set) var refused: ItemSet
    /// Items of whose slots another update is known.
    var contested: [Int] = []
    /// When it is sent again, and how often it was.
    var dueAt: Instant
    var tries = 0

    init(_ proposal: Proposal, digest: Digest, seats: Int, dueAt: Instant) {
        self.proposal = proposal
        self.digest = digest
        self.dueAt = dueAt
        votes = Array(repeating: nil, count: seats)
        rejections = Array(repeating: [], count: seats)
        confirms = Array(repeating: nil, count: seats)
        final = ItemSet(count: proposal.items.count)
        refused = final
    }

    var count: Int { proposal.items.count }
    var certified: ItemSet { certificate?.certified ?? ItemSet(count: count) }
    /// Neither certified nor reported as rejected.
    var undecided: ItemSet { certified.union(refused).complement }
    var isFinished: Bool { final.union(refused.subtracting(certified)).isFull }

    /// Keeps a vote that rejects fewer items than the seat's last one. Whether it did.
    mutating func take(_ vote: LockVote, _ reasons: [Rejection]) -> Bool {
        let seat = Int(vote.voter.index)
        guard votes.indices.contains(seat), vote.rejected.count == count else { return false }
        if let old = votes[seat] {
            if vote.rejected.size == old.items.size { rejections[seat] = reasons }
            guard vote.rejected.size < old.items.size else { return false }
        }
        votes[seat] = SeatSignature(
            seat: vote.voter, items: vote.rejected, signature: vote.signature)
        rejections[seat] = reasons
        return true
    }

    /// A certificate of more items than the last one; nil where the votes do not give one.
    func nextCertificate(quorum: Int) -> CheckedCertificate? {
        let cast = votes.compactMap { $0 }
        guard cast.count >= quorum, !certified.isFull else { return nil }
        let whole = cast.filter(\.items.isEmpty)
        let chosen = whole.count >= quorum ? Array(whole.prefix(quorum)) : cast
        let made = Certificate(proposal: proposal, votes: chosen)
        let reached = made.certified(quorum: quorum)
        guard !reached.subtracting(certified).isEmpty else { return nil }
        let reference = CertificateReference(proposal: digest, certified: reached)
        return CheckedCertificate(own: made, reference: reference)
    }

    /// Undecided items that at least `least` seats reject, with the reasons given; they are taken
    /// down as refused.
    mutating func takeRefused(least: Int) -> [(Update, [RejectReason])] {
        let open = undecided
        let cast = votes.compactMap { $0?.items }
        guard !open.isEmpty, cast.count(where: { !$0.isEmpty }) >= least else { return [] }
        let lost = ItemSet.held(byAtLeast: least, of: cast, count: count).intersection(open)
        return refuse(lost)
    }

    /// Takes `items` down as refused; each with the reasons given for it.
    mutating func refuse(_ items: ItemSet) -> [(Update, [RejectReason])] {
        refused = refused.union(items)
        return items.indices.map { (proposal.items[$0], reasons(for: $0)) }
    }

    private func reasons(for index: Int) -> [RejectReason] {
        rejections.compactMap { $0.first { $0.index == index }?.reason }
    }

    /// Keeps a confirm of more items than the seat's last one. Whether it did.
    mutating func take(_ confirm: Confirm) -> Bool {
        let seat = Int(confirm.voter.index)
        guard confirms.indices.contains(seat), confirm.confirmed.count == count,
            confirm.confirmed.size > confirms[seat]?.items.size ?? 0
        else { return false }
        confirms[seat] = SeatSignature(
            seat: confirm.voter, items: confirm.confirmed, signature: confirm.signature)
        return true
    }

    /// The items that became final, and all confirms that came.
    mutating func takeFinal(quorum: Int) -> (items: ItemSet, confirms: [SeatSignature])? {
        let cast = confirms.compactMap { $0 }
        guard cast.count >= quorum else { return nil }
        let reached = ItemSet.held(byAtLeast: quorum, of: cast.map(\.items), count: count)
        let more = reached.intersection(certified).subtracting(final)
        guard !more.isEmpty else { return nil }
        final = final.union(more)
        return (more, cast)
    }

    /// Seats that have not voted, or reject an item that is undecided.
    func unvoted(besides own: Seat) -> [Seat] {
        let open = undecided
        guard !open.isEmpty else { return [] }
        return seats(besides: own) {
            votes[$0].map { !$0.items.intersection(open).isEmpty } ?? true
        }
    }

    /// Seats that have not confirmed all that is certified and not final.
    func unconfirmed(besides own: Seat) -> [Seat] {
        let open = certified.subtracting(final)
        guard !open.isEmpty else { return [] }
        return seats(besides: own) {
            confirms[$0].map { !open.subtracting($0.items).isEmpty } ?? true
        }
    }

    private func seats(besides own: Seat, _ include: (Int) -> Bool) -> [Seat] {
        votes.indices.filter { $0 != Int(own.index) && include($0) }.map { Seat(UInt8($0)) }
    }

    /// The lock of `seat` on item `index`, where it voted for it.
    func lock(of seat: Seat, at index: Int) -> SignedLock? {
        guard let vote = votes[Int(seat.index)] else { return nil }
        let lock = SignedLock(proposal: proposal, vote: vote, index: index)
        return lock.locked == nil ? nil : lock
    }
}
