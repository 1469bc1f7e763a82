// Agents that give proofs: what waits while one is made shares the next, and nothing is lost with it.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Gateway
@testable import Ledger

@Suite struct DeskSeriesTests {
    private let one = DeskWorld.agent(1)

    private func world(_ sources: String..., provesAtOnce: Bool = false) throws -> DeskWorld {
        var world = DeskWorld()
        world.provesAtOnce = provesAtOnce
        for (number, source) in sources.enumerated() {
            try world.spawn(UInt8(number + 1), source) { $0.instance.policy.evidence = .proof }
        }
        world.lookAtAll()
        return world
    }

    /// Gives the last proof that was asked for.
    private func prove(_ world: inout DeskWorld) throws {
        let job = try #require(world.proofs.last)
        world.step(.proven(one, job.last, .success(DeskWorld.proof)))
    }

    /// A desk that has begun to prove what it did with the first of these messages.
    private func busy(
        _ messages: [[UInt64]], _ source: String = TestPrograms.adder
    ) throws -> (world: DeskWorld, tickets: [UInt64]) {
        var world = try world(source)
        let tickets = messages.map { world.call(1, $0) }
        return (world, tickets)
    }

    @Test func aProofForTheMessageThatIsThere() throws {
        var world = try world(TestPrograms.adder)
        let ticket = world.call(1, [9])
        let job = try #require(world.proofs.last)
        #expect(world.submitted.isEmpty && world.replies[ticket] == nil)
        // An answer that comes too late is for another transition.
        world.step(.proven(one, Digest(), .success([1])))
        #expect(world.submitted.isEmpty)
        world.step(.proven(one, job.last, .success([1, 2])))
        #expect(world.submitted.count == 1 && world.proofs.count == 1)
        let sent = world.submitted[0].transitions
        #expect(sent.map(\.header) == job.runs.map(\.draft.header))
        #expect(world.output(ticket) == [9])
        // Where the agent waits at its `read`, a message is one transition, which is alone.
        world.call(1, [])
        try prove(&world)
        world.proofs.removeAll()
        world.call(1, [1])
        #expect(world.proofs.count == 1)
        try prove(&world)
        #expect(world.places[one]?.instance.root == world.desk.runtime.instance(one)?.root)
    }

    @Test func whatComesWhileAProofIsMadeSharesTheNext() throws {
        var (world, tickets) = try busy([[9], [1], [2], [3]])
        #expect(world.proofs.count == 1 && world.replies.isEmpty)
        try prove(&world)
        #expect(tickets.map(world.output) == [[9], nil, nil, nil])
        #expect(world.proofs.count == 2 && world.submitted.count == 1)
        let runs = try #require(world.proofs.last).runs
        #expect(runs.reduce(0) { $0 + $1.draft.outsideCount } == 3)
        for (run, next) in zip(runs, runs.dropFirst()) {
            #expect(run.draft.header.newRoot == next.draft.header.oldRoot)
        }
        try prove(&world)
        #expect(tickets.map(world.output) == [[9], [10], [12], [15]])
        #expect(world.submitted.count == 2)
        guard case .series(let series)? = world.submitted.last?.command else {
            Issue.record("no series")
            return
        }
        #expect(series.members.map(\.header) == runs.map(\.draft.header))
        #expect(world.desk.sharing.isEmpty && world.proofs.count == 2)
    }

    /// Never more than a series holds, and in order.
    @Test func manyMessages() throws {
        var (world, tickets) = try busy((0..<40 as Range<UInt64>).map { [$0] })
        var given = 0
        while given < world.proofs.count {
            given = world.proofs.count
            try prove(&world)
        }
        let sums = (0..<40 as Range<UInt64>).map { [$0 * ($0 + 1) / 2] }
        #expect(tickets.map(world.output) == sums)
        let counts = world.submitted.map(\.transitions.count)
        #expect(counts.max() == TransitionSeries.mostMembers)
        #expect(counts.count < 10)
    }

