// The desk of agents as a value: messages, calls, failures of disk and ledger, proofs, records.
import Agents
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Gateway
@testable import Ledger

@Suite struct AgentDeskTests {
    private let one = DeskWorld.agent(1)
    private let two = DeskWorld.agent(2)

    private func world(
        _ sources: [String] = [TestPrograms.adder], _ change: (inout AgentPlace) -> Void = { _ in }
    ) throws -> DeskWorld {
        var world = DeskWorld()
        for (number, source) in sources.enumerated() {
            try world.spawn(UInt8(number + 1), source, change)
        }
        world.lookAtAll()
        return world
    }

    @Test func aMessageIsAnsweredOnceItsTransitionIsAccepted() throws {
        var world = try world()
        let words1 = world.answer(1, [40, 2])
        #expect(words1 == [42])
        let words2 = world.answer(1, [8])
        #expect(words2 == [50])
        let place = try #require(world.places[one])
        #expect(place.instance.root == world.desk.runtime.instance(one)?.root)
        #expect(try world.replies[2]?.get().sequence == place.instance.sequence)
    }

    @Test func aTransitionIsSafeBeforeItIsSent() throws {
        var world = try world()
        world.writes = 0
        let ticket = world.callOnce(1, [1])
        #expect(world.submitted.isEmpty && world.replies[ticket] == nil)
        world.writes = .max
        world.step(world.look([one]))
        #expect(world.output(ticket) == [1])
    }

    @Test func whoIsNotHereIsNotCalled() throws {
        var world = try world()
        let reason3 = world.refusal(9, [])
        #expect(reason3?.kind == .noSuchAgent)
        try world.spawn(3, TestPrograms.adder) { $0.key = PublicKey(repeating: 1) }
        world.lookAtAll()
        let reason4 = world.refusal(3, [])
        #expect(reason4?.kind == .noSuchAgent)
    }

    @Test func anotherThreadsAgentsAreLeftAlone() throws {
        let shards = (0..<3).map { RuntimeShard($0, of: 3) }
        for number in 0..<50 as Range<UInt8> {
            #expect(shards.count { $0.holds(DeskWorld.agent(number)) } == 1)
        }
    }

    @Test func anAgentCallsAnotherHere() throws {
        var world = try world([TestPrograms.adder, TestPrograms.asker])
        world.call(1, [40])
        let request = HostRequest.call(one, [2]).frame
        let words5 = world.answer(2, request)
        #expect(words5 == [1 << 32, 42])
    }

    @Test func anAgentReadsTheStateOfAnotherHere() throws {
        var world = try world([TestPrograms.adder, TestPrograms.asker])
        world.call(1, [42])
        let leaves = try #require(HostRequest.Leaves(first: 2, count: 1))
        let answer = world.answer(2, HostRequest.state(one, leaves).frame)
        #expect(answer?.prefix(2) == [8 << 32, 42])
        #expect(world.desk.hosted[one]?.readers == [])
    }

    @Test func aCallThatWaitedWhileThisNodeWasDownIsServed() throws {
        var world = try world([TestPrograms.adder, TestPrograms.asker])
        // The callee is not here, as far as this desk knows.
        let callee = world.places.removeValue(forKey: one)
        world.restart()
        world.call(2, HostRequest.call(one, [5]).frame)
        #expect(world.places[two]?.instance.call?.answer == nil)
        world.places[one] = callee
        world.kept[one] = nil
        world.restart()
        #expect(world.places[two]?.instance.call == nil)
        #expect(world.desk.runtime.instance(one)?.sequence == 2)
    }

    @Test func whatWasNotDecidedIsSentAgainAsItIs() throws {
        var world = try world()
        world.verdicts = [.undecided, .undecided]
        let words6 = world.answer(1, [7])
        #expect(words6 == [7])
        let sent = world.submitted.compactMap(\.transition)
            .filter { !$0.exchange.messages.isEmpty }
        #expect(sent.count >= 3 && sent[0] == sent[1] && sent[1] == sent[2])
    }

