// An agent reads another's state: what is shown must be of the accepted root, and nothing else is.
import Agents
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct StateReadTests {
    private let owner = AgentWorld.agent(0)
    private let reader = AgentWorld.agent(1)

    /// The heap of the adder begins with its sum.
    private func leaves(from first: UInt64 = 2) throws -> HostRequest.Leaves {
        try #require(HostRequest.Leaves(first: first, count: 2))
    }

    /// The adder has the sum 42, and the asker waits for the leaves of its heap.
    private func waiting(_ change: (inout AgentWorld) -> Void = { _ in }) throws -> AgentWorld {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
        change(&world)
        world.say(0, [40, 2])
        try world.submitAll(0)
        world.say(1, HostRequest.state(owner, try leaves()).frame)
        try world.submitAll(1)
        return world
    }

    private func proof(_ world: AgentWorld) throws -> Multiproof {
        try #require(world.instances[0].shown(leaves()))
    }

    private func show(_ proof: Multiproof, _ world: inout AgentWorld) throws -> Effect {
        try world.run(.transition(.show(owner, to: reader, proof)))
    }

    @Test func theStateIsShownAndTheReaderGoesOn() throws {
        var world = try waiting()
        let place = try #require(world.state.instance(owner))
        let height = AgentHeight(agent: owner, sequence: place.sequence)
        #expect(try show(proof(world), &world) == .stateShown(height, to: reader))
        let answer = try #require(world.state.instance(reader)?.call?.answer)
        #expect(answer.by == Dependency(height: height, root: place.root))
        #expect(answer.words.count == 16 && answer.words[0] == 42)
        try world.answer(1, answer.words)
        #expect(try world.submitAll(1) == [16 << 32] + answer.words)
        // The causal order knows of it.
        #expect(world.state.instance(reader)?.clock == [height])
    }

    @Test func theDependencyIsDemanded() throws {
        var world = try waiting()
        _ = try show(proof(world), &world)
        let answer = try #require(world.state.instance(reader)?.call?.answer)
        world.tell(1, .answered(HostAnswer(.done, answer.words), by: nil))
        #expect(throws: LedgerFailure.transitions(.wrongDependencies)) { try world.submitAll(1) }
    }

    @Test func forgedStatesAreRefused() throws {
        var world = try waiting()
        let place = try #require(world.state.instance(owner))
        let good = try proof(world)
        var forged: [Multiproof] = []
        for index in 0...1 {
            var one = good
            one.leaves[index].bytes[7] ^= 1
            forged.append(one)
            one = good
            one.leaves[index].index += 1
            forged.append(one)
        }
        for index in good.siblings.indices {
            var one = good
            one.siblings[index] = Digest(repeating: 1)
            forged.append(one)
        }
        var short = good
        short.siblings.removeLast()
        var fewer = good
        fewer.leaves.removeLast()
        let elsewhere = try #require(world.instances[0].shown(leaves(from: 3)))
        // Of another agent's state, which is a good proof of that.
        let foreign = try #require(world.instances[1].shown(leaves()))
        forged += [short, fewer, elsewhere, foreign]
        let before = world.state.instance(reader)
        for one in forged {
            #expect(
                throws: LedgerFailure.transitions(
                    .wrongState(sequence: place.sequence, root: place.root))
            ) { try show(one, &world) }
        }
        #expect(world.state.instance(reader) == before)
        _ = try show(good, &world)
    }

    @Test func aStateThatIsPastIsRefused() throws {
        var world = try waiting()
        let old = try proof(world)
        world.say(0, [1])
        try world.submitAll(0)
        let place = try #require(world.state.instance(owner))
        #expect(
            throws: LedgerFailure.transitions(
                .wrongState(sequence: place.sequence, root: place.root))
        ) { try show(old, &world) }
        _ = try show(proof(world), &world)
        #expect(world.state.instance(reader)?.call?.answer?.words.first == 43)
    }

    @Test func whoDidNotAskIsShownNothing() throws {
        var world = try waiting()
        let good = try proof(world)
        #expect(throws: LedgerFailure.transitions(.notAsked)) {
            try world.run(.transition(.show(reader, to: owner, good)))
        }
        var request = Request(.transition(.show(owner, to: reader, good)), state: world.state)
        request.key = TestKey.stranger
        #expect(outcome(&request) == .failure(.transitions(.notAllowed)))
        request.key = AgentWorld.agentKeys[0]
        #expect((try? outcome(&request).get()) != nil)
        _ = try show(good, &world)
        #expect(throws: LedgerFailure.transitions(.notAsked)) { try show(good, &world) }
    }

    @Test func itIsNoCall() throws {
        var world = try waiting()
        try world.deliver(from: 1, to: 0, [2, 2])
        #expect(throws: LedgerFailure.transitions(.callUnknown(reader))) {
            try world.submitAll(0)
        }
    }

    @Test func whoKeepsItsStateSaysNo() throws {
        var world = try waiting { world in
            guard var instance = world.state.instance(owner) else { return }
            instance.policy.isReadable = false
            world.state.set(instance)
        }
        try world.answer(1, [])
        #expect(try world.submitAll(1) == [UInt64(HostAnswer.Status.refused.rawValue)])
    }

    @Test func leavesBeyondTheStateAreRefused() throws {
        let program = try AgentWorld([TestPrograms.adder]).instances[0].program
        for (first, isThere) in [
            (program.windowLeafCount - 2, true), (program.windowLeafCount - 1, false),
        ] {
            var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker])
            let leaves = try leaves(from: UInt64(first))
            world.say(1, HostRequest.state(owner, leaves).frame)
            try world.submitAll(1)
            let answer = world.state.instance(reader)?.call?.answer
            #expect(answer?.status == (isThere ? nil : .refused))
            #expect((world.instances[0].shown(leaves) != nil) == isThere)
        }
        #expect(HostRequest.Leaves(first: 0, count: 0) == nil)
        #expect(HostRequest.Leaves(first: 0, count: 65) == nil)
        #expect(HostRequest.Leaves(first: 1 << 32, count: 1) == nil)
    }
}
