// Transitions under the law: limits, rulings, stops and safe mode hold for programs too.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct TransitionLawTests {
    private let agent = AgentWorld.agent(0)

    /// An adder that read 40 and 2 and has not submitted it.
    private func ready() throws -> (AgentWorld, Command) {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        try world.submitAll(0)
        world.say(0, [40, 2])
        return (world, .transition(.submit(try world.transition(0))))
    }

    private func submit(
        _ command: Command, _ state: inout LedgerState
    ) -> Result<Effect, LedgerFailure> {
        var request = Request(command, state: state)
        let found = outcome(&request)
        state = request.state
        return found
    }

    private func law(_ change: (inout Constitution) -> Void) -> Constitution {
        var law = Constitution(agent: agent, version: 1)
        (law.limits, law.allowed) = (.none, .all)
        change(&law)
        return law
    }

    @Test func theLawIsAskedFirst() throws {
        let (world, command) = try ready()
        let (agent, hour) = (agent, World.time.advanced(byNanoseconds: Nanoseconds.perHour))
        let deny = Override(kind: .transition, ruling: .deny, expires: hour, by: World.ada)
        let conduct = Conduct(agent: agent, since: World.time)
        let rows: [(LawFailure, (inout LedgerState) -> Void)] = [
            (.forbidden(.safeMode), { state in
                let finding = Finding(rule: .kind, kind: .transition)
                state.enterSafeMode(conduct, for: finding, at: World.time)
            }),
            (.forbidden(.denied(.transition)), { state in
                var rulings = Rulings(agent: agent)
                rulings.put(deny)
                state.set(rulings)
            }),
            (.forbidden(.agentStopped), { state in
                var rulings = Rulings(agent: agent)
                rulings.stopped = World.time
                state.set(rulings)
            }),
            (.forbidden(.fleetStopped), { state in
                state.set(FleetStop(owner: World.ada, stopped: World.time))
            }),
            (.forbidden(.chainStopped), { state in
                state.set(ChainStop(stopped: World.time, epoch: 0, votes: []))
            }),
            (.limits(.kindNotAllowed(.transition)), { state in
                state.set(law { $0.allowed = KindSet() })
            }),
        ]
        var state = world.state
        for (expected, spoil) in rows {
            spoil(&state)
            _ = state.takeChanges()
            #expect(submit(command, &state) == .failure(.law(expected)))
            #expect(state.takeChanges().isEmpty)
        }
    }

    @Test func aStoppedAgentsTransitionIsRefused() throws {
        var world = try AgentWorld([TestPrograms.adder])
        world.say(0, [1])
        let before = world.state.instance(agent)
        try world.run(.law(.stop(.agent(agent))))
        #expect(throws: LedgerFailure.law(.forbidden(.agentStopped))) { try world.submitAll(0) }
        #expect(world.state.instance(agent) == before)
    }

    @Test func transitionsCount() throws {
        let (world, command) = try ready()
        var state = world.state
        state.set(law { $0.limits.actionsPerHour = 1 })
        #expect((try? submit(command, &state).get()) != nil)
        #expect(state.conduct(agent)?.total == 1)
        #expect(
            submit(command, &state) == .failure(.law(.limits(.tooManyActions(most: 1)))))
        #expect(state.conduct(agent)?.total == 1)
    }

    @Test func withoutAConstitutionNothingIsKept() throws {
        let (world, command) = try ready()
        var state = world.state
        #expect((try? submit(command, &state).get()) != nil)
        #expect(state.conduct(agent) == nil)
    }
}
