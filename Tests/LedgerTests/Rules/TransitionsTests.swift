// The transitions' chapter: each refusal in its place, and what acceptance changes.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Ledger

/// A submission with faults to be put in.
private struct Submitting: Attempt {
    var world: AgentWorld
    var transition: Transition
    var key = TestKey.ada
    var owner = World.ada
    var time = World.time
    /// Changes of the header, which is signed after them.
    var signer = AgentWorld.agentKeys[0]

    var state: LedgerState { world.state }

    mutating func run() throws(LedgerFailure) -> Effect {
        var transition = transition
        transition.signed = SignedHeader(signing: transition.header, key: signer)
        let operation = SignedOperation(
            chain: World.chain, owner: owner,
            sequence: world.state.lastSequence(of: key.publicKey) + 1,
            command: .transition(.submit(transition)), key: key)
        return try Ledger.apply(operation, at: time, to: &world.state)
    }
}

@Suite struct TransitionsTests {
    private typealias Step = Rung<Submitting>

    private func failure(_ failure: TransitionsFailure) -> LedgerFailure {
        .transitions(failure)
    }

    /// An adder that read 40 and 2 and has not submitted it.
    private func ready() throws -> Submitting {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        try world.submitAll(0)
        world.say(0, [40, 2])
        return Submitting(world: world, transition: try world.transition(0))
    }

    @Test func submitLadder() throws {
        let good = try ready()
        let header = good.transition.header
        let accepted = try #require(good.state.instance(AgentWorld.agent(0)))
        let effect = Effect.transitionAccepted(
            AgentHeight(agent: header.agent, sequence: header.sequence), root: header.newRoot)
        let effort = header.effort
        climb(
            good, to: effect,
            [
                Step(failure(.reexecution(.wrongEffort(found: effort)))) {
                    $0.transition.signed.header.effort.steps -= 1
                },
                Step(failure(.depositTooSmall(fee: 10_000 + 100 * (effort.steps - 1) + 1_000))) {
                    $0.spoil { $0.account.deposit = 10_000 }
                },
                Step(failure(.evidenceNotAccepted)) { $0.transition.evidence = .proof([]) },
                Step(failure(.wrongClock)) {
                    $0.transition.signed.header.clock = [
                        AgentHeight(agent: AgentID(), sequence: 1)
                    ]
                },
                Step(failure(.wrongDependencies)) {
                    $0.transition.signed.header.dependencies = [
                        Dependency(
                            height: AgentHeight(agent: AgentID(), sequence: 1), root: Digest())
                    ]
                },
                Step(failure(.wrongEnd)) { $0.transition.signed.header.end = .unanswered },
                Step(failure(.callUnknown(World.unknown))) {
                    $0.change { $0.messages = [Message(from: World.unknown, [])] }
                },
                Step(failure(.mixedCall)) { $0.change { $0.messages.append(Message([1])) } },
                Step(failure(.wrongAnswer)) { $0.change { $0.answer = HostAnswer(.done) } },
                Step(failure(.invalidSignature)) { $0.signer = TestKey.stranger },
                Step(failure(.wrongExchange)) { $0.transition.exchange.output = [9] },
                Step(failure(.wrongTime)) {
                    $0.transition.signed.header.time = World.time.advanced(byNanoseconds: 1)
                },
                Step(failure(.overLimit)) {
                    $0.transition.signed.header.effort.gas = 1_000_001
                },
                Step(failure(.gap(sequence: accepted.sequence, root: accepted.root))) {
                    $0.transition.signed.header.sequence += 1
                },
                Step(failure(.stale(sequence: accepted.sequence, root: accepted.root))) {
                    $0.transition.signed.header.sequence = accepted.sequence
                },
                Step(failure(.wrongProgram)) {
                    $0.transition.signed.header.program = Digest()
                },
                Step(failure(.wrongChain)) { $0.transition.signed.header.chain = Digest() },
                Step(failure(.notRunning)) { $0.spoil { $0.status = .ended } },
                Step(failure(.agentNotActive)) {
                    _ = try? $0.world.run(.agent(.setStatus(AgentWorld.agent(0), .suspended)))
                },
                Step(failure(.notAllowed)) { $0.key = TestKey.stranger },
                Step(failure(.agentUnknown)) { $0.owner = World.bo },
                Step(failure(.ownerUnknown)) { $0.owner = OwnerID() },
            ])
    }

