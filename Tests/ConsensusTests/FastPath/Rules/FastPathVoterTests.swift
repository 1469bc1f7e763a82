// What one seat answers to proposals, certificates, unlocks and the close.
import Primitives
import Testing

@testable import Consensus

@Suite struct FastPathVoterTests {
    private let one = TestUpdates.update(1, 1)
    private let two = TestUpdates.update(1, 2)
    private let three = TestUpdates.update(1, 3)
    private let rival = TestUpdates.update(1, 1, version: 1)

    @Test func aRunIsLockedInOrderAndRecordedOnce() throws {
        var bench = FastPathBench(seat: 1)
        let first = bench.committee.proposal([one, two], number: 1)
        let actions = bench.propose(first)
        #expect(actions.names == ["record", "vote"])
        #expect(actions.first == .record(.locked([one, two], gateway: Seat(0))))
        #expect(actions.rejections == [])
        // Across proposals, and again: only what is new is recorded.
        let second = bench.committee.proposal([two, three], number: 2)
        #expect(bench.propose(second).first == .record(.locked([three], gateway: Seat(0))))
        #expect(bench.propose(second).names == ["vote"])
        let other = bench.committee.proposal([one], gateway: 2, number: 9)
        let again = bench.propose(other)
        #expect(again.names == ["vote"] && again.rejections == [])
    }

    @Test func aSecondUpdateOfASlotIsRejectedByName() {
        var bench = FastPathBench(seat: 1)
        bench.propose(bench.committee.proposal([one]))
        let actions = bench.propose(bench.committee.proposal([rival, two], gateway: 2))
        #expect(actions.rejections == [Rejection(index: 0, reason: .held(by: one.digest))])
        #expect(actions.names == ["record", "vote"], "two follows the first one")
    }

