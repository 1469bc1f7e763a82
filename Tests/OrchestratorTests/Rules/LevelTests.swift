// What an orchestrator does at each level of verification, and with work in parts.
import Ledger
import Primitives
import Testing

@testable import Orchestrator

@Suite struct LevelTests {
    typealias Desk = OrchestratorTests.Desk
    static let parts = [3, 4, 5].map { Amount(nanoCredits: $0) }

    /// A job that worker 1 has, as far as `desk` knows.
    private func given(
        _ desk: inout Desk, _ change: (inout Job) -> Void
    ) -> Job {
        var job = OrchestratorTests.job(1)
        change(&job)
        _ = desk.tell(.submit(job))
        _ = desk.tell(.answered(desk.request(job, .post), .done))
        _ = desk.tell(.answered(desk.request(job, .assign(MatchingTests.bytes(1))), .done))
        return job
    }

    private func report(
        _ desk: Desk, _ job: Job, _ state: TaskState, paid: UInt8 = 0
    ) -> TaskReport {
        var report = desk.report(job, state, worker: 1)
        report.paid = paid
        return report
    }

    @Test func eachPartIsJudgedOnce() {
        var desk = Desk()
        let job = given(&desk) { $0.milestones = Self.parts }
        #expect(job.price == Amount(nanoCredits: 12) && job.terms.milestones == Self.parts)
        let task = job.task(of: desk.machine.poster)
        for part in 0..<UInt8(3) {
            _ = desk.tell(.task(report(desk, job, .executing, paid: part)))
            let judge = OrchestratorAction.judge(job.id, task, milestone: part, result: Digest())
            #expect(desk.tell(.task(report(desk, job, .verifying, paid: part))) == [judge])
            if part > 0 {
                #expect(
                    desk.tell(.judged(job.id, milestone: part - 1, isAccepted: false)) == [],
                    "what was said of a part that is paid is old")
            }
            #expect(
                desk.tell(.judged(job.id, milestone: part, isAccepted: true))
                    == [
                        .record(.judged(job.id, milestone: part, isAccepted: true)),
                        .give(desk.request(job, .accept)),
                    ])
            _ = desk.tell(.answered(desk.request(job, .accept), .done))
        }
        // A report of the part before is older, whatever its state.
        #expect(desk.tell(.task(report(desk, job, .verifying, paid: 1))) == [])
        #expect(
            desk.tell(.task(report(desk, job, .complete, paid: 3))).last
                == .finished(job.id, .complete))
    }

    @Test func aJudgementOutlivesACrashAndIsOfItsPart() {
        let job = {
            var job = OrchestratorTests.job(1)
            job.milestones = Self.parts
            return job
        }()
        var desk = Desk()
        desk.machine = Orchestrator(
            poster: desk.machine.poster, settings: OrchestratorSettings(), seed: 1,
            entries: [
                .job(job), .judged(job.id, milestone: 0, isAccepted: true),
                .judged(job.id, milestone: 1, isAccepted: false),
            ], at: desk.now)
        _ = desk.tell(.start)
        var other = desk
        #expect(
            desk.tell(.task(report(desk, job, .verifying, paid: 1)))
                == [.give(desk.request(job, .dispute))])
        let judge = OrchestratorAction.judge(
            job.id, job.task(of: desk.machine.poster), milestone: 2, result: Digest())
        #expect(other.tell(.task(report(other, job, .verifying, paid: 2))) == [judge])
    }

    @Test func verifiersDecideAboutRedundantWork() {
        var desk = Desk()
        let job = given(&desk) {
            $0.verification = .redundant(
                quorum: 1, verifiers: [MatchingTests.bytes(4)], fee: Amount(nanoCredits: 2))
        }
        #expect(desk.tell(.task(report(desk, job, .verifying))) == [], "nobody is asked")
        #expect(desk.tell(.judged(job.id, milestone: 0, isAccepted: true)).count == 1)
        #expect(desk.pass(60).contains(.give(desk.request(job, .expire))))
    }

    @Test func aWrongRunIsChallengedOnceAndAnswered() {
        var desk = Desk()
        let job = given(&desk) { $0.verification = RunWork.verification }
        _ = desk.tell(.task(report(desk, job, .verifying)))
        let challenge = desk.request(job, .challenge(deposit: RunWork.rules.deposit))
        #expect(
            desk.tell(.judged(job.id, milestone: 0, isAccepted: false)).last == .give(challenge))
        #expect(
            desk.tell(.answered(challenge, .done)) == [.look(job.task(of: desk.machine.poster))])
        var challenged = report(desk, job, .challenged)
        challenged.challenger = desk.machine.poster
        #expect(desk.tell(.task(challenged)) == [], "it is the worker's turn")
        challenged.isWorkersTurn = false
        #expect(desk.tell(.task(challenged)) == [.give(desk.request(job, .answer))])
        _ = desk.tell(.answered(desk.request(job, .answer), .done))
        // The challenge failed: a second one would cost a second deposit.
        #expect(desk.tell(.task(report(desk, job, .verifying))) == [])
        #expect(desk.pass(60).contains(.give(desk.request(job, .expire))))
        _ = desk.tell(.answered(desk.request(job, .expire), .moved))
        #expect(
            desk.tell(.task(report(desk, job, .settled))).last == .finished(job.id, .rejected))
    }

    @Test func afterARestartTheLedgerSaysWhetherAChallengeWasHeard() {
        var job = OrchestratorTests.job(1)
        job.verification = RunWork.verification
        for wasHeard in [false, true] {
            for isDecided in [false, true] {
                var desk = Desk()
                let decided: [QueueEntry] = [.judged(job.id, milestone: 0, isAccepted: false)]
                desk.machine = Orchestrator(
                    poster: desk.machine.poster, settings: OrchestratorSettings(), seed: 1,
                    entries: [.job(job)] + (isDecided ? decided : []), at: desk.now)
                _ = desk.tell(.start)
                var delivered = report(desk, job, .verifying)
                delivered.wasChallenged = wasHeard
                var actions = desk.tell(.task(delivered))
                if !isDecided {
                    actions += desk.tell(.judged(job.id, milestone: 0, isAccepted: false))
                }
                let challenge = desk.request(job, .challenge(deposit: RunWork.rules.deposit))
                #expect(actions.contains(.give(challenge)) == !wasHeard)
                #expect(wasHeard == desk.pass(60).contains(.give(desk.request(job, .expire))))
            }
        }
    }

    @Test func aChallengeIsHeardUnlessItsChallengerWasSilent() {
        let (own, other): (AccountID, AccountID) = (MatchingTests.bytes(1), MatchingTests.bytes(2))
        let mine = ChallengeDeed.challenged(by: own), others = ChallengeDeed.challenged(by: other)
        // The newest first.
        let table: [([ChallengeDeed], Bool)] = [
            ([], false), ([mine], true), ([.shown, mine], true), ([.expired, mine], false),
            ([others], false), ([.shown, others], false), ([.expired, others], false),
            ([.shown, others, .expired, mine], false), ([.expired, others, .shown, mine], true),
            ([.expired, .shown, mine], true), ([.shown, mine, .expired, mine], true),
            ([.expired, mine, .shown, mine], false),
        ]
        for (history, isHeard) in table {
            #expect(ChallengeDeed.isHeard(by: own, in: history) == isHeard, "\(history)")
        }
    }

    @Test func somebodyElsesChallengeIsWaitedFor() {
        var desk = Desk()
        let job = given(&desk) { $0.verification = RunWork.verification }
        var challenged = report(desk, job, .challenged)
        (challenged.challenger, challenged.isWorkersTurn) = (MatchingTests.bytes(8), false)
        #expect(desk.tell(.task(challenged)) == [])
        // It failed: the result is to be judged again.
        #expect(desk.tell(.task(report(desk, job, .verifying))).count == 1)
    }

    @Test func aProofNeedsNoJudgement() {
        var desk = Desk()
        let job = given(&desk) {
            $0.verification = .proven(TaskRun(program: Digest(), input: RunWork.input))
        }
        _ = desk.tell(.task(report(desk, job, .executing)))
        #expect(
            desk.tell(.task(report(desk, job, .complete, paid: 1)))
                == [.record(.ended(job.id, .complete)), .finished(job.id, .complete)])
    }
}
