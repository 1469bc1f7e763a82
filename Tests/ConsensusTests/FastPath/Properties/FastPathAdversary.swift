// The faulty seats of a simulation, played by one adversary that signs whatever helps to split.
import Primitives
import TestSupport

@testable import Consensus

/// Votes for everything, confirms everything, makes certificates of conflicting proposals where it
/// gets the votes, shows them to few, and hides them from unlocks.
struct FastPathAdversary {
    let committee: TestCommittee
    /// Seats below this are honest.
    var honest: Int
    private var number: UInt64 = 0
    /// Own proposals and the votes that came.
    private var votes: [Digest: [SeatSignature]] = [:]
    private var made: Set<Digest> = []

    init(committee: TestCommittee, honest: Int) {
        self.committee = committee
        self.honest = honest
    }

    private var faulty: [UInt8] { (honest..<committee.keys.count).map { UInt8($0) } }

    typealias Sent = (FastPathSimulation.Message, Int)

    /// Answers to what a faulty seat was sent.
    mutating func see(
        _ message: FastPathSimulation.Message, using generator: inout SeededGenerator
    ) -> [Sent] {
        switch message {
        case .proposal(let proposal):
            return faulty.map {
                (.vote(committee.vote($0, proposal), [], proposal), Int(proposal.gateway.index))
            }
        case .certificate(let certificate):
            let items = certificate.certified.indices
            return faulty.map {
                (.confirm(committee.confirm($0, certificate.proposal, items)),
                    Int(certificate.proposal.gateway.index))
            }
        case .vote(let vote, _, let proposal): return collect(vote, proposal, using: &generator)
        case .confirm: return []
        }
    }

    /// Adds the faulty seats' votes, and shows a certificate to some seats only.
    private mutating func collect(
        _ vote: LockVote, _ proposal: Proposal, using generator: inout SeededGenerator
    ) -> [Sent] {
        var seen = votes[vote.proposal] ?? faulty.map { committee.signed($0, proposal) }
        guard !made.contains(vote.proposal), !seen.contains(where: { $0.seat == vote.voter })
        else { return [] }
        seen.append(
            SeatSignature(seat: vote.voter, items: vote.rejected, signature: vote.signature))
        votes[vote.proposal] = seen
        let sorted = seen.sorted { $0.seat < $1.seat }
        let certificate = Certificate(proposal: proposal, votes: sorted)
        guard let checked = try? CheckedCertificate(certificate, in: committee.view) else {
            return []
        }
        made.insert(vote.proposal)
        return (0..<honest).filter { _ in Bool.random(using: &generator) }
            .map { (.certificate(checked), $0) }
    }

    /// Proposes updates of a client, some to some seats and another version to the rest.
    mutating func split(
        _ updates: [Update], using generator: inout SeededGenerator
    ) -> [Sent] {
        guard let gateway = faulty.first, Int.random(in: 0..<3, using: &generator) == 0 else {
            return []
        }
        number += 1
        // Often one alone, so that it comes before those below it.
        let lone = updates.randomElement(using: &generator).map { [$0] }
        let items = Bool.random(using: &generator) ? updates : lone ?? updates
        let proposal = committee.proposal(items, gateway: gateway, number: number)
        return (0..<honest).filter { _ in Bool.random(using: &generator) }
            .map { (.proposal(proposal), $0) }
    }

    /// Answers to the order: empty unlock votes and an early end.
    mutating func see(_ item: OrderedItem) -> [OrderedItem] {
        switch item {
        case .unlock(let unlock):
            return faulty.map {
                .unlockVote(UnlockVote(slot: unlock.slot, certificate: nil), Seat($0))
            }
        case .close: return faulty.map { .endOfEpoch(Seat($0)) }
        default: return []
        }
    }
}