    @Test func whatWasRefusedForWhatItSaysIsSignedAnew() throws {
        var world = try world()
        world.verdicts = [.refused(reason: "time", .again)]
        let words7 = world.answer(1, [7])
        #expect(words7 == [7])
        let sent = world.submitted.compactMap(\.transition)
            .filter { !$0.exchange.messages.isEmpty }
        #expect(sent.prefix(2).map(\.header.attempt) == [0, 1])
    }

    @Test func aMessageThatTheLawForbidsIsDroppedAlone() throws {
        var world = try world()
        world.call(1, [1])
        world.verdicts = [.refused(reason: "limits.valueTooLarge", .withoutWhatItRead)]
        let problem = world.refusal(1, [7])
        #expect(problem?.kind == .agentFailed && problem?.detail.contains("valueTooLarge") == true)
        let words8 = world.answer(1, [2])
        #expect(words8 == [3])
    }

    @Test func anAgentWithoutMoneyRestsUntilItHasSome() throws {
        var world = try world()
        world.verdicts = [.refused(reason: "depositTooSmall", .resend)]
        let ticket = world.callOnce(1, [7])
        #expect(world.problem(ticket)?.kind == .agentFailed)
        world.places[one]?.instance.account.deposit += 1
        world.step(world.look([one]))
        #expect(world.desk.hosted[one]?.trouble == nil)
        let words9 = world.answer(1, [1])
        #expect(words9 == [8])
    }

    @Test func everybodyWhoWaitsIsToldThatTheNodeStops() throws {
        var world = try world()
        world.isReachable = false
        let first = world.call(1, [1])
        let second = world.call(1, [2])
        world.step(.close)
        #expect([first, second].allSatisfy { world.problem($0)?.kind == .unavailable })
        let reason10 = world.refusal(1, [3])
        #expect(reason10?.kind == .unavailable)
    }

    @Test func whoWaitsTooLongIsTold() throws {
        var world = try world()
        world.isReachable = false
        let ticket = world.call(1, [1])
        world.time.monotonic += 29 * Nanoseconds.perSecond
        world.step(.sweep)
        #expect(world.replies[ticket] == nil)
        world.time.monotonic += Nanoseconds.perSecond
        world.step(.sweep)
        #expect(world.problem(ticket)?.kind == .undecided)
    }

    @Test func aCallThatNobodyAnswersIsGivenUp() throws {
        var world = try world([TestPrograms.asker])
        let ticket = world.call(1, HostRequest.call(two, []).frame)
        world.time.now = world.time.now.advanced(byNanoseconds: 61 * Nanoseconds.perSecond)
        world.step(.sweep)
        #expect(world.replies[ticket] == nil)
        world.time.now = world.time.now.advanced(byNanoseconds: 2 * Nanoseconds.perSecond)
        world.step(.sweep)
        #expect(world.output(ticket) == [2])
    }

    @Test func tooManyMessagesAreRefused() throws {
        var world = DeskWorld { $0.waiting = 1 }
        try world.spawn(1, TestPrograms.adder)
        world.lookAtAll()
        world.isReachable = false
        let tickets = (0..<3).map { world.call(1, [$0]) }
        #expect(world.problem(tickets[2])?.kind == .overloaded)
    }
}

extension DeskWorld {
    /// A call after which no retry has come yet.
    mutating func callOnce(_ number: UInt8, _ words: [UInt64]) -> UInt64 {
        holdsRetries = true
        defer { holdsRetries = false }
        return call(number, words)
    }
}

extension HostedOperation {
    var transition: Transition? {
        if case .submit(let transition) = command { return transition }
        return nil
    }

    /// Those that it asks the ledger to accept.
    var transitions: [Transition] {
        if case .series(let series) = command { return series.parts.map(\.transition) }
        return [transition].compactMap(\.self)
    }
}