    /// Of an agent with large states fewer share a proof, so that what waits has a limit.
    @Test func largeStates() throws {
        let source = TestPrograms.adder.replacing(".heap 1\n", with: ".heap 200\n")
        var (world, tickets) = try busy([[1], [2], [3], [4], [5]], source)
        var given = 0
        while given < world.proofs.count {
            given = world.proofs.count
            try prove(&world)
            let kept = try #require(world.kept[one])
            #expect(kept.count <= 4 * AgentLimits.imageBytes)
        }
        #expect(tickets.map(world.output) == [[1], [3], [6], [10], [15]])
        #expect(world.submitted.allSatisfy { $0.transitions.count <= 2 })
    }

    // MARK: Refusals

    /// One of them may be at fault: each is submitted alone, as another attempt.
    @Test(arguments: [Resolution.resend, .again, .withoutWhatItRead])
    func aRefusedSeriesIsSubmittedAlone(resolution: Resolution) throws {
        var (world, tickets) = try busy([[9], [1], [2]])
        try prove(&world)
        world.verdicts = [.refused(reason: "x", resolution)]
        try prove(&world)
        world.provesAtOnce = true
        try prove(&world)
        #expect(tickets.map(world.output) == [[9], [10], [12]])
        let signed = world.submitted.flatMap { $0.transitions.map(\.signed) }
        for (place, one) in signed.enumerated() {
            #expect(signed[..<place].allSatisfy { !$0.contradicts(one) })
        }
        #expect(world.submitted.dropFirst(2).allSatisfy { $0.transitions.count == 1 })
        #expect(world.desk.hosted[one]?.trouble == nil)
    }

    /// The one whose message the law forbids is told so; the others are answered.
    @Test func theOneAtFault() throws {
        var (world, tickets) = try busy([[9], [1], [2], [3]])
        try prove(&world)
        world.provesAtOnce = true
        let fault = LedgerVerdict.refused(reason: "limits.x", .withoutWhatItRead)
        world.verdicts = [fault, fault]
        try prove(&world)
        #expect(tickets.map(world.output) == [[9], nil, [11], [14]])
        #expect(world.problem(tickets[1])?.detail.contains("limits.x") == true)
    }

    @Test func whatIsNotDecidedIsSentAgainAsItIs() throws {
        var (world, tickets) = try busy([[9], [1], [2]])
        try prove(&world)
        world.verdicts = [.undecided, .undecided]
        world.provesAtOnce = true
        try prove(&world)
        #expect(tickets.map(world.output) == [[9], [10], [12]])
        let sent = world.submitted.dropFirst().map { $0.transitions.map(\.signed) }
        #expect(sent.count == 3 && Set(sent).count == 1)
    }

    @Test func whatHasNoProofTogetherIsProvenAlone() throws {
        var (world, tickets) = try busy([[9], [1], [2]])
        try prove(&world)
        let job = try #require(world.proofs.last)
        world.provesAtOnce = true
        let refusal = ProvingRefusal(reason: "too large")
        world.step(.proven(one, job.last, .failure(refusal)))
        #expect(tickets.map(world.output) == [[9], [10], [12]])
        #expect(world.submitted.dropFirst().allSatisfy { $0.transitions.count == 1 })
        #expect(world.notes.contains("no proof: too large"))
    }

    @Test func whatHasNoProofIsDoneInSmallerStepsOrDropped() throws {
        var world = try world(TestPrograms.adder)
        let ticket = world.call(1, [9])
        while let job = world.proofs.popLast() {
            let isSmall = job.runs.allSatisfy { $0.draft.outsideCount == 0 }
            let refusal = ProvingRefusal(reason: "too large")
            world.step(
                .proven(one, job.last, isSmall ? .success(DeskWorld.proof) : .failure(refusal)))
        }
        #expect(world.problem(ticket)?.kind == .agentFailed)
        #expect(world.submitted.flatMap(\.transitions).allSatisfy { $0.exchange.messages.isEmpty })
        #expect(world.notes.contains("no proof: too large"))
        world.provesAtOnce = true
        let words = world.answer(1, [5])
        #expect(words == [5])
    }

