// How an unlock is decided in the total order.
import Primitives
import Testing

@testable import Consensus

@Suite struct UnlockEntryTests {
    static let committee = TestCommittee(4)
    static let update = TestUpdates.update(1, 3, attempt: 2)
    static let head = TestUpdates.head(1, 2, attempt: 2)
    static let empty = UnlockVote(slot: update.slot, certificate: nil)

    private func entry() throws -> UnlockEntry {
        try #require(UnlockEntry(Unlock(slot: Self.update.slot), head: Self.head))
    }

    @Test func aQuorumOfEmptyVotesVoids() throws {
        var entry = try entry()
        let view = Self.committee.view
        #expect(entry.take(Self.empty, from: Seat(0), in: view) == .open)
        #expect(entry.take(Self.empty, from: Seat(0), in: view) == .ignored, "twice")
        #expect(entry.take(Self.empty, from: Seat(4), in: view) == .ignored, "no seat")
        #expect(entry.take(Self.empty, from: Seat(3), in: view) == .open)
        #expect(entry.take(Self.empty, from: Seat(1), in: view) == .voided(nextAttempt: 3))
    }

    @Test func aCertificateStands() throws {
        var entry = try entry()
        let view = Self.committee.view
        let certificate = Self.committee.certificate(Self.committee.proposal([Self.update]))
        _ = entry.take(Self.empty, from: Seat(0), in: view)
        _ = entry.take(Self.empty, from: Seat(1), in: view)
        let vote = UnlockVote(slot: Self.update.slot, certificate: certificate)
        let checked = try CheckedCertificate(certificate, in: view)
        #expect(entry.take(vote, from: Seat(2), in: view) == .stands(checked))
    }

    @Test func aFalseCertificateIsNoVote() throws {
        var entry = try entry()
        let view = Self.committee.view
        let elsewhere = Self.committee.proposal([TestUpdates.update(2, 3, attempt: 2)])
        var short = Self.committee.certificate(Self.committee.proposal([Self.update]))
        short.votes.removeLast()
        for certificate in [short, Self.committee.certificate(elsewhere)] {
            let vote = UnlockVote(slot: Self.update.slot, certificate: certificate)
            #expect(entry.take(vote, from: Seat(2), in: view) == .ignored)
        }
        #expect(entry.voters.count == 0)
    }

    @Test func aVoteForAnotherSlotIsNone() throws {
        var entry = try entry()
        let other = UnlockVote(slot: TestUpdates.update(1, 3, attempt: 1).slot, certificate: nil)
        #expect(entry.take(other, from: Seat(0), in: Self.committee.view) == .ignored)
    }

    @Test func onlyTheNextSlotOfTheAttemptCanBeUnlocked() {
        let unlock = Unlock(slot: Self.update.slot)
        #expect(UnlockEntry(unlock, head: TestUpdates.head(1, 3, attempt: 2)) == nil)
        #expect(UnlockEntry(unlock, head: TestUpdates.head(1, 1, attempt: 2)) == nil)
        #expect(UnlockEntry(unlock, head: TestUpdates.head(1, 2, attempt: 3)) == nil)
        let last = UpdateSlot(
            chain: Self.update.chain, sequence: 3, attempt: UpdateSlot.lastAttempt)
        let head = ChainHead(
            sequence: 2, digest: Digest(), attempt: UpdateSlot.lastAttempt)
        #expect(UnlockEntry(Unlock(slot: last), head: head) == nil)
    }
}
