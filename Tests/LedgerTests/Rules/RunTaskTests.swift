// Tasks whose result is that of a run: the table, whole challenges, and proofs.
import Agents
import Cryptography
import ExecutionProof
import Primitives
import Prover
import TestSupport
import Testing

@testable import Ledger

/// Ada posts a run, Bo's agent does it, Bo's friends may challenge.
enum RunWorld {
    static let input: [UInt64] = [3, 4, 9]
    static let deposit = Amount.credits(2)
    static let program = try? AgentProgram(decoding: AgentWorld.program(TestPrograms.summer))
    static let rules = Reexecution(deposit: deposit, reward: .credits(5), rounds: 2)
    static let run = TaskRun(program: program?.identity ?? Digest(), input: input)
    /// Who challenges, beside the actors of the table.
    static let challenger = TaskWorld.actors[0]

    static func terms(_ verification: Verification = .reexecuted(run, rules)) -> TaskTerms {
        var terms = TaskTerms(specification: Digest(repeating: 7), milestones: [.credits(100)])
        terms.attempts = 2
        terms.verification = verification
        return terms
    }

    static var computation: Computation? {
        program.flatMap { Computation(of: $0, input: input) }
    }

    static var claim: RunClaim {
        var run = computation
        run?.advance(to: .max)
        return RunClaim(of: run?.state ?? RunState(root: Digest()))
    }

    static let moves: [TaskMove] = [
        .deliverRun(claim), .prove(claim.output, proof: []), .challenge(deposit: deposit),
        .trace((0..<15).map { Digest(repeating: $0) }), .pick(0),
        .show(RunStep(before: RunState(root: Digest()))),
    ]

    /// A ledger with money and the program.
    static func stage() throws -> Stage {
        var stage = try Stage()
        let bytes = try AgentWorld.program(TestPrograms.summer)
        try World.run(
            .transition(.register(program: bytes)), by: TestKey.ada, for: World.ada,
            in: &stage.state)
        return stage
    }

    static func post(
        _ verification: Verification = .reexecuted(run, rules), in stage: inout Stage
    ) throws {
        let post = TaskCommand.post(
            by: TaskWorld.poster, number: 1, mandate: MandateID(), terms(verification))
        _ = try stage.give(.task(post), by: TestKey.ada).get()
    }

    /// A world with the task in that state, the way moves lead there.
    static func stage(in state: TaskState, claim: RunClaim = claim) throws -> Stage {
        var stage = try stage()
        try post(in: &stage)
        let work: [(TaskMove, Int)] = [
            (.assign(TaskWorld.worker), 0), (.begin, 1), (.deliverRun(claim), 1),
            (.challenge(deposit: deposit), 0),
        ]
        let path: [(TaskMove, Int)] = switch state {
        case .pending: []
        case .assigned: Array(work[..<1])
        case .executing: Array(work[..<2])
        case .verifying: Array(work[..<3])
        case .challenged, .settled: work
        case .complete: work[..<3] + [(.accept, 0)]
        case .cancelled: [(.cancel, 0)]
        case .failed: [(.claim, 1), (.giveUp, 1), (.claim, 1), (.giveUp, 1)]
        case .disputed: []
        }
        for (move, actor) in path { _ = try give(move, actor, &stage).get() }
        if state == .settled {
            stage.wait(7 * Nanoseconds.perDay)
            _ = try give(.expire, 4, &stage).get()
        }
        return stage
    }

    static func give(
        _ move: TaskMove, _ actor: Int, _ stage: inout Stage
    ) -> Result<LawEffect, LedgerFailure> {
        let (_, account, key) = TaskWorld.actors[actor]
        return stage.give(.task(.move(by: account, TaskWorld.id, move)), by: key)
    }

    /// Plays a challenge to its end.
    ///
    /// - Parameters:
    ///   - states: what the worker says the state after a number of steps is.
    ///   - truth: what the challenger finds.
    /// - Returns: what the worker's step was answered with.
    static func play(
        _ stage: inout Stage, states: (UInt64) -> Digest, truth: (UInt64) -> Digest,
        step: (UInt64) -> RunStep
    ) throws -> Result<LawEffect, LedgerFailure> {
        while let challenge = stage.state.task(TaskWorld.id)?.challenge,
            let width = challenge.width
        {
            let ends = (1...16).map { challenge.start + $0 * width }
            _ = try give(.trace(ends.prefix(15).map(states)), 1, &stage).get()
            let said = ends.prefix(15).map(states) + [challenge.after]
            let part = (0..<16).first { truth(ends[$0]) != said[$0] } ?? 15
            _ = try give(.pick(UInt8(part)), 0, &stage).get()
        }
        let start = stage.state.task(TaskWorld.id)?.challenge?.start ?? 0
        return give(.show(step(start)), 1, &stage)
    }

