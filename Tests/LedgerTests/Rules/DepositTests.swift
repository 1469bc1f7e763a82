// The money of agents' programs: it comes from the owner's account, and all that is left returns.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct DepositTests {
    private let agent = AgentWorld.agent(0)
    private let deposit = AgentWorld.account.deposit

    private func ada(_ world: AgentWorld) -> Amount { world.state.balance(of: World.adaAccount) }

    private func without(_ microCredits: UInt64) -> Amount {
        AgentWorld.money.subtracting(Amount(microCredits: microCredits)) ?? .zero
    }

    @Test func aDepositIsTakenFromTheOwner() throws {
        var world = try AgentWorld([TestPrograms.adder])
        #expect(ada(world) == without(deposit))
        try world.run(.transition(.deposit(agent, microCredits: 5)))
        #expect(ada(world) == without(deposit + 5))
        #expect(
            try world.run(.transition(.withdraw(agent, microCredits: 7)))
                == .withdrawn(agent, microCredits: 7))
        #expect(ada(world) == without(deposit - 2))
        #expect(world.state.instance(agent)?.account.deposit == deposit - 2)
    }

    @Test func refusals() throws {
        var world = try AgentWorld([TestPrograms.adder])
        world.state.set(Account(id: World.adaAccount, balance: Amount(microCredits: 3)))
        let before = world.state.instance(agent)
        let rows: [(TransitionCommand, TransitionsFailure)] = [
            (.deposit(agent, microCredits: 4), .insufficient(balance: Amount(microCredits: 3))),
            (.withdraw(agent, microCredits: deposit + 1), .withdrawalTooLarge(deposit: deposit)),
            (.withdraw(World.idle, microCredits: 1), .instanceUnknown),
            (.end(World.idle), .instanceUnknown),
            (.end(World.other), .agentUnknown),
        ]
        for (command, failure) in rows {
            #expect(throws: LedgerFailure.transitions(failure)) {
                try world.run(.transition(command))
            }
        }
        for command: TransitionCommand in [.end(agent), .withdraw(agent, microCredits: 1)] {
            var request = Request(.transition(command), state: world.state)
            // The agent runs by its own key, and only its owner ends it.
            request.key = AgentWorld.agentKeys[0]
            #expect(outcome(&request) == .failure(.transitions(.notAllowed)))
        }
        #expect(world.state.instance(agent) == before)
        #expect(ada(world) == Amount(microCredits: 3))
    }

    @Test func whatIsLeftComesBackAtTheEnd() throws {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        try world.submitAll(0)
        let spent = try #require(world.state.instance(agent)).account.spent
        #expect(
            try world.run(.transition(.end(agent)))
                == .agentEnded(agent, microCredits: deposit - spent))
        #expect(ada(world) == without(spent))
        let instance = try #require(world.state.instance(agent))
        #expect(instance.status == .ended && instance.account.deposit == 0)
        #expect(throws: LedgerFailure.transitions(.notRunning)) {
            try world.run(.transition(.end(agent)))
        }
    }

    @Test func anExitGivesItBackToo() throws {
        var world = try AgentWorld([".stack 4096\n ecalli 3"])
        world.tell(0, .tick)
        try world.submitAll(0)
        let instance = try #require(world.state.instance(agent))
        #expect(instance.status == .ended && instance.account.deposit == 0)
        #expect(ada(world) == without(instance.account.spent))
        #expect(world.state.balance(of: .fees) == Amount(microCredits: instance.account.spent))
    }

    /// Its numbers go on, so that no old header speaks against what it signs now.
    @Test func anEndedAgentMayRunAgain() throws {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        try world.submitAll(0)
        let before = try #require(world.state.instance(agent))
        let spawn = Command.transition(.spawn(AgentWorld.spawn(0, before.program)))
        #expect(throws: LedgerFailure.transitions(.instanceExists)) { try world.run(spawn) }
        try world.run(.transition(.end(agent)))
        try world.run(spawn)
        let after = try #require(world.state.instance(agent))
        let program = world.instances[0].program
        #expect(after.sequence == before.sequence && after.status == .running)
        #expect(after.root == program.initialRoot && after.account.spent == 0)
        world.instances[0] = Instance(
            world.instances[0].identity, of: program, after: after.sequence,
            clock: after.clock, at: world.now)
        world.say(0, [4])
        #expect(try world.submitAll(0) == [4])
        #expect(try #require(world.state.instance(agent)).sequence > before.sequence)
    }

    @Test func whoIsEndedAnswersNobody() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        world.say(1, HostRequest.call(agent, [1]).frame)
        try world.submitAll(1)
        try world.run(.transition(.end(AgentWorld.agent(1))))
        try world.deliver(from: 1, to: 0, [1])
        #expect(throws: LedgerFailure.transitions(.callUnknown(AgentWorld.agent(1)))) {
            try world.submitAll(0)
        }
    }
}