    /// A message that the program fails on costs only itself, wherever it stands.
    @Test(arguments: 1..<4) func aPoisonedMessage(place: Int) throws {
        let source = TestPrograms.adder.replacing(
            "load_ind_u64 r4, r2, 0",
            with: "branch_eq_imm r7, 13, bad\n load_ind_u64 r4, r2, 0") + "\nbad:\n trap"
        var messages: [[UInt64]] = [[9], [1], [2], [3]]
        messages[place] = [13]
        var (world, tickets) = try busy(messages, source)
        world.provesAtOnce = true
        try prove(&world)
        var sum: UInt64 = 0
        for (ticket, words) in zip(tickets, messages) where words != [13] {
            sum += words[0]
            #expect(world.output(ticket) == [sum], "\(words)")
        }
        #expect(world.problem(tickets[place])?.detail.contains("failed") == true)
    }

    /// What the ledger has to answer ends a series, and what is behind it waits.
    @Test func aCallOfAnotherAgentIsTheLast() throws {
        var world = try world(TestPrograms.asker, TestPrograms.adder)
        let ask = HostRequest.call(DeskWorld.agent(2), [40]).frame
        let identity = HostRequest.identity.frame
        let tickets = [identity, identity, ask, identity].map { world.call(1, $0) }
        world.provesAtOnce = true
        try prove(&world)
        #expect(world.output(tickets[2]) == [1 << 32, 40])
        #expect([0, 1, 3].allSatisfy { world.output(tickets[$0])?.count == 5 })
        for operation in world.submitted {
            let ends = operation.transitions.dropLast().map(\.header.end)
            #expect(!ends.contains(.unanswered))
        }
        #expect(world.submitted.contains { $0.transitions.count > 1 })
    }

    // MARK: Processes that end

    /// Killed while the proof is made: nobody was answered, the same transitions are proven by the
    /// next process, and none is done twice.
    @Test func killedBetweenTurnAndProof() throws {
        var (world, tickets) = try busy([[9], [1], [2], [3]])
        try prove(&world)
        let lost = try #require(world.proofs.last)
        world.restart()
        #expect(tickets.allSatisfy { world.replies[$0] == nil } && world.submitted.isEmpty)
        let again = try #require(world.proofs.last)
        #expect(again.runs.map(\.draft) == lost.runs.map(\.draft))
        // Who asks now is not told the answer to what another had asked.
        let ticket = world.call(1, [100])
        world.provesAtOnce = true
        try prove(&world)
        #expect(world.output(ticket) == [115])
    }

    /// Killed before the disk has it: nothing was signed, and what nobody was answered is gone.
    @Test func killedBeforeItIsKept() throws {
        var (world, _) = try busy([[9]])
        (world.writes, world.holdsRetries) = (0, true)
        world.call(1, [1])
        world.call(1, [2])
        try prove(&world)
        #expect(world.proofs.count == 1)
        world.restart()
        world.provesAtOnce = true
        let words = world.answer(1, [0])
        #expect(words == [9])
    }

    /// Killed between proof and ledger, and between the ledger and the answer.
    @Test(arguments: [false, true]) func nothingIsDoneTwice(isAccepted: Bool) throws {
        var (world, _) = try busy([[9], [1], [2]])
        try prove(&world)
        world.isReachable = false
        try prove(&world)
        let sent = try #require(world.submitted.last)
        #expect(sent.transitions.count > 1)
        if isAccepted { world.apply(sent) }
        world.provesAtOnce = true
        world.restart()
        let signed = world.submitted.map { $0.transitions.map(\.signed) }
        #expect(signed == (isAccepted ? [] : [sent.transitions.map(\.signed)]))
        let words = world.answer(1, [0])
        #expect(words == [12])
    }

    @Test func recordsOfAllAreFinalBeforeTheNext() throws {
        var (world, _) = try busy([[1], [2], [3], [4]], DeskHistoryTests.recorder)
        world.recordsAnswered = false
        try prove(&world)
        let first = world.proofs.count
        #expect(world.recorded.map(\.records) == [[[1]]])
        let sequence = try #require(world.recorded.first).sequence
        world.step(.recorded(one, sequence: sequence, .final))
        #expect(world.proofs.count == first + 1)
        try prove(&world)
        #expect(world.recorded.map(\.records) == [[[1]], [[2]], [[3]], [[4]]])
        world.call(1, [5])
        #expect(world.proofs.count == first + 1)
        for emitted in world.recorded.dropFirst() {
            world.step(.recorded(one, sequence: emitted.sequence, .final))
        }
        #expect(world.proofs.count == first + 2)
    }
}