    /// The digest of the state after so many steps.
    static func state(_ step: UInt64) -> RunState {
        var run = computation
        run?.advance(to: step)
        return run?.state ?? RunState(root: Digest())
    }

    static func next(_ step: UInt64) -> RunStep {
        var run = computation
        run?.advance(to: step)
        return run?.next ?? RunStep(before: RunState(root: Digest()))
    }
}

@Suite struct RunTaskTests {
    private let everybody = TaskRow.everybody

    private var table: [TaskRow] {
        let free = ["worker", "arbiter", "verifier", "stranger"]
        return [
            TaskRow(from: .pending, move: "assign", who: ["poster"], inTime: .assigned),
            TaskRow(from: .pending, move: "claim", who: free, inTime: .assigned),
            TaskRow(
                from: .pending, move: "cancel", who: ["poster"], inTime: .cancelled,
                late: .cancelled),
            TaskRow(from: .pending, move: "expire", who: everybody, late: .cancelled),
            TaskRow(from: .assigned, move: "begin", who: ["worker"], inTime: .executing),
            TaskRow(
                from: .assigned, move: "giveUp", who: ["worker"], inTime: .pending,
                late: .pending),
            TaskRow(from: .assigned, move: "expire", who: everybody, late: .pending),
            TaskRow(
                from: .executing, move: "deliverRun", who: ["worker"], inTime: .verifying),
            TaskRow(
                from: .executing, move: "giveUp", who: ["worker"], inTime: .pending,
                late: .pending),
            TaskRow(from: .executing, move: "expire", who: everybody, late: .pending),
            TaskRow(
                from: .verifying, move: "accept", who: ["poster"], inTime: .complete,
                late: .complete),
            // Arbiter and verifier of the other worlds have no money here, the worker's owner is
            // the stranger.
            TaskRow(from: .verifying, move: "challenge", who: ["poster"], inTime: .challenged),
            TaskRow(from: .verifying, move: "expire", who: everybody, late: .complete),
            TaskRow(from: .challenged, move: "trace", who: ["worker"], inTime: .challenged),
            TaskRow(from: .challenged, move: "expire", who: everybody, late: .settled),
        ]
    }

    @Test(arguments: TaskState.allCases.filter { $0 != .disputed })
    func everyCellOfTheTable(from: TaskState) throws {
        try TaskRow.check(table, from: from, try RunWorld.stage(in: from), #_sourceLocation)
    }

    private func nano(_ stage: Stage, _ id: AccountID) -> UInt128 {
        stage.state.account(id).balance.nanoCredits
    }

    /// Whatever an honest worker is doubted about, it shows the step, and others may doubt anew.
    @Test(arguments: [0, 1, 7, 21, 22, 255] as [UInt64])
    func honestWorkersHold(wrong: UInt64) throws {
        var stage = try RunWorld.stage(in: .challenged)
        let poster = nano(stage, TaskWorld.poster)
        let found = try RunWorld.play(
            &stage, states: { RunWorld.state($0).digest },
            truth: { $0 <= wrong ? RunWorld.state($0).digest : Digest() },
            step: RunWorld.next)
        #expect(found == .success(.taskMoved(TaskWorld.id, to: .verifying)))
        #expect(stage.credits(.fees) == 2 && nano(stage, TaskWorld.poster) == poster)
        #expect(stage.state.task(TaskWorld.id)?.challenge == nil)
        #expect(
            RunWorld.give(.challenge(deposit: RunWorld.deposit), 0, &stage)
                == .success(.taskMoved(TaskWorld.id, to: .challenged)))
    }

    /// Wherever a worker departs from the run, it comes to a step that it cannot show, and pays.
    @Test(arguments: [0, 5, 20] as [UInt64]) func liarsLose(from wrong: UInt64) throws {
        var claim = RunWorld.claim
        claim.output = RunState.output([1])
        var stage = try RunWorld.stage(in: .challenged, claim: claim)
        let worker = nano(stage, TaskWorld.worker)
        let poster = nano(stage, TaskWorld.poster)
        let lie = claim.state(of: RunWorld.run).digest
        let found = try RunWorld.play(
            &stage, states: { $0 <= wrong ? RunWorld.state($0).digest : lie },
            truth: { RunWorld.state($0).digest }, step: RunWorld.next)
        #expect(found.refusal == .tasks(.wrongStep))
        #expect(RunWorld.give(.expire, 0, &stage).refusal == .tasks(.tooEarly))
        stage.wait(7 * Nanoseconds.perDay)
        _ = try RunWorld.give(.expire, 4, &stage).get()
        let task = try #require(stage.state.task(TaskWorld.id))
        #expect(task.state == .settled && task.challenge?.isLost == true && task.held == .zero)
        #expect(task.earned == .zero && nano(stage, TaskWorld.worker) == worker)
        // The milestone, the reward and the deposit.
        #expect(nano(stage, TaskWorld.poster) == poster + Amount.credits(107).nanoCredits)
    }

