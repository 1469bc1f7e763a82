// Transitions accepted on their proof alone, and what each fault in them is refused as.
import Agents
import ExecutionProof
import Primitives
import Prover
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct ProvenTransitionTests {
    /// A transition of agent 0, signed anew after each fault.
    private struct Proven: Attempt {
        var world: AgentWorld
        var transition: Transition

        var state: LedgerState { world.state }

        mutating func run() throws(LedgerFailure) -> Effect {
            var transition = transition
            transition.signed = SignedHeader(
                signing: transition.header, key: AgentWorld.agentKeys[0])
            let operation = SignedOperation(
                chain: World.chain, owner: World.ada,
                sequence: world.state.lastSequence(of: TestKey.ada.publicKey) + 1,
                command: .transition(.submit(transition)), key: TestKey.ada)
            return try Ledger.apply(operation, at: World.time, to: &world.state)
        }

        mutating func change(_ change: (inout TransitionHeader) -> Void) {
            change(&transition.signed.header)
        }

        mutating func exchange(_ change: (inout Exchange) -> Void) {
            change(&transition.exchange)
            transition.signed.header.exchange = transition.exchange.digest
        }

        mutating func chain(_ change: (inout ProofChain) -> Void) {
            guard case .proof(let bytes) = transition.evidence,
                var chain = try? ProofChain(decoding: bytes)
            else { return }
            change(&chain)
            transition.evidence = .proof(chain.encoded)
        }

        mutating func statement(_ change: (inout Statement) -> Void) {
            chain { change(&$0.proofs[0].proof.statements[0]) }
        }
    }

    private func evidence(
        _ world: AgentWorld, _ number: Int = 0, segmentSteps: Int = 1 << 14
    ) throws -> Evidence {
        let instance = world.instances[number]
        let prover = SegmentProver(
            try ProvableAgent(instance.program), workers: Workers(count: 2),
            segmentSteps: segmentSteps)
        return try prover.evidence(
            of: try #require(world.drafts[number]), from: instance.image)
    }

    /// An agent that was asked, and asks its host for its identity and the time.
    private func ready(
        _ accepted: AcceptedEvidence = .all, segmentSteps: Int = 1 << 14
    ) throws -> Proven {
        var world = try AgentWorld([TestPrograms.asker], accepting: accepted)
        world.now = World.time.advanced(byNanoseconds: 5)
        world.say(0, HostRequest.identity.frame)
        var proven = Proven(world: world, transition: try world.transition(0))
        proven.world.now = World.time
        proven.change { $0.time = World.time }
        proven.transition.evidence = try evidence(world, segmentSteps: segmentSteps)
        return proven
    }

    private func refused(_ failure: TransitionProofFailure) -> LedgerFailure {
        .transitions(.proof(failure))
    }

    @Test func aProofIsAcceptedWhereTheChainSaysSo() throws {
        for accepted in [AcceptedEvidence.proof, .all] {
            var good = try ready(accepted)
            let header = good.transition.header
            let height = AgentHeight(agent: header.agent, sequence: 1)
            #expect(try good.run() == .transitionAccepted(height, root: header.newRoot))
            #expect(good.state.instance(header.agent)?.root == header.newRoot)
        }
    }

    @Test func evidenceOfAnotherKindIsRefused() throws {
        var proof = try ready(.reexecution)
        #expect(outcome(&proof) == .failure(.transitions(.evidenceNotAccepted)))
        var rerun = try ready(.proof)
        rerun.transition.evidence = try rerun.world.transition(0).evidence
        let before = rerun.state
        #expect(outcome(&rerun) == .failure(.transitions(.evidenceNotAccepted)))
        expectUnchanged(rerun.state, since: before, "kind", #_sourceLocation)
    }

    /// A run of all its turns, cut into segments of a few steps.
    @Test func segmentsChain() throws {
        var good = try ready(segmentSteps: 4)
        guard case .proof(let bytes) = good.transition.evidence else { return }
        let proofs = try ProofChain(decoding: bytes).proofs
        #expect(proofs.count > 2)
        let before = good.state
        var wrong = good
        wrong.chain { $0.proofs.remove(at: 1) }
        #expect(outcome(&wrong) != .success(try good.run()))
        expectUnchanged(wrong.state, since: before, "a segment", #_sourceLocation)
        wrong.chain { $0.proofs.swapAt(0, 1) }
        #expect(outcome(&wrong) == .failure(refused(.wrongOldRoot)))
    }

    @Test func eachFaultHasItsName() throws {
        let good = try ready()
        let effort = good.transition.header.effort
        typealias Fault = (name: String, failure: TransitionProofFailure, (inout Proven) -> Void)
        let faults: [Fault] = [
            ("exchange", .wrongOutput, { $0.exchange { $0.output[0] ^= 1 } }),
            ("request", .wrongRequests, { $0.exchange { $0.requests.append(1) } }),
            (
                "message", .wrongWord(run: 0, step: 4),
                { $0.exchange { $0.messages[0].words[0] ^= 1 << 60 } }
            ),
            ("no message", .wrongWord(run: 0, step: 0), { $0.exchange { $0.messages = [] } }),
            (
                "another message", .unreadInput,
                { $0.exchange { $0.messages.append(Message([1])) } }
            ),
            ("new root", .wrongNewRoot, { $0.change { $0.newRoot = Digest() } }),
            ("old root", .wrongOldRoot, { $0.statement { $0.before = Digest() } }),
            (
                "gas", .wrongEffort(steps: effort.steps, gas: effort.gas),
                { $0.change { $0.effort.gas -= 1 } }
            ),
            (
                "steps", .wrongEffort(steps: effort.steps, gas: effort.steps),
                { $0.change { $0.effort.steps -= 1 } }
            ),
            ("turns", .wrongEnd, { $0.change { $0.effort.turns += 1 } }),
            ("end", .wrongEnd, { $0.change { $0.end = .exited } }),
            (
                "program", .chain(.refused(proof: 0, .proof(.claim(.wrongProgram)))),
                { $0.statement { $0.program = Digest() } }
            ),
            (
                "gas of the proof", .chain(.refused(proof: 0, .proof(.claim(.gas)))),
                { $0.statement { $0.gas -= 1 } }
            ),
        ]
        for fault in faults {
            var spoiled = good
            fault.2(&spoiled)
            let before = spoiled.state
            #expect(outcome(&spoiled) == .failure(refused(fault.failure)), "\(fault.name)")
            expectUnchanged(spoiled.state, since: before, fault.name, #_sourceLocation)
        }
    }

    /// The same run would have been told another identity.
    @Test func theProofOfAnotherAgent() throws {
        var world = try AgentWorld([TestPrograms.asker, TestPrograms.asker], accepting: .proof)
        for number in 0..<2 { world.say(number, HostRequest.identity.frame) }
        var transition = try world.transition(0)
        let other = try #require(world.drafts[1])
        transition.evidence = try evidence(world, 1)
        transition.signed.header.newRoot = other.header.newRoot
        var stolen = Proven(world: world, transition: transition)
        let before = stolen.state
        guard case .failure(.transitions(.proof(.wrongWord))) = outcome(&stolen) else {
            Issue.record("another agent's identity was taken")
            return
        }
        expectUnchanged(stolen.state, since: before, "agent", #_sourceLocation)
    }

    /// Proves and submits what an agent made, until it makes nothing more.
    private func submitProven(
        _ world: inout AgentWorld, _ number: Int
    ) throws -> [TransitionEnd] {
        var ends: [TransitionEnd] = []
        while world.drafts[number] != nil {
            var transition = try world.transition(number)
            transition.evidence = try evidence(world, number)
            world.drafts[number] = nil
            try world.run(.transition(.submit(transition)))
            ends.append(transition.header.end)
            let place = try #require(world.state.instance(AgentWorld.agent(number)))
            world.tell(number, .ledger(sequence: place.sequence, root: place.root))
        }
        return ends
    }

    /// One agent calls another on a chain that believes nothing but proofs.
    @Test func aCallIsAnswered() throws {
        var world = try AgentWorld([TestPrograms.adder, TestPrograms.asker], accepting: .proof)
        world.say(1, HostRequest.call(AgentWorld.agent(0), [20, 22]).frame)
        #expect(try submitProven(&world, 1).last == .unanswered)
        try world.deliver(from: 1, to: 0, [20, 22])
        #expect(try submitProven(&world, 0).contains(.yielded))
        try world.answer(1, [42])
        #expect(try submitProven(&world, 1).first == .yielded)
        #expect(world.state.instance(AgentWorld.agent(1))?.call == nil)
    }

    /// By `exit`, and by the end of its program.
    @Test(arguments: ["ecalli 3", "load_imm r3, 7\n jump_ind r0, 0"])
    func anAgentThatEnds(source: String) throws {
        var world = try AgentWorld([".stack 4096\n " + source], accepting: .proof)
        world.tell(0, .tick)
        #expect(try submitProven(&world, 0) == [.exited])
        #expect(world.state.instance(AgentWorld.agent(0))?.status == .ended)
    }

    /// What has no proof that fits is dropped, and the agent goes on.
    @Test func aWithdrawnTransition() throws {
        var world = try AgentWorld([TestPrograms.adder], accepting: .proof)
        world.say(0, [1])
        _ = try submitProven(&world, 0)
        let place = try #require(world.state.instance(AgentWorld.agent(0)))
        world.say(0, [40])
        #expect(world.drafts[0] != nil)
        world.drafts[0] = nil
        world.tell(0, .withdrawn)
        #expect(world.instances[0].submitted == nil && world.instances[0].root == place.root)
        world.say(0, [5])
        #expect(try world.transition(0).exchange.output == [6])
        _ = try submitProven(&world, 0)
        let next = try #require(world.state.instance(AgentWorld.agent(0)))
        #expect(next.sequence > place.sequence)
    }

    @Test func flippedBytes() throws {
        let good = try ready(.proof)
        guard case .proof(let bytes) = good.transition.evidence else { return }
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
            var spoiled = good
            var flipped = bytes
            flipped[place] ^= 1
            spoiled.transition.evidence = .proof(flipped)
            let before = spoiled.state
            guard case .failure(.transitions(.proof)) = outcome(&spoiled) else {
                Issue.record("byte \(place) does not count")
                continue
            }
            expectUnchanged(spoiled.state, since: before, "byte \(place)", #_sourceLocation)
        }
    }
}