    @Test func theApplicationRefuses() {
        var bench = FastPathBench(seat: 1)
        let proposal = bench.committee.proposal([one, two])
        let actions = bench.step(.proposal(
            proposal, from: Seat(0), verdicts: [.refused(code: 7), .admissible(head: .start)]))
        #expect(actions.rejections == [
            Rejection(index: 0, reason: .app(7)), Rejection(index: 1, reason: .gap),
        ])
        #expect(actions.names == ["vote"])
        #expect(bench.machine.chains.isEmpty, "nothing is kept of what is rejected")
    }

    @Test func whatIsNotFromItsGatewayIsNotAnswered() {
        var bench = FastPathBench(seat: 1)
        let proposal = bench.committee.proposal([one])
        let fine = [FastPath.Verdict.admissible(head: .start)]
        var late = proposal
        late.epoch = 2
        #expect(bench.step(.proposal(proposal, from: Seat(2), verdicts: fine)).isEmpty)
        #expect(bench.step(.proposal(proposal, from: Seat(0), verdicts: [])).isEmpty)
        #expect(bench.step(.proposal(late, from: Seat(0), verdicts: fine)).isEmpty)
        let own = bench.committee.proposal([one], gateway: 1)
        #expect(bench.step(.proposal(own, from: Seat(1), verdicts: fine)).isEmpty)
        let stranger = bench.committee.proposal([one], gateway: 9)
        #expect(bench.step(.proposal(stranger, from: Seat(9), verdicts: fine)).isEmpty)
    }

    @Test func anObserverHoldsAndSaysNothing() throws {
        var bench = FastPathBench(seat: nil)
        let proposal = bench.committee.proposal([one])
        #expect(bench.propose(proposal).isEmpty)
        #expect(try bench.certificate(bench.committee.certificate(proposal)).names == ["store"])
        #expect(bench.submit([one]).names == ["rejected"])
        #expect(bench.step(.unlocking(one.slot, head: .start)).isEmpty)
    }

    @Test func aGatewayHasItsShareOfLocks() {
        var bench = FastPathBench(seat: 1) { $0.locksPerGateway = 1 }
        let actions = bench.propose(bench.committee.proposal([one, two]))
        #expect(actions.rejections == [Rejection(index: 1, reason: .overLimit)])
        let other = bench.propose(bench.committee.proposal([two], gateway: 2))
        #expect(other.rejections == [])
        bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, 1)))
        let freed = bench.propose(
            bench.committee.proposal([TestUpdates.update(3, 1)]), head: .start)
        #expect(freed.rejections == [])
    }

    // Certificates

    @Test func aCertificateIsStoredThenConfirmed() throws {
        var bench = FastPathBench(seat: 1)
        let proposal = bench.committee.proposal([one, two])
        let certificate = bench.committee.certificate(proposal)
        let actions = try bench.certificate(certificate)
        #expect(actions.names == ["store", "confirm"])
        let confirm = try #require(actions.confirms.first)
        #expect(confirm.confirmed.isFull)
        #expect(try CheckedConfirm(confirm, in: bench.committee.view).confirm == confirm)
        #expect(try bench.certificate(certificate).names == ["confirm"], "again")
        for sequence in 1...2 as ClosedRange<UInt64> {
            bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, sequence)))
        }
        #expect(bench.machine.chains.isEmpty && bench.machine.held.isEmpty)
        let late = try bench.certificate(certificate, head: TestUpdates.head(1, 2))
        #expect(late.names == ["confirm"], "carried out: nothing to store")
        let voided = TestUpdates.head(1, 0, attempt: 1)
        #expect(try bench.certificate(certificate, head: voided).isEmpty)
    }

    @Test func whatComesOutOfOrderWaits() throws {
        var bench = FastPathBench(seat: 1)
        let upper = bench.committee.certificate(bench.committee.proposal([two], number: 2))
        let lower = bench.committee.certificate(bench.committee.proposal([one], number: 1))
        #expect(try bench.certificate(upper).names == ["store"])
        #expect(try bench.certificate(lower).names == ["store", "confirm", "confirm"])
    }

    @Test func whatWaitsIsConfirmedWhenTheOrderCarriesTheChainThere() throws {
        var bench = FastPathBench(seat: 1)
        let upper = bench.committee.certificate(bench.committee.proposal([two], number: 2))
        #expect(try bench.certificate(upper).names == ["store"])
        let actions = bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, 1)))
        #expect(actions.names == ["confirm"])
    }

    @Test func aGatewayHasItsShareOfCertificates() throws {
        var bench = FastPathBench(seat: 1) { $0.certificatesPerGateway = 1 }
        let other = bench.committee.proposal([TestUpdates.update(2, 1)], number: 2)
        #expect(try bench.certificate(
            bench.committee.certificate(bench.committee.proposal([one]))).count == 2)
        #expect(try bench.certificate(bench.committee.certificate(other)).isEmpty)
    }

    @Test func twoCertificatesOfASlotHaltTheMachine() throws {
        var bench = FastPathBench(seat: 1)
        _ = try bench.certificate(bench.committee.certificate(bench.committee.proposal([one])))
        let other = bench.committee.certificate(bench.committee.proposal([rival], number: 2))
        #expect(try bench.certificate(other).names == ["halt"])
        #expect(bench.machine.isHalted)
        #expect(bench.propose(bench.committee.proposal([TestUpdates.update(2, 1)])).isEmpty)
    }

    @Test func holdersReferToWhatIsNotCarriedOut() throws {
        var bench = FastPathBench(seat: 1)
        let certificate = bench.committee.certificate(bench.committee.proposal([one]))
        _ = try bench.certificate(certificate)
        #expect(bench.wait(milliseconds: 1_999).isEmpty)
        #expect(bench.wait(milliseconds: 2).names == ["reference"])
        #expect(bench.wait(milliseconds: 2_001).names == ["reference"])
        let reference = try CheckedCertificate(certificate, in: bench.committee.view).reference
        bench.step(.sequenced(reference))
        #expect(bench.wait(milliseconds: 2_001).isEmpty)
        #expect(bench.wait(milliseconds: 14_001).names == ["reference"], "still not carried out")
        bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, 1)))
        #expect(bench.wait(milliseconds: 20_000).isEmpty)
    }

    @Test func laterSeatsReferLater() throws {
        var bench = FastPathBench(seat: 3)
        _ = try bench.certificate(bench.committee.certificate(bench.committee.proposal([one])))
        #expect(bench.wait(milliseconds: 2_001).isEmpty)
        #expect(bench.wait(milliseconds: 2_000).names == ["reference"])
    }

    // Unlocks

    @Test func anUnlockIsRecordedAndAnsweredWithTheCertificate() throws {
        var bench = FastPathBench(seat: 1)
        let certificate = bench.committee.certificate(bench.committee.proposal([one]))
        #expect(bench.step(.unlocking(one.slot, head: .start)) == [
            .record(.unlocking(one.slot)),
            .unlockVote(UnlockVote(slot: one.slot, certificate: nil)),
        ])
        #expect(try bench.certificate(certificate).names == ["store"], "no confirm any more")
        #expect(bench.step(.unlocking(one.slot, head: .start)).last
            == .unlockVote(UnlockVote(slot: one.slot, certificate: certificate)))
        let actions = bench.propose(bench.committee.proposal([one, two]))
        #expect(actions.rejections?.map(\.reason) == [.unlocking, .unlocking])
    }

    @Test func confirmsGoOnWhereTheUnlockIsSettled() throws {
        var bench = FastPathBench(seat: 1)
        bench.step(.unlocking(one.slot, head: .start))
        let run = bench.committee.proposal([one, two])
        #expect(try bench.certificate(bench.committee.certificate(run)).names == ["store"])
        let actions = bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, 1)))
        #expect(actions.confirms.first?.confirmed.isFull == true)
    }

    @Test func aVoidedAttemptIsForgotten() throws {
        var bench = FastPathBench(seat: 1)
        let run = bench.committee.proposal([one, two])
        bench.propose(run)
        bench.step(.unlocking(one.slot, head: .start))
        let head = ChainHead(sequence: 0, digest: Digest(), attempt: 1)
        bench.step(.executed(chain: one.chain, head: head))
        #expect(bench.machine.chains.isEmpty)
        #expect(bench.propose(run, head: head).rejections?.map(\.reason) == [.voided, .voided])
        let next = TestUpdates.update(1, 1, version: 1, attempt: 1)
        #expect(bench.propose(bench.committee.proposal([next]), head: head).rejections == [])
    }

    // The close

    @Test func theCloseFlushesWhatMayBeConfirmed() throws {
        var bench = FastPathBench(seat: 1)
        let lone = bench.committee.proposal([TestUpdates.update(2, 2)], number: 2)
        let first = bench.committee.certificate(bench.committee.proposal([one]))
        _ = try bench.certificate(first)
        _ = try bench.certificate(bench.committee.certificate(lone))
        let checked = try CheckedCertificate(first, in: bench.committee.view)
        #expect(bench.step(.closing) == [.record(.closed), .reference(checked)])
        #expect(bench.propose(bench.committee.proposal([TestUpdates.update(3, 1)])).isEmpty)
        #expect(try bench.certificate(first).isEmpty)
        let actions = bench.step(.executed(chain: one.chain, head: TestUpdates.head(1, 1)))
        #expect(actions == [.flushed])
        #expect(bench.step(.tick).isEmpty, "once")
    }

    // Recovery

    @Test func locksComeBackFromTheJournal() throws {
        var bench = FastPathBench(seat: 1)
        var records: [LockRecord] = []
        let run = bench.committee.proposal([one, two])
        for case .record(let record) in bench.propose(run) { records.append(record) }
        var back = FastPathBench(seat: 1)
        for record in records { back.machine.replay(record) { _ in .start } }
        #expect(back.machine.records == [
            .locked([one], gateway: Seat(0)), .locked([two], gateway: Seat(0)),
        ])
        #expect(back.propose(run).names == ["vote"], "nothing to record again")
        let other = back.propose(back.committee.proposal([rival], gateway: 2))
        #expect(other.rejections == [Rejection(index: 0, reason: .held(by: one.digest))])
        var later = FastPathBench(seat: 1)
        for record in records { later.machine.replay(record) { _ in TestUpdates.head(1, 1) } }
        #expect(later.machine.records == [.locked([two], gateway: Seat(0))])
    }

    @Test func certificatesUnlocksAndTheCloseComeBack() throws {
        var bench = FastPathBench(seat: 1)
        let certificate = bench.committee.certificate(bench.committee.proposal([one]))
        let checked = try CheckedCertificate(certificate, in: bench.committee.view)
        bench.machine.replay(checked, at: bench.now) { _ in .start }
        bench.machine.replay(.unlocking(two.slot)) { _ in .start }
        bench.machine.replay(.closed) { _ in .start }
        #expect(bench.machine.certificates == [checked])
        #expect(bench.machine.records == [.unlocking(two.slot), .closed])
        #expect(bench.machine.isClosing)
        #expect(bench.step(.tick) == [.reference(checked)])
        let head = TestUpdates.head(1, 1)
        #expect(bench.step(.executed(chain: one.chain, head: head)) == [.flushed])
    }

    @Test func anAttemptThatWasSpokenForComesBack() {
        var bench = FastPathBench(seat: 1)
        let later = TestUpdates.update(1, 1, attempt: 1)
        bench.machine.replay(.locked([later], gateway: Seat(0))) { _ in .start }
        #expect(bench.propose(bench.committee.proposal([rival])).rejections?.map(\.reason)
            == [.voided])
    }
}