    @Test func aChallengerThatIsSilentLosesItsDeposit() throws {
        var stage = try RunWorld.stage(in: .challenged)
        let trace = (0..<15).map { Digest(repeating: $0) }
        _ = try RunWorld.give(.trace(trace), 1, &stage).get()
        #expect(RunWorld.give(.trace(trace), 1, &stage).refusal == .tasks(.wrongTurn))
        #expect(RunWorld.give(.pick(16), 0, &stage).refusal == .tasks(.invalidTrace))
        stage.wait(7 * Nanoseconds.perDay)
        #expect(
            RunWorld.give(.expire, 4, &stage)
                == .success(.taskMoved(TaskWorld.id, to: .verifying)))
        #expect(stage.credits(.fees) == 2)
        stage.wait(Nanoseconds.perDay)
        _ = try RunWorld.give(.expire, 4, &stage).get()
        let task = try #require(stage.state.task(TaskWorld.id))
        #expect(task.state == .complete && task.ended == stage.time)
        #expect(task.earned == Amount(nanoCredits: 99_900_000_000))
        #expect(task.charged == Amount(nanoCredits: 100_000_000))
    }

    @Test func movesOutOfTurn() throws {
        var stage = try RunWorld.stage(in: .challenged)
        let step = RunWorld.next(0)
        #expect(RunWorld.give(.pick(0), 0, &stage).refusal == .tasks(.wrongTurn))
        #expect(RunWorld.give(.show(step), 1, &stage).refusal == .tasks(.wrongTurn))
        for _ in 0..<2 {
            _ = try RunWorld.give(.trace((1...15).map { Digest(repeating: $0) }), 1, &stage).get()
            _ = try RunWorld.give(.pick(0), 0, &stage).get()
        }
        let trace = (1...15).map { Digest(repeating: $0) }
        #expect(RunWorld.give(.trace(trace), 1, &stage).refusal == .tasks(.wrongTurn))
        #expect(
            RunWorld.give(.show(RunWorld.next(1)), 1, &stage).refusal == .tasks(.wrongStep))
        var bare = step
        bare.witness = nil
        #expect(
            RunWorld.give(.show(bare), 1, &stage).refusal
                == .tasks(.step(.malformedWitness)))
    }

    @Test func challengesInOrder() throws {
        var stage = try RunWorld.stage(in: .verifying)
        let bo = TaskMove.challenge(deposit: .credits(1))
        #expect(RunWorld.give(bo, 4, &stage).refusal == .tasks(.conflict(World.boAccount)))
        #expect(
            RunWorld.give(bo, 0, &stage).refusal == .tasks(.wrongDeposit(RunWorld.deposit)))
        let right = TaskMove.challenge(deposit: RunWorld.deposit)
        #expect(
            RunWorld.give(right, 2, &stage).refusal == .tasks(.insufficient(balance: .zero)))
    }

    @Test func termsOfRuns() throws {
        var stage = try Stage()
        func post(_ change: (inout TaskTerms) -> Void) -> LawFailure? {
            var terms = RunWorld.terms()
            change(&terms)
            return stage.give(
                .task(
                    .post(by: TaskWorld.poster, number: 1, mandate: MandateID(), terms)),
                by: TestKey.ada
            ).refusal
        }
        #expect(post { _ in } == .tasks(.programUnknown))
        let words = UInt32(AgentLimits.wordsPerList) + 1
        for (name, change): (String, (inout TaskTerms) -> Void) in [
            ("two milestones", { $0.milestones = [.credits(1), .credits(1)] }),
            ("arbiters", { $0.arbiters = [TaskWorld.arbiter] }),
            ("too many words", {
                $0.verification = .proven(
                    TaskRun(program: Digest(), input: Digest(), words: words))
            }),
            ("no rounds", {
                $0.verification = .reexecuted(
                    RunWorld.run, Reexecution(deposit: .credits(1), reward: .zero, rounds: 0))
            }),
            ("nine rounds", {
                $0.verification = .reexecuted(
                    RunWorld.run, Reexecution(deposit: .credits(1), reward: .zero, rounds: 9))
            }),
            ("no deposit", {
                $0.verification = .reexecuted(
                    RunWorld.run, Reexecution(deposit: .zero, reward: .zero, rounds: 1))
            }),
        ] {
            #expect(post(change) == .tasks(.invalidTerms), "\(name)")
        }
    }

    /// The law sees what a challenger lays down.
    @Test func aDepositIsAValue() throws {
        var stage = try RunWorld.stage(in: .verifying)
        try stage.enact { $0.limits.valuePerAction = .credits(1) }
        let challenge = TaskCommand.move(
            by: World.scoutAccount, TaskWorld.id, .challenge(deposit: RunWorld.deposit))
        #expect(
            stage.give(.task(challenge)).refusal
                == .limits(.valueTooLarge(most: .credits(1))))
    }

    /// The proof of the run of the task.
    private func proof(_ input: [UInt64] = RunWorld.input) throws -> [UInt8] {
        let program = try #require(RunWorld.program)
        let prover = SegmentProver(
            try ProvableAgent(program), workers: Workers(count: 2), segmentSteps: 1 << 14)
        var left = input[...]
        let chain = try prover.proof(of: [
            RunRequest(image: program.initialImage, steps: nil) { number, word in
                number == 0 ? left.popFirst() : word
            }
        ])
        return chain.encoded
    }

    private func proven() throws -> Stage {
        var stage = try RunWorld.stage()
        try RunWorld.post(.proven(RunWorld.run), in: &stage)
        _ = try RunWorld.give(.assign(TaskWorld.worker), 0, &stage).get()
        _ = try RunWorld.give(.begin, 1, &stage).get()
        return stage
    }

    @Test func proofsPay() throws {
        let (start, proof) = (try proven(), try proof())
        let result = RunWorld.claim.output
        func refusal(_ result: Digest, _ proof: [UInt8]) -> TaskProofFailure? {
            var stage = start
            let found = RunWorld.give(.prove(result, proof: proof), 1, &stage)
            if case .tasks(.proof(let failure))? = found.refusal { return failure }
            return nil
        }
        #expect(refusal(Digest(), proof) == .wrongOutput)
        #expect(refusal(result, try self.proof([3, 4])) == .wrongInput)
        #expect(refusal(result, try self.proof([3, 4, 8])) == .wrongInput)
        #expect(refusal(result, Array(proof.dropLast())) != nil)
        var late = try ProofChain(decoding: proof)
        late.proofs[0].proof.statements[0].before = Digest()
        #expect(refusal(result, late.encoded) == .wrongStart)
        var stage = start
        #expect(
            RunWorld.give(.prove(result, proof: proof), 1, &stage)
                == .success(.taskMoved(TaskWorld.id, to: .complete)))
        #expect(stage.state.task(TaskWorld.id)?.result == result)
        var attested = try TaskWorld.stage(in: .executing)
        #expect(
            RunWorld.give(.prove(result, proof: proof), 1, &attested).refusal
                == .tasks(.wrongVerification))
    }

    /// At its place in the order a proof is not verified again, since a quorum did.
    @Test func settledProofsAreNotVerifiedAgain() throws {
        var stage = try proven()
        let move = TaskCommand.move(
            by: TaskWorld.worker, TaskWorld.id, .prove(RunWorld.claim.output, proof: [1]))
        let operation = SignedOperation(
            chain: World.chain, owner: World.bo,
            sequence: stage.state.lastSequence(of: TestKey.other.publicKey) + 1,
            command: .law(.task(move)), key: TestKey.other)
        #expect(throws: LedgerFailure.self) {
            try Ledger.check(
                operation, lastSequence: operation.sequence - 1, at: stage.time,
                in: stage.state)
        }
        let settled = Ledger.settle(operation, at: stage.time, to: &stage.state)
        #expect(settled == .done(.law(.taskMoved(TaskWorld.id, to: .complete))))
    }

    /// An action that waited for guardians was not looked at when it was certified.
    @Test func proofsOfApprovedDeliveriesAreVerified() throws {
        var stage = try proven()
        var law = World.constitution(of: World.other, version: 2)
        law.approvals.kinds = KindSet([.work])
        _ = try stage.give(.enact(law), by: TestKey.bo).get()
        let asked = try RunWorld.give(
            .prove(RunWorld.claim.output, proof: [1]), 1, &stage).get()
        guard case .approvalRequested(let id, _) = asked else {
            Issue.record("it does not wait")
            return
        }
        _ = try stage.give(.approve(id), by: TestKey.guardians[0]).get()
        let found = stage.give(.approve(id), by: TestKey.guardians[1])
        #expect(found.refusal != nil && stage.state.task(TaskWorld.id)?.state == .executing)
    }
}
