// What an orchestrator does about each input, step by step.
import Discovery
import Ledger
import Primitives
import Testing

@testable import Orchestrator

@Suite struct OrchestratorTests {
    /// An orchestrator with its clock.
    struct Desk {
        var machine: Orchestrator
        var now = Instant(nanoseconds: 1_000 * Nanoseconds.perSecond)

        init(_ settings: OrchestratorSettings = OrchestratorSettings()) {
            machine = Orchestrator(
                poster: MatchingTests.bytes(9), settings: settings, seed: 1, entries: [], at: now)
        }

        mutating func tell(_ input: OrchestratorInput) -> [OrchestratorAction] {
            var actions: [OrchestratorAction] = []
            machine.step(input, at: now, into: &actions)
            return actions.filter { if case .wake = $0 { false } else { true } }
        }

        mutating func pass(_ seconds: UInt64) -> [OrchestratorAction] {
            now = now.advanced(byNanoseconds: seconds * Nanoseconds.perSecond)
            return tell(.tick)
        }

        func request(_ job: Job, _ step: LedgerRequest.Step) -> LedgerRequest {
            LedgerRequest(job: job.id, task: job.task(of: machine.poster), step: step)
        }

        func report(
            _ job: Job, _ state: TaskState, worker: Int = 0, attempt: UInt8 = 0, in seconds: UInt64 = 60
        ) -> TaskReport {
            TaskReport(
                task: job.task(of: machine.poster), state: state,
                worker: worker == 0 ? AccountID() : MatchingTests.bytes(worker), attempt: attempt,
                due: now.advanced(byNanoseconds: seconds * Nanoseconds.perSecond))
        }

        /// A job that worker 1 has.
        mutating func given(_ number: Int) -> Job {
            let job = OrchestratorTests.job(number)
            _ = tell(.submit(job))
            _ = tell(.answered(request(job, .post), .done))
            _ = tell(.answered(request(job, .assign(MatchingTests.bytes(1))), .done))
            return job
        }
    }

    static func job(_ number: Int, price: UInt128 = 100) -> Job {
        Job(
            id: MatchingTests.bytes(number), specification: Digest(),
            price: Amount(nanoCredits: price))
    }

    static func provider(
        _ number: Int, price: UInt128 = 10, capacity: UInt64 = 4, name: String = "counts words"
    ) -> Provider {
        Provider(
            offer: MatchingTests.bytes(number), seller: MatchingTests.bytes(number),
            since: Instant(nanoseconds: UInt64(number)),
            service: Listing(
                id: MatchingTests.bytes(number), text: name, price: price, capacity: capacity))
    }

