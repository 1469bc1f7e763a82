// What must hold of all votes and confirms that honest seats ever signed.
import Primitives

@testable import Consensus

/// Sees every signature of honest seats and says when a rule is broken. Faulty seats count as if
/// they had signed everything.
struct FastPathOracle {
    let committee: CommitteeView
    let faulty: Int
    /// By slot: each digest and the honest seats that signed a lock of it.
    private var locks: [UpdateSlot: [(digest: Digest, seats: SeatSet)]] = [:]
    private var confirms: [UpdateSlot: [(digest: Digest, seats: SeatSet)]] = [:]
    /// Slots of which an update is final, whoever knows it.
    private(set) var final: [(slot: UpdateSlot, digest: Digest)] = []
    /// What may be certified, by slot.
    private var certifiable: [UpdateSlot: Update] = [:]
    private(set) var broken: String?

    init(committee: CommitteeView, faulty: Int) {
        self.committee = committee
        self.faulty = faulty
    }

    mutating func fail(_ sentence: String) { broken = broken ?? sentence }

    mutating func see(vote: LockVote, on proposal: Proposal) {
        for index in vote.rejected.complement.indices {
            let item = proposal.items[index]
            let seen = note(item, vote.voter, in: &locks)
            if seen.filter({ $0.seats.contains(vote.voter) }).count > 1 {
                fail("\(vote.voter) locked one slot twice: \(item.slot.sequence)")
            }
            if seen.filter({ $0.seats.count + faulty >= committee.quorum }).count > 1 {
                fail("two updates may be certified at \(item.slot.sequence)")
            }
            if canBeCertified(item) { link(item) }
        }
    }

    /// A certifiable update follows what may be certified below it.
    private mutating func link(_ item: Update) {
        certifiable[item.slot] = item
        var below = item.slot
        below.sequence -= 1
        var above = item.slot
        above.sequence += 1
        let pairs = [(certifiable[below], item), (item, certifiable[above] ?? item)]
        for case (let lower?, let upper) in pairs where lower != upper {
            if let previous = upper.previous, previous != lower.digest {
                fail("certified upon another predecessor: \(upper.slot.sequence)")
            }
        }
    }

    /// A vote of a seat that had read the order so far.
    mutating func see(vote: LockVote, on proposal: Proposal, after ledger: TestLedger) {
        if ledger.isClosing { fail("a vote after the close") }
        for index in vote.rejected.complement.indices {
            let slot = proposal.items[index].slot
            if let entry = ledger.unlocks[slot.chain], entry.slot.sequence <= slot.sequence {
                fail("a vote while the slot is unlocked: \(slot.sequence)")
            }
        }
    }

    mutating func see(confirm: Confirm, on proposal: Proposal) {
        for index in confirm.confirmed.indices {
            let item = proposal.items[index]
            let before = confirms[item.slot]?.first { $0.digest == item.digest }?.seats.count ?? 0
            let seen = note(item, confirm.voter, in: &confirms)
            let count = seen.first { $0.digest == item.digest }?.seats.count ?? 0
            guard count > before, count + faulty == committee.quorum else { continue }
            final.append((item.slot, item.digest))
            if !canBeCertified(item) { fail("final and not certified: \(item.slot.sequence)") }
        }
    }

    private func canBeCertified(_ item: Update) -> Bool {
        let seats = locks[item.slot]?.first { $0.digest == item.digest }?.seats.count ?? 0
        return seats + faulty >= committee.quorum
    }

    private func note(
        _ item: Update, _ seat: Seat,
        in table: inout [UpdateSlot: [(digest: Digest, seats: SeatSet)]]
    ) -> [(digest: Digest, seats: SeatSet)] {
        var seen = table[item.slot] ?? []
        let place = seen.firstIndex { $0.digest == item.digest } ?? seen.count
        if place == seen.count { seen.append((item.digest, SeatSet())) }
        seen[place].seats.insert(seat)
        table[item.slot] = seen
        return seen
    }

    /// No final update is lost: its slot was not voided and no other update stands there.
    mutating func check(_ ledger: TestLedger) {
        if let update = ledger.misplaced.first {
            fail("certified upon another predecessor: \(update.slot.sequence)")
        }
        for (slot, digest) in final {
            let head = ledger.head(slot.chain)
            if let carried = ledger.carried[slot], carried != digest {
                fail("another update than the final one was carried out: \(slot.sequence)")
            }
            if head.attempt > slot.attempt, ledger.carried[slot] == nil {
                fail("a final update was voided: \(slot.sequence)")
            }
        }
    }

    /// At the end of the epoch every final update is carried out.
    mutating func checkEnd(_ ledger: TestLedger) {
        check(ledger)
        for (slot, digest) in final where ledger.carried[slot] != digest {
            fail("a final update is missing at the end of the epoch: \(slot.sequence)")
        }
    }
}
