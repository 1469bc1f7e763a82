// Programs are registered and agents get them: refusals in order, and what is kept.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct SpawnTests {
    private func failure(_ failure: TransitionsFailure) -> LedgerFailure {
        .transitions(failure)
    }

    @Test func registerLadder() throws {
        let bytes = try AgentWorld.program(TestPrograms.adder)
        let identity = try AgentProgram(decoding: bytes).identity
        climb(
            try Request(.transition(.register(program: bytes))), to: .programRegistered(identity),
            [
                Rung(failure(.programExists)) { _ = outcome(&$0) },
                Rung(failure(.invalidProgram(.malformed(DecodingFailure(.truncated, at: 0))))) {
                    $0.command = .transition(.register(program: [1, 2]))
                },
                Rung(failure(.notAllowed)) { $0.key = TestKey.stranger },
                Rung(failure(.ownerUnknown)) { $0.owner = OwnerID() },
            ])
    }

    /// Ada has an agent with a key and a program is there.
    private func ready() throws -> Request {
        var request = try Request(
            .transition(.register(program: try AgentWorld.program(TestPrograms.adder))))
        request.state.set(Account(id: World.adaAccount, balance: AgentWorld.money))
        _ = try request.run()
        let key = AgentWorld.agentKeys[0]
        let proof = key.sign(KeyProof.message(for: .agent, chain: World.chain, owner: World.ada))
        request.command = .agent(.setKey(World.scout, key.publicKey, proof: proof))
        _ = try request.run()
        let program = try AgentProgram(decoding: AgentWorld.program(TestPrograms.adder)).identity
        request.command = .transition(.spawn(AgentWorld.spawn(0, program)))
        return request
    }

    @Test func spawnLadder() throws {
        let good = try ready()
        func change(_ change: @escaping (inout Spawn) -> Void) -> (inout Request) -> Void {
            { request in
                guard case .transition(.spawn(var spawn)) = request.command else { return }
                change(&spawn)
                request.command = .transition(.spawn(spawn))
            }
        }
        let root = try AgentProgram(decoding: AgentWorld.program(TestPrograms.adder)).initialRoot
        climb(
            good, to: .agentSpawned(World.scout, root: root),
            [
                Rung(failure(.insufficient(balance: .credits(9)))) {
                    $0.state.set(Account(id: World.adaAccount, balance: .credits(9)))
                },
                Rung(
                    failure(.depositTooLarge),
                    change { $0.account.deposit = InstanceAccount.mostDeposit + 1 }),
                Rung(failure(.evidenceNotAccepted), change { $0.policy.evidence = .proof }),
                Rung(failure(.noKey)) {
                    let command = $0.command
                    $0.command = .agent(.setKey(World.scout, PublicKey(), proof: Signature()))
                    _ = outcome(&$0)
                    $0.command = command
                },
                Rung(failure(.agentNotActive), change { $0.agent = World.idle }),
                Rung(failure(.programUnknown), change { $0.program = Digest() }),
                Rung(failure(.notAllowed)) { $0.key = TestKey.stranger },
                Rung(failure(.agentUnknown), change { $0.agent = World.other }),
                Rung(failure(.ownerUnknown)) { $0.owner = OwnerID() },
            ])
        var twice = good
        _ = try twice.run()
        #expect(outcome(&twice) == .failure(failure(.instanceExists)))
    }

    @Test func deposits() throws {
        var request = try ready()
        request.command = .transition(.deposit(World.scout, microCredits: 5))
        #expect(outcome(&request) == .failure(failure(.instanceUnknown)))
        var spawned = try ready()
        _ = try spawned.run()
        spawned.command = .transition(.deposit(World.scout, microCredits: 5))
        #expect(outcome(&spawned) == .success(.deposited(World.scout, microCredits: 5)))
        let held = try #require(spawned.state.instance(World.scout)).account.deposit
        #expect(held == AgentWorld.account.deposit + 5)
        for amount in [InstanceAccount.mostDeposit, UInt64.max] {
            spawned.command = .transition(.deposit(World.scout, microCredits: amount))
            #expect(outcome(&spawned) == .failure(failure(.depositTooLarge)))
        }
    }

    @Test func fees() {
        #expect(TransitionFee.of(steps: 1_000, bytes: 100 << 10) == 210_000)
        #expect(TransitionFee.of(steps: 5_000, bytes: 100 << 10) == 610_000)
        #expect(TransitionFee.of(steps: 0, bytes: 1) == 11_000)
        #expect(TransitionFee.of(steps: .max, bytes: 1) == nil)
    }
}