    @Test func acceptanceMovesTheState() throws {
        var good = try ready()
        let before = try #require(good.state.instance(AgentWorld.agent(0)))
        _ = try good.run()
        let after = try #require(good.state.instance(AgentWorld.agent(0)))
        let header = good.transition.header
        let bytes = UInt64(good.transition.encoded.count)
        let fee = 10_000 + 100 * header.effort.steps + 1_000 * ((bytes + 1023) / 1024)
        #expect(after.sequence == before.sequence + 1 && after.root == header.newRoot)
        #expect(before.account.deposit - after.account.deposit == fee)
        #expect(good.state.balance(of: .fees) == Amount(microCredits: after.account.spent))
        #expect(after.account.spent - before.account.spent == fee)
        let place = (sequence: after.sequence, root: after.root)
        #expect(outcome(&good) == .failure(failure(.stale(sequence: place.0, root: place.1))))
    }

    @Test func theAgentsOwnKeySubmits() throws {
        var good = try ready()
        good.key = AgentWorld.agentKeys[0]
        _ = try good.run()
        #expect(good.state.lastSequence(of: AgentWorld.agentKeys[0].publicKey) == 1)
    }

    @Test func twoRuntimesOfOneAgentRace() throws {
        var first = try ready()
        var other = first
        other.world.say(0, [7])
        _ = try first.run()
        other.world.state = first.world.state
        let now = try #require(first.state.instance(AgentWorld.agent(0)))
        #expect(
            outcome(&other) == .failure(failure(.stale(sequence: now.sequence, root: now.root))))
        #expect(try #require(other.state.instance(AgentWorld.agent(0))).status == .running)
    }

    /// A calls B and goes on with its answer; both know of each other in their clocks.
    @Test func aCallIsAnswered() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        let (callee, caller) = (AgentWorld.agent(0), AgentWorld.agent(1))
        world.say(1, HostRequest.call(callee, [20, 22]).frame)
        try world.submitAll(1)
        let waiting = try #require(world.state.instance(caller)?.call)
        #expect(waiting.callee == callee && waiting.answer == nil)
        try world.deliver(from: 1, to: 0, [20, 22])
        #expect(try world.submitAll(0) == [42])
        try world.answer(1, [42])
        #expect(try world.submitAll(1) == [1 << 32, 42])
        let (one, two) = (world.state.instance(callee), world.state.instance(caller))
        #expect(one?.serving == nil && two?.call == nil)
        #expect(one?.clock.map(\.agent) == [caller] && two?.clock.map(\.agent) == [callee])
    }

    @Test func answersAndCallsCannotBeMadeUp() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        let callee = AgentWorld.agent(0)
        try world.deliver(from: 1, to: 0, [5])
        #expect(throws: LedgerFailure.transitions(.callUnknown(AgentWorld.agent(1)))) {
            try world.submitAll(0)
        }
        var other = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        other.say(1, HostRequest.call(callee, [20]).frame)
        try other.submitAll(1)
        other.tell(1, .answered(HostAnswer(.done, [42]), by: nil))
        #expect(throws: LedgerFailure.transitions(.wrongAnswer)) { try other.submitAll(1) }
        try other.deliver(from: 1, to: 0, [21])
        #expect(throws: LedgerFailure.transitions(.callUnknown(AgentWorld.agent(1)))) {
            try other.submitAll(0)
        }
    }

    @Test(arguments: [AgentWorld.agent(0), World.unknown, World.idle])
    func callsThatNobodyCanAnswer(callee: AgentID) throws {
        var world = try AgentWorld([TestPrograms.asker])
        world.say(0, HostRequest.call(callee, []).frame)
        try world.submitAll(0)
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [UInt64(HostAnswer.Status.refused.rawValue)])
    }

    @Test func aCircleOfCallsIsCut() throws {
        let asker = TestPrograms.asker
        var world = try AgentWorld([asker, asker, asker])
        for (number, callee) in [(0, 1), (1, 2), (2, 0)] {
            world.say(number, HostRequest.call(AgentWorld.agent(callee), []).frame)
            try world.submitAll(number)
        }
        let answers = (0..<3).map { world.state.instance(AgentWorld.agent($0))?.call?.answer }
        #expect(answers.map { $0?.status } == [nil, nil, .refused])
    }

    @Test func aCallIsGivenUpAfterAMinute() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        let (callee, caller) = (AgentWorld.agent(0), AgentWorld.agent(1))
        world.say(1, HostRequest.call(callee, [1]).frame)
        try world.submitAll(1)
        world.now = World.time.advanced(byNanoseconds: callPatience - 1)
        #expect(throws: LedgerFailure.transitions(.notDue)) {
            try world.run(.transition(.abandonCall(caller)))
        }
        world.now = World.time.advanced(byNanoseconds: callPatience)
        try world.run(.transition(.abandonCall(caller)))
        try world.answer(1, [])
        #expect(try world.submitAll(1) == [UInt64(HostAnswer.Status.abandoned.rawValue)])
        #expect(throws: LedgerFailure.transitions(.notDue)) {
            try world.run(.transition(.abandonCall(callee)))
        }
    }

    @Test func twoFuturesAreProven() throws {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        let one = try world.transition(0).signed
        var header = one.header
        header.newRoot = Digest()
        let other = SignedHeader(signing: header, key: AgentWorld.agentKeys[0])
        let forged = SignedHeader(signing: header, key: TestKey.stranger)
        func report(_ other: SignedHeader) throws -> Effect {
            try world.run(.transition(.report(one, other)))
        }
        #expect(throws: LedgerFailure.transitions(.noContradiction)) { try report(one) }
        #expect(throws: LedgerFailure.transitions(.invalidSignature)) { try report(forged) }
        #expect(try report(other) == .agentFaulty(AgentWorld.agent(0), reporter: World.ada))
        let instance = try #require(world.state.instance(AgentWorld.agent(0)))
        #expect(instance.status == .faulty && instance.account.deposit == 0)
        #expect(
            world.state.balance(of: .fees)
                == Amount(microCredits: AgentWorld.account.deposit))
        #expect(throws: LedgerFailure.transitions(.notRunning)) { try world.submitAll(0) }
        #expect(throws: LedgerFailure.transitions(.notRunning)) { try report(other) }
    }

    @Test func anAgentThatExitsIsDone() throws {
        var world = try AgentWorld([".stack 4096\n ecalli 3"])
        world.tell(0, .tick)
        try world.submitAll(0)
        #expect(world.state.instance(AgentWorld.agent(0))?.status == .ended)
        #expect(throws: LedgerFailure.transitions(.notRunning)) {
            try world.run(.transition(.deposit(AgentWorld.agent(0), microCredits: 1)))
        }
    }

    @Test func entriesComeBack() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        world.say(1, HostRequest.call(AgentWorld.agent(0), [20]).frame)
        try world.submitAll(1)
        try world.deliver(from: 1, to: 0, [20])
        try world.submitAll(0)
        let changes = world.state.takeChanges()
        var copy = LedgerState(chain: World.chain)
        for (key, value) in changes {
            #expect(StateKey(decoding: key.encoded) == key)
            try copy.restore(key, from: value)
            #expect(copy.encodedEntry(key) == value)
        }
        let instance = try #require(world.state.instance(AgentWorld.agent(1)))
        #expect(instance.call?.answer?.by?.height.agent == AgentWorld.agent(0))
        #expect(copy.instance(AgentWorld.agent(1)) == instance)
        let program = try #require(world.state.program(instance.program))
        try copy.restore(.program(instance.program), from: program.encoded)
        #expect(copy.program(instance.program) == program)
        #expect(throws: DecodingFailure.self) {
            try copy.restore(.program(instance.program), from: [UInt8](repeating: 0, count: 30))
        }
    }

    @Test func settlingAfterACertificateDoesNotRunAgain() throws {
        let good = try ready()
        var state = good.state
        var wrong = good.transition
        wrong.signed.header.effort.steps += 1
        wrong.signed.header.effort.gas += 1
        let operation = SignedOperation(
            chain: World.chain, owner: World.ada,
            sequence: state.lastSequence(of: TestKey.ada.publicKey) + 1,
            command: .transition(.submit(wrong)), key: TestKey.ada)
        guard case .done = Ledger.settle(operation, at: World.time, to: &state) else {
            Issue.record("what a quorum judged is carried out")
            return
        }
    }
}

extension Submitting {
    fileprivate mutating func change(_ change: (inout Exchange) -> Void) {
        change(&transition.exchange)
        transition.signed.header.exchange = transition.exchange.digest
    }

    fileprivate mutating func spoil(_ change: (inout AgentInstance) -> Void) {
        guard var instance = world.state.instance(AgentWorld.agent(0)) else { return }
        change(&instance)
        world.state.set(instance)
    }
}