    @Test func aJobIsRecordedPostedAssignedJudgedAndEnds() {
        var desk = Desk()
        let job = Self.job(1)
        #expect(desk.tell(.provider(Self.provider(1))) == [])
        #expect(desk.tell(.submit(job)) == [.record(.job(job)), .give(desk.request(job, .post))])
        #expect(desk.tell(.submit(job)) == [], "the same name is the same job")
        let assign = desk.request(job, .assign(MatchingTests.bytes(1)))
        #expect(desk.tell(.answered(desk.request(job, .post), .done)) == [.give(assign)])
        #expect(desk.tell(.answered(assign, .done)) == [])
        #expect(desk.tell(.task(desk.report(job, .executing, worker: 1))) == [])
        var delivered = desk.report(job, .verifying, worker: 1)
        delivered.result = MatchingTests.bytes(7)
        #expect(
            desk.tell(.task(delivered))
                == [
                    .judge(
                        job.id, delivered.task, milestone: 0, result: MatchingTests.bytes(7))
                ])
        #expect(desk.tell(.task(delivered)) == [], "once is enough")
        #expect(
            desk.tell(.judged(job.id, milestone: 0, isAccepted: true))
                == [
                    .record(.judged(job.id, milestone: 0, isAccepted: true)),
                    .give(desk.request(job, .accept)),
                ])
        #expect(
            desk.tell(.answered(desk.request(job, .accept), .done)) == [.look(delivered.task)])
        #expect(
            desk.tell(.task(desk.report(job, .complete, worker: 1)))
                == [.record(.ended(job.id, .complete)), .finished(job.id, .complete)])
        #expect(desk.tell(.task(desk.report(job, .complete, worker: 1))) == [])
        #expect(desk.tell(.submit(job)) == [], "an ended job is not done again")
        #expect(desk.machine.count == 0 && desk.machine.given == 0)
    }

    @Test func everyEndOfATaskIsAnEndOfItsJob() {
        for (state, end): (TaskState, JobEnd) in [
            (.complete, .complete), (.failed, .failed), (.cancelled, .cancelled),
            (.settled, .rejected),
        ] {
            var desk = Desk()
            let job = desk.given(1)
            #expect(desk.tell(.task(desk.report(job, state))).last == .finished(job.id, end))
        }
    }

    @Test func whatIsInDoubtIsLookedAt() {
        for (outcome, expected): (RequestOutcome, Bool) in [(.moved, true), (.unknown, false)] {
            var desk = Desk()
            let job = Self.job(1)
            _ = desk.tell(.submit(job))
            let task = job.task(of: desk.machine.poster)
            let now = desk.tell(.answered(desk.request(job, .post), outcome))
            #expect(now == (expected ? [.look(task)] : []))
            #expect(desk.pass(1) == (expected ? [] : [.look(task)]))
            #expect(desk.tell(.taskUnknown(task)) == [.give(desk.request(job, .post))])
        }
        var desk = Desk()
        let job = Self.job(1)
        _ = desk.tell(.submit(job))
        let task = job.task(of: desk.machine.poster)
        #expect(desk.pass(14) == [])
        #expect(desk.pass(1) == [.look(task)], "an answer that does not come")
        #expect(desk.pass(15) == [.look(task)])
        #expect(desk.tell(.task(desk.report(job, .pending))) == [])
        #expect(desk.machine.waiting == 1)
    }

    @Test func whoMayNotHaveItIsNotAskedAgain() {
        var desk = Desk()
        _ = desk.tell(.provider(Self.provider(1, price: 5)))
        _ = desk.tell(.provider(Self.provider(2, price: 6)))
        let job = Self.job(3)
        _ = desk.tell(.submit(job))
        let first = desk.request(job, .assign(MatchingTests.bytes(1)))
        #expect(desk.tell(.answered(desk.request(job, .post), .done)) == [.give(first)])
        let second = desk.request(job, .assign(MatchingTests.bytes(2)))
        #expect(desk.tell(.answered(first, .unfit)) == [.give(second)])
        #expect(desk.tell(.answered(first, .done)) == [], "an old outcome")
    }

    @Test func aDeadWorkersTaskGoesToAnother() {
        var desk = Desk()
        _ = desk.tell(.provider(Self.provider(1, price: 5)))
        let job = desk.given(1)
        _ = desk.tell(.provider(Self.provider(2, price: 6)))
        _ = desk.tell(.task(desk.report(job, .executing, worker: 1, in: 3)))
        #expect(desk.pass(2) == [])
        let expire = desk.request(job, .expire)
        #expect(desk.pass(1) == [.give(expire)])
        #expect(desk.tell(.answered(expire, .done)) == [.look(expire.task)])
        #expect(
            desk.tell(.task(desk.report(job, .pending, attempt: 1)))
                == [.give(desk.request(job, .assign(MatchingTests.bytes(2))))])
        #expect(desk.tell(.task(desk.report(job, .assigned, worker: 1))) == [], "late")
    }

    @Test func bulkheadsHold() {
        var settings = OrchestratorSettings()
        (settings.mostGiven, settings.mostGivenToOne) = (3, 2)
        var desk = Desk(settings)
        _ = desk.tell(.provider(Self.provider(1, price: 5)))
        _ = desk.tell(.provider(Self.provider(2, price: 6)))
        var workers: [OrchestratorAction] = []
        for number in 1...4 {
            let job = Self.job(number)
            _ = desk.tell(.submit(job))
            workers += desk.tell(.answered(desk.request(job, .post), .done))
        }
        #expect(workers.count == 3 && desk.machine.waiting == 1)
        let last = Self.job(1)
        let freed = desk.tell(.task(desk.report(last, .complete)))
        #expect(freed.count == 3, "its room is given to the one that waits")
    }

    @Test func policiesChooseDifferently() {
        for (policy, expected): (RoutingPolicy, [Int]) in [
            (.price, [1, 1, 1]), (.leastConnections, [1, 2, 1]),
        ] {
            var settings = OrchestratorSettings()
            settings.policy = policy
            var desk = Desk(settings)
            _ = desk.tell(.provider(Self.provider(1, price: 5)))
            _ = desk.tell(.provider(Self.provider(2, price: 6)))
            var chosen: [OrchestratorAction] = []
            for number in 1...3 {
                let job = Self.job(number)
                _ = desk.tell(.submit(job))
                chosen += desk.tell(.answered(desk.request(job, .post), .done))
            }
            let wanted = zip(1...3, expected).map { number, worker in
                OrchestratorAction.give(
                    desk.request(Self.job(number), .assign(MatchingTests.bytes(worker))))
            }
            #expect(chosen == wanted, "\(policy)")
        }
    }

    @Test func wordsFiltersAndPricesDecideWhoCan() {
        var desk = Desk()
        _ = desk.tell(.provider(Self.provider(1, price: 5, name: "draws maps")))
        _ = desk.tell(.provider(Self.provider(2, price: 60, name: "translates contracts")))
        var job = Self.job(1)
        job.words = "translate a contract"
        job.filter.mostPrice = 59
        _ = desk.tell(.submit(job))
        #expect(desk.tell(.answered(desk.request(job, .post), .done)) == [])
        _ = desk.tell(.providerGone(MatchingTests.bytes(2)))
        let cheaper = Self.provider(2, price: 59, name: "translates contracts")
        #expect(
            desk.tell(.provider(cheaper))
                == [.give(desk.request(job, .assign(MatchingTests.bytes(2))))])
    }

    @Test func aSagaGoesBackOverWhatWasDone() {
        var desk = Desk()
        let steps = [
            Saga.Step(Self.job(1), undoneBy: Self.job(11)), Saga.Step(Self.job(2)),
            Saga.Step(Self.job(3), undoneBy: Self.job(13)),
        ]
        let saga = Saga(id: MatchingTests.bytes(50), steps: steps)
        func end(_ number: Int, _ state: TaskState) -> [OrchestratorAction] {
            desk.tell(.task(desk.report(Self.job(number), state)))
        }
        func post(_ number: Int) -> OrchestratorAction {
            .give(desk.request(Self.job(number), .post))
        }
        #expect(desk.tell(.submitSaga(saga)) == [.record(.saga(saga)), post(1)])
        #expect(end(1, .complete).last == post(2))
        #expect(end(2, .complete).last == post(3))
        #expect(end(3, .failed).last == post(11))
        #expect(end(11, .complete).last == .sagaFinished(saga.id, .undone))
        #expect(desk.tell(.submitSaga(saga)) == [])
    }

    @Test func aCompensationThatFailsIsToldToPeople() {
        var progress = SagaProgress(
            Saga(
                id: MatchingTests.bytes(50),
                steps: [Saga.Step(Self.job(1), undoneBy: Self.job(2)), Saga.Step(Self.job(3))]))
        progress.ended(Self.job(9).id, .failed)
        #expect(progress.current == Self.job(1))
        progress.ended(Self.job(1).id, .complete)
        progress.ended(Self.job(3).id, .rejected)
        #expect(progress.current == Self.job(2))
        progress.ended(Self.job(2).id, .cancelled)
        #expect(progress.end == .stuck(at: Self.job(2).id) && progress.current == nil)
    }

    @Test func whatIsOutOfRangeOrTooMuchIsTurnedAway() {
        var settings = OrchestratorSettings()
        settings.mostJobs = 1
        var desk = Desk(settings)
        for change: (inout Job) -> Void in [
            { $0.milestones = [.zero] }, { $0.milestones = [] },
            { $0.milestones = [Amount](repeating: Amount(nanoCredits: 1), count: 17) },
            { ($0.milestones, $0.verification) = (LevelTests.parts, RunWork.verification) },
            { $0.verification = .redundant(quorum: 3, verifiers: [], fee: .zero) },
            { $0.attempts = 0 }, { $0.attempts = 9 },
            { $0.times.begin = 0 }, { $0.words = String(repeating: "w", count: 1_025) },
            { $0.key = [UInt8](repeating: 0, count: 65) },
        ] {
            var job = Self.job(1)
            change(&job)
            #expect(desk.tell(.submit(job)) == [.turnedAway(job.id)])
        }
        #expect(desk.tell(.submit(Self.job(1))).count == 2)
        #expect(desk.tell(.submit(Self.job(2))) == [.turnedAway(Self.job(2).id)])
        let twice = Saga(
            id: MatchingTests.bytes(5), steps: [Saga.Step(Self.job(3)), Saga.Step(Self.job(3))])
        #expect(desk.tell(.submitSaga(twice)) == [.turnedAway(twice.id)])
    }
}
