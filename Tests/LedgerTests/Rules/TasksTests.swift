// Tasks: posting, refusals in order, who is paid what, disputes, attempts, redundant verification.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct TasksTests {
    private func post(_ change: (inout TaskTerms) -> Void = { _ in }) -> LawCommand {
        var terms = TaskWorld.terms()
        change(&terms)
        return .task(.post(by: TaskWorld.poster, number: 1, mandate: MandateID(), terms))
    }

    private func move(
        _ stage: inout Stage, _ move: TaskMove, _ actor: String
    ) -> Result<LawEffect, LedgerFailure> {
        let (_, account, key) = TaskWorld.actors.first { $0.0 == actor } ?? TaskWorld.actors[0]
        return stage.give(.task(.move(by: account, TaskWorld.id, move)), by: key)
    }

    private let unknown = AccountID(World.unknown)

    @Test func postingInOrder() throws {
        var request = Request(.law(post()), state: try World.rich())
        let balance = request.state.account(TaskWorld.poster).balance
        let most = Amount(nanoCredits: balance.nanoCredits + 1)
        let (own, judge) = (World.scoutAccount, TaskWorld.arbiter)
        climb(
            request, to: .law(.taskPosted(TaskWorld.id)),
            [
                Rung(.law(.tasks(.insufficient(balance: balance)))) {
                    $0.command = .law(post { $0.milestones = [most] })
                },
                Rung(.law(.tasks(.conflict(judge)))) {
                    $0.command = .law(post {
                        $0.milestones = [most]
                        $0.worker = judge
                    })
                },
                Rung(.law(.tasks(.conflict(own)))) {
                    $0.command = .law(post {
                        $0.worker = judge
                        $0.arbiters = [own]
                    })
                },
                Rung(.law(.tasks(.accountUnknown(unknown)))) {
                    $0.command = .law(post {
                        $0.worker = unknown
                        $0.arbiters = [own]
                    })
                },
                Rung(.law(.tasks(.invalidTerms))) {
                    $0.command = .law(post {
                        $0.worker = unknown
                        $0.milestones = []
                    })
                },
            ])
        _ = try request.run()
        request.command = .law(post { $0.milestones = [] })
        #expect(outcome(&request) == .failure(.law(.tasks(.numberUsed))))
        let left = try #require(balance.subtracting(.credits(150)))
        #expect(request.state.account(TaskWorld.poster).balance == left)
        #expect(request.state.task(TaskWorld.id)?.held == .credits(150))
    }

    @Test func termsOutOfTheirRanges() throws {
        let verifiers = TaskWorld.verifiers
        let half = Amount(nanoCredits: 1 << 127)
        let table: [(String, (inout TaskTerms) -> Void)] = [
            ("no milestones", { $0.milestones = [] }),
            ("a milestone of nothing", { $0.milestones[1] = .zero }),
            ("two that pass the range", { $0.milestones = [half, half] }),
            ("no attempts", { $0.attempts = 0 }), ("nine attempts", { $0.attempts = 9 }),
            ("two arbiters", { $0.arbiters = verifiers }),
            ("arbiters out of order", { $0.arbiters = [2, 1, 3].map { AccountID(repeating: $0) } }),
            ("no time", { $0.times.judge = Nanoseconds.perSecond - 1 }),
            ("too much time", { $0.times.assign = TaskTimes.range.upperBound + 1 }),
            ("three of two", {
                $0.verification = .redundant(quorum: 3, verifiers: verifiers, fee: .zero)
            }),
            ("none of two", {
                $0.verification = .redundant(quorum: 0, verifiers: verifiers, fee: .zero)
            }),
            ("one of none", {
                $0.verification = .redundant(quorum: 1, verifiers: [], fee: .zero)
            }),
            ("a verifier twice", {
                $0.verification = .redundant(
                    quorum: 1, verifiers: [verifiers[0], verifiers[0]], fee: .zero)
            }),
            ("fees that pass the range", {
                $0.verification = .redundant(quorum: 1, verifiers: verifiers, fee: half)
            }),
        ]
        for (fault, change) in table {
            var stage = try Stage()
            #expect(
                stage.give(post(change), by: TestKey.ada).refusal == .tasks(.invalidTerms),
                "\(fault)")
        }
    }

    @Test func movesInOrder() throws {
        var stage = try TaskWorld.stage(in: .verifying)
        #expect(move(&stage, .accept, "stranger").refusal == .tasks(.notAllowed))
        #expect(move(&stage, .cancel, "poster").refusal == .tasks(.wrongState(.verifying)))
        #expect(move(&stage, .expire, "poster").refusal == .tasks(.tooEarly))
        stage.wait(Nanoseconds.perDay)
        #expect(move(&stage, .dispute(Digest()), "poster").refusal == .tasks(.tooLate))
        let nothing = LawCommand.task(
            .move(by: TaskWorld.poster, PostedTaskID(), .cancel))
        #expect(stage.give(nothing, by: TestKey.ada).refusal == .tasks(.taskUnknown))
        var redundant = try TaskWorld.stage(in: .verifying, isAttested: false)
        #expect(move(&redundant, .accept, "poster").refusal == .tasks(.wrongVerification))
    }

    @Test func whoMayTakeIt() throws {
        var stage = try TaskWorld.stage(in: .pending)
        let own = TaskMove.assign(World.scoutAccount)
        #expect(move(&stage, own, "poster").refusal == .tasks(.conflict(World.scoutAccount)))
        #expect(
            move(&stage, .claim, "arbiter").refusal == .tasks(.conflict(TaskWorld.arbiter)))
        #expect(
            move(&stage, .assign(unknown), "poster").refusal
                == .tasks(.accountUnknown(unknown)))
        var reserved = try Stage()
        _ = try reserved.give(post { $0.worker = TaskWorld.worker }, by: TestKey.ada).get()
        #expect(move(&reserved, .claim, "stranger").refusal == .tasks(.reserved))
        #expect(
            move(&reserved, .assign(World.boAccount), "poster").refusal == .tasks(.reserved))
        #expect(move(&reserved, .claim, "worker").refusal == nil)
    }

    /// 0.1 % of each payment goes to the market, the rest to the worker.
    @Test func milestonesArePaidOneByOne() throws {
        var stage = try TaskWorld.stage(in: .verifying)
        let nano = { (stage: Stage, id: AccountID) in stage.state.account(id).balance.nanoCredits }
        let (worker, poster) = (nano(stage, TaskWorld.worker), nano(stage, TaskWorld.poster))
        _ = try move(&stage, .accept, "poster").get()
        #expect(nano(stage, TaskWorld.worker) == worker + 99_900_000_000)
        #expect(nano(stage, .fees) == 100_000_000)
        #expect(stage.state.task(TaskWorld.id)?.held == .credits(50))
        _ = try move(&stage, .deliver(TaskWorld.result), "worker").get()
        stage.wait(Nanoseconds.perDay)
        let done = LawEffect.taskMoved(TaskWorld.id, to: .complete)
        #expect(move(&stage, .expire, "stranger") == .success(done))
        #expect(nano(stage, TaskWorld.worker) == worker + 149_850_000_000)
        #expect(nano(stage, TaskWorld.poster) == poster)
    }

    @Test func feesRoundDown() {
        #expect(MarketFee.standard.of(Amount(nanoCredits: 999)) == .zero)
        #expect(MarketFee.standard.of(Amount(nanoCredits: 1_999)) == Amount(nanoCredits: 1))
    }

    @Test(arguments: Verdict.allCases) func verdicts(verdict: Verdict) throws {
        var stage = try TaskWorld.stage(in: .disputed)
        let (worker, poster) = (
            stage.state.account(TaskWorld.worker).balance.nanoCredits,
            stage.credits(TaskWorld.poster)
        )
        _ = try move(&stage, .arbitrate(verdict), "arbiter").get()
        let (paid, back): (UInt128, UInt128) = switch verdict {
        case .worker: (99_900_000_000, 50)
        case .poster: (0, 150)
        case .split: (49_950_000_000, 100)
        }
        #expect(stage.state.account(TaskWorld.worker).balance.nanoCredits == worker + paid)
        #expect(stage.credits(TaskWorld.poster) == poster + back)
        #expect(stage.state.task(TaskWorld.id)?.held == .zero)
    }

    /// Three arbiters: two who agree decide, three who do not split it; each speaks once.
    @Test func arbitersDecideByMajority() throws {
        let arbiters = World.guardians.map { AccountID($0) }
        var start = try Stage()
        _ = try start.give(post { $0.arbiters = arbiters.sorted() }, by: TestKey.ada).get()
        for (step, actor): (TaskMove, String) in [
            (.claim, "worker"), (.begin, "worker"), (.deliver(TaskWorld.result), "worker"),
            (.dispute(Digest()), "poster"),
        ] { _ = try move(&start, step, actor).get() }
        func vote(_ stage: inout Stage, _ seat: Int, _ verdict: Verdict) -> LawFailure? {
            stage.give(
                .task(.move(by: arbiters[seat], TaskWorld.id, .arbitrate(verdict))),
                by: TestKey.guardians[seat]
            ).refusal
        }
        for (verdicts, back): ([Verdict], UInt128) in [
            ([.poster, .poster], 150), ([.worker, .poster, .worker], 50),
            ([.worker, .poster, .split], 100),
        ] {
            var stage = start
            let before = stage.credits(TaskWorld.poster)
            for (seat, verdict) in verdicts.enumerated() {
                #expect(stage.state.task(TaskWorld.id)?.state == .disputed)
                #expect(vote(&stage, seat, verdict) == nil)
                guard seat + 1 < verdicts.count else { continue }
                #expect(vote(&stage, seat, verdict) == .tasks(.alreadySpoken))
            }
            #expect(stage.state.task(TaskWorld.id)?.state == .settled)
            #expect(stage.credits(TaskWorld.poster) == before + back, "\(verdicts)")
        }
    }

    @Test func withoutArbitersThePostersWordHolds() throws {
        var stage = try Stage()
        let before = stage.credits(TaskWorld.poster)
        _ = try stage.give(post { $0.arbiters = [] }, by: TestKey.ada).get()
        for step: TaskMove in [.claim, .begin, .deliver(TaskWorld.result)] {
            _ = try move(&stage, step, "worker").get()
        }
        let settled = LawEffect.taskMoved(TaskWorld.id, to: .settled)
        #expect(move(&stage, .dispute(Digest()), "poster") == .success(settled))
        #expect(stage.credits(TaskWorld.poster) == before)
    }

    /// A worker that vanishes is replaced, and then the money goes back.
    @Test func attemptsRunOut() throws {
        var stage = try TaskWorld.stage(in: .executing)
        let before = stage.credits(TaskWorld.poster)
        stage.wait(Nanoseconds.perDay)
        #expect(
            move(&stage, .expire, "stranger")
                == .success(.taskMoved(TaskWorld.id, to: .pending)))
        #expect(stage.state.task(TaskWorld.id)?.worker.isZero == true)
        #expect(move(&stage, .deliver(TaskWorld.result), "worker").refusal == .tasks(.notAllowed))
        _ = try move(&stage, .claim, "stranger").get()
        stage.wait(Nanoseconds.perHour)
        #expect(
            move(&stage, .expire, "poster") == .success(.taskMoved(TaskWorld.id, to: .failed)))
        #expect(stage.credits(TaskWorld.poster) == before + 150)
    }

    /// Two verifiers, one is enough: who is right gets the fee, once.
    @Test func redundantVerification() throws {
        var stage = try TaskWorld.stage(in: .verifying, isAttested: false)
        let verifier = AccountID(World.guardians[1])
        #expect(stage.state.task(TaskWorld.id)?.held == .credits(154))
        _ = try move(&stage, .confirm(Digest()), "verifier").get()
        #expect(
            move(&stage, .confirm(TaskWorld.result), "verifier").refusal
                == .tasks(.alreadySpoken))
        let second = LawCommand.task(
            .move(
                by: AccountID(World.guardians[2]), TaskWorld.id, .confirm(TaskWorld.result)))
        let next = LawEffect.taskMoved(TaskWorld.id, to: .executing)
        #expect(stage.give(second, by: TestKey.guardians[2]) == .success(next))
        #expect(stage.credits(verifier) == 0)
        #expect(stage.credits(AccountID(World.guardians[2])) == 1)
        _ = try move(&stage, .deliver(TaskWorld.result), "worker").get()
        #expect(stage.state.task(TaskWorld.id)?.confirmations == [])
        _ = try move(&stage, .confirm(TaskWorld.result), "verifier").get()
        #expect(stage.credits(verifier) == 1)
        #expect(stage.state.task(TaskWorld.id)?.state == .complete)
        #expect(stage.state.task(TaskWorld.id)?.held == .zero)
    }

    /// A mandate pays, and gets back what is not paid out; its budget stays spent.
    @Test func postedUnderAMandate() throws {
        var stage = try Stage()
        let mandate = MandatesTests.root
        let worker = TaskWorld.worker
        let terms = MandatesTests.terms(World.scout, 200) {
            $0.scope = KindSet([.postTask])
            $0.payees = [worker]
        }
        _ = try stage.give(.mandate(.issue(number: 1, terms)), by: TestKey.ada).get()
        let before = stage.credits(World.adaAccount)
        func post(_ worker: AccountID) -> LawCommand {
            var terms = TaskWorld.terms()
            terms.worker = worker
            return .task(.post(by: World.scoutAccount, number: 1, mandate: mandate, terms))
        }
        #expect(stage.give(post(AccountID())).refusal == .mandates(.payeeNotAllowed))
        _ = try stage.give(post(worker)).get()
        #expect(stage.credits(World.adaAccount) == before - 150)
        let id = PostedTaskID(of: World.scoutAccount, number: 1)
        _ = try stage.give(.task(.move(by: World.scoutAccount, id, .cancel))).get()
        #expect(stage.credits(World.adaAccount) == before)
        #expect(stage.credits(World.scoutAccount) == 1_000)
        #expect(stage.state.mandate(mandate)?.spent == .credits(150))
    }

    /// A poster that may pay some only cannot reach others through an open task or a verifier.
    @Test func counterpartiesHoldForTasks() throws {
        var stage = try Stage { $0.counterparties = [TaskWorld.worker] }
        func post(_ change: (inout TaskTerms) -> Void) -> LawFailure? {
            var terms = TaskWorld.terms()
            terms.worker = TaskWorld.worker
            change(&terms)
            return stage.give(
                .task(.post(by: World.scoutAccount, number: 1, mandate: MandateID(), terms))
            ).refusal
        }
        let refused = LawFailure.limits(.counterpartyNotAllowed)
        #expect(post { $0.worker = AccountID() } == refused)
        #expect(post { $0.worker = World.boAccount } == refused)
        #expect(post {
            $0.verification = .redundant(
                quorum: 1, verifiers: TaskWorld.verifiers, fee: .credits(90))
        } == refused)
        #expect(post { _ in } == nil)
    }

    @Test func recordsNameTheFirstHalf() {
        #expect(TaskWorld.id.inRecords.bytes == Array(TaskWorld.id.bytes.prefix(16)))
    }
}
