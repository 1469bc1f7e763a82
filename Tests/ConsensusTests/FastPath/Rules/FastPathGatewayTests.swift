// What a gateway does with updates, votes, confirms and silence.
import Primitives
import Testing

@testable import Consensus

@Suite struct FastPathGatewayTests {
    private let one = TestUpdates.update(1, 1)
    private let two = TestUpdates.update(1, 2)
    private let rival = TestUpdates.update(1, 1, version: 1)
    private let others = [Seat(1), Seat(2), Seat(3)]

    @Test func oneSeatIsFinalInOneStep() throws {
        var bench = FastPathBench(1)
        let actions = bench.submit([one, two])
        #expect(actions.names == ["record", "certified", "reference", "store", "final"])
        guard case .final(let updates, let finality) = actions.last else {
            Issue.record("no finality")
            return
        }
        #expect(updates == [one, two])
        #expect(try finality.check(in: bench.committee.view).isFull)
        #expect(bench.machine.outstanding.isEmpty && bench.machine.proposed.isEmpty)
    }

    @Test func fourSeatsVoteAndConfirm() throws {
        var bench = FastPathBench()
        let start = bench.submit([one])
        let proposal = try #require(bench.proposed)
        #expect(start == [.propose(proposal, to: others),
            .record(.locked([one], gateway: Seat(0)))])
        #expect(bench.vote(1, proposal).isEmpty)
        let certified = bench.vote(2, proposal)
        #expect(certified.names == ["certify", "certified", "reference", "store"])
        for case .certify(let certificate, let seats) in certified {
            let again = try CheckedCertificate(certificate.certificate, in: bench.committee.view)
            #expect(again == certificate && seats == others)
        }
        #expect(bench.vote(3, proposal).isEmpty, "nothing new")
        let confirm = bench.committee.confirm(1, proposal, [0])
        #expect(bench.step(.confirm(CheckedConfirm(own: confirm))).isEmpty)
        #expect(bench.step(.confirm(CheckedConfirm(own: confirm))).isEmpty, "twice")
        let last = bench.committee.confirm(3, proposal, [0])
        let final = bench.step(.confirm(CheckedConfirm(own: last)))
        #expect(final.names == ["final"])
        for case .final(_, let finality) in final {
            #expect(try finality.check(in: bench.committee.view).isFull)
        }
        #expect(bench.machine.outstanding.isEmpty)
        #expect(bench.machine.held.count == 1, "until it is carried out")
    }

    @Test func updatesAreCollectedForAWindow() throws {
        var bench = FastPathBench { $0.window = 5 * Nanoseconds.perMillisecond }
        #expect(bench.submit([one]).isEmpty)
        #expect(bench.actions.names == ["wake"])
        #expect(bench.wait(milliseconds: 4).isEmpty)
        #expect(bench.submit([two]).isEmpty)
        #expect(bench.wait(milliseconds: 1).names == ["propose", "record"])
        #expect(bench.proposed?.items == [one, two])
    }

    @Test func aFullProposalDoesNotWait() {
        var bench = FastPathBench {
            $0.window = Nanoseconds.perSecond
            $0.proposalItems = 2
        }
        let run = (1...5).map { TestUpdates.update(1, $0) }
        #expect(bench.submit(run).names == ["propose", "record", "propose", "record"])
        #expect(bench.wait(milliseconds: 1_000).names.contains("propose"))
    }

    @Test func proposalsUnderWayAreLimited() throws {
        var bench = FastPathBench { $0.proposals = 1 }
        bench.submit([one])
        let proposal = try #require(bench.proposed)
        #expect(bench.submit([TestUpdates.update(2, 1)]).isEmpty)
        bench.vote(1, proposal)
        bench.vote(2, proposal)
        _ = bench.step(.confirm(CheckedConfirm(own: bench.committee.confirm(1, proposal, [0]))))
        let freed = bench.step(
            .confirm(CheckedConfirm(own: bench.committee.confirm(2, proposal, [0]))))
        #expect(freed.names == ["final", "propose", "record"])
    }

    @Test func waitingUpdatesAreLimited() {
        var bench = FastPathBench {
            $0.waitingUpdates = 1
            $0.window = Nanoseconds.perSecond
        }
        #expect(bench.submit([one, two]).rejected.map(\.1) == [[.overLimit]])
    }

    @Test func silentSeatsAreAskedAgainAndThenNoMore() throws {
        var bench = FastPathBench { $0.retries = 2 }
        bench.submit([one])
        let proposal = try #require(bench.proposed)
        bench.vote(1, proposal)
        #expect(bench.wait(milliseconds: 200) == [.propose(proposal, to: [Seat(2), Seat(3)])])
        bench.vote(3, proposal)
        bench.step(.confirm(CheckedConfirm(own: bench.committee.confirm(1, proposal, [0]))))
        // Twice as long, and four times.
        #expect(bench.wait(milliseconds: 399).isEmpty)
        let again = bench.wait(milliseconds: 1)
        #expect(again.names == ["certify"])
        for case .certify(_, let seats) in again { #expect(seats == [Seat(2), Seat(3)]) }
        #expect(bench.wait(milliseconds: 799).isEmpty && !bench.machine.outstanding.isEmpty)
        #expect(bench.wait(milliseconds: 1).isEmpty)
        #expect(bench.machine.outstanding.isEmpty)
        #expect(bench.wait(milliseconds: 500).isEmpty)
    }

    @Test func givingUpSaysSo() throws {
        var bench = FastPathBench { $0.retries = 0 }
        bench.submit([one])
        #expect(bench.wait(milliseconds: 200).rejected.map(\.0) == [one])
    }

    @Test func rejectionsByMoreThanFSeatsAreReported() throws {
        var bench = FastPathBench()
        bench.submit([one, TestUpdates.update(2, 1)])
        let proposal = try #require(bench.proposed)
        let held = Rejection(index: 0, reason: .held(by: rival.digest))
        #expect(bench.vote(1, proposal, rejecting: [0], because: [held]).isEmpty)
        let actions = bench.vote(2, proposal, rejecting: [0], because: [held])
        #expect(actions.names == ["certify", "certified", "reference", "store", "rejected"])
        #expect(actions.rejected.map(\.0) == [one])
        #expect(actions.rejected.map(\.1) == [[held.reason, held.reason]])
        #expect(actions.contains(.certified([TestUpdates.update(2, 1)])))
    }

    @Test func aLateVoteMakesASecondCertificate() throws {
        var bench = FastPathBench()
        bench.submit([one, TestUpdates.update(2, 1)])
        let proposal = try #require(bench.proposed)
        bench.vote(1, proposal)
        bench.vote(2, proposal, rejecting: [0])
        let actions = bench.vote(3, proposal)
        #expect(actions.contains(.certified([one])))
        #expect(actions.names == ["certify", "certified", "reference", "store"])
    }

    @Test func aSeatMayChangeItsMindUpwardsOnly() throws {
        var bench = FastPathBench()
        bench.submit([one])
        let proposal = try #require(bench.proposed)
        bench.vote(1, proposal)
        bench.vote(1, proposal, rejecting: [0])
        #expect(bench.vote(2, proposal).names.first == "certify")
    }

    @Test func votesOfOtherProposalsChangeNothing() throws {
        var bench = FastPathBench()
        bench.submit([one])
        #expect(bench.vote(1, bench.committee.proposal([two], number: 7)).isEmpty)
        let confirm = bench.committee.confirm(1, bench.committee.proposal([two]), [0])
        #expect(bench.step(.confirm(CheckedConfirm(own: confirm))).isEmpty)
    }

    // Updates that wait for others

    @Test func anUnnamedUpdateWaitsForTheCertificateBelow() throws {
        var bench = FastPathBench()
        let next = TestUpdates.update(1, 2, previous: .some(nil))
        bench.submit([next, one])
        let proposal = try #require(bench.proposed)
        #expect(proposal.items == [one])
        bench.vote(1, proposal)
        #expect(bench.vote(2, proposal).names.suffix(2) == ["propose", "record"])
        #expect(bench.proposed?.items == [next])
    }

    @Test func patienceEnds() {
        var bench = FastPathBench()
        #expect(bench.submit([two]).isEmpty)
        #expect(bench.wait(milliseconds: 499).isEmpty)
        #expect(bench.wait(milliseconds: 1).rejected.map(\.1) == [[.gap]])
        #expect(bench.machine.chains.isEmpty && bench.machine.delayed.isEmpty)
    }

    @Test func whatCannotBeCertifiedComesBackAtOnce() {
        var bench = FastPathBench()
        let head = TestUpdates.head(1, 1, attempt: 1)
        #expect(bench.submit([one], head: head).rejected.map(\.1) == [[.voided]])
        let past = TestUpdates.update(1, 1, attempt: 1)
        #expect(bench.submit([past], head: head).rejected.map(\.1) == [[.past]])
        #expect(bench.machine.chains.isEmpty)
    }

    @Test func theCloseGivesBackWhatIsNotCertified() throws {
        var bench = FastPathBench()
        let third = TestUpdates.update(3, 1)
        bench.submit([third])
        let proposal = try #require(bench.proposed)
        bench.submit([one])
        bench.submit([TestUpdates.update(2, 2)])
        bench.vote(1, proposal)
        bench.vote(2, proposal)
        let actions = bench.step(.closing)
        #expect(actions.names == ["record", "rejected", "rejected", "reference"])
        #expect(actions.rejected.map(\.0) == [TestUpdates.update(2, 2), one])
        #expect(bench.submit([TestUpdates.update(4, 1)]).rejected.map(\.1) == [[.closed]])
        // Confirms signed before still count.
        bench.step(.confirm(CheckedConfirm(own: bench.committee.confirm(1, proposal, [0]))))
        let last = bench.committee.confirm(2, proposal, [0])
        #expect(bench.step(.confirm(CheckedConfirm(own: last))).names == ["final"])
    }

    // Evidence

    @Test func aSeatThatVotesForTwoUpdatesIsAccused() throws {
        var bench = FastPathBench()
        bench.submit([one])
        let first = try #require(bench.proposed)
        bench.submit([rival])
        let second = try #require(bench.proposed)
        bench.vote(3, first)
        let actions = bench.vote(3, second)
        #expect(actions.names == ["accuse"])
        for case .accuse(let evidence) in actions {
            #expect(try evidence.check(in: bench.committee.view) == Seat(3))
            #expect(try LockEvidence(decoding: evidence.encoded) == evidence)
        }
        #expect(bench.vote(2, first).names == ["certify", "certified", "reference", "store"])
        #expect(bench.vote(2, second, rejecting: [0]).rejected.map(\.0) == [rival])
    }

    @Test func aCertificateShowsWhoVotedTwice() throws {
        var bench = FastPathBench()
        bench.submit([rival])
        let own = try #require(bench.proposed)
        bench.vote(2, own)
        let certificate = bench.committee.proposal([one], gateway: 1)
        let votes = [1, 2, 3].map { bench.committee.signed($0, certificate) }
        let actions = try bench.certificate(Certificate(proposal: certificate, votes: votes))
        #expect(actions.names == ["store", "accuse", "confirm"])
        for case .accuse(let evidence) in actions {
            #expect(try evidence.check(in: bench.committee.view) == Seat(2))
        }
    }
}
