// The agents chapter: each command's effect, its refusals in their order, the life cycle.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct AgentsTests {
    private let long = AgentProfile(version: String(repeating: "1", count: 65))

    /// The last rungs of every command.
    private func stranger() -> [Rung<Request>] {
        [
            Rung(.agents(.notAllowed)) { $0.key = TestKey.bo },
            Rung(.agents(.ownerUnknown)) { $0.owner = OwnerID(repeating: 7) },
        ] + .beforeChapters(expecting: 3)
    }

    /// The rungs for a command that names an agent.
    private func named(_ command: @escaping (AgentID) -> AgentCommand) -> [Rung<Request>] {
        [
            Rung(.agents(.agentRetired)) { $0.command = .agent(command(World.gone)) },
            Rung(.agents(.agentUnknown)) { $0.command = .agent(command(World.other)) },
            Rung(.agents(.agentUnknown)) { $0.command = .agent(command(World.unknown)) },
        ]
    }

    @Test func register() throws {
        let profile = AgentProfile(
            version: "2", capabilities: ["search"], metadata: Digest(repeating: 1))
        var request = try Request(.agent(.register(name: "new", profile: profile)))
        let long = long
        let id = AgentID(owner: World.ada, name: "new")
        climb(
            request, to: .agentRegistered(id),
            [
                Rung(.agents(.agentExists)) {
                    $0.command = .agent(.register(name: "scout", profile: profile))
                },
                Rung(.agents(.invalidProfile)) {
                    $0.command = .agent(.register(name: "scout", profile: long))
                },
            ] + stranger())
        _ = try request.run()
        let agent = try #require(request.state.agent(id))
        #expect(agent.profile == profile && agent.status == .registered)
        #expect(agent.owner == World.ada && agent.registered == World.time && agent.key.isZero)
    }

    @Test func submittersRegisterWhereTheyMay() throws {
        let table: [(rights: SubmitterRights, inForce: Bool, owner: OwnerID, allowed: Bool)] = [
            (.registerAgents, true, World.ada, true), ([], true, World.ada, false),
            (.registerAgents, false, World.ada, false), (.registerAgents, true, World.bo, false),
        ]
        for row in table {
            var request = try Request(.agent(.register(name: "new", profile: AgentProfile())))
            request.key = TestKey.submitter
            request.owner = row.owner
            let grant = Grant(
                owner: World.ada, submitter: World.submitter, rights: row.rights,
                inForce: row.inForce)
            try request.state.restore(.grant(World.ada, World.submitter), from: grant.encoded)
            let expected: Result<Effect, LedgerFailure> =
                row.allowed
                ? .success(.agentRegistered(AgentID(owner: World.ada, name: "new")))
                : .failure(.agents(.notAllowed))
            #expect(outcome(&request) == expected, "\(row)")
        }
    }

    @Test func submittersDoNothingElse() throws {
        let commands: [AgentCommand] = [
            .update(World.scout, profile: AgentProfile()), .setStatus(World.scout, .suspended),
            .setKey(World.scout, PublicKey(), proof: Signature()),
        ]
        for command in commands {
            var request = try Request(.agent(command))
            request.key = TestKey.submitter
            #expect(outcome(&request) == .failure(.agents(.notAllowed)), "\(command)")
        }
    }

    @Test func update() throws {
        let profile = AgentProfile(version: "2", capabilities: ["a", "b"])
        let long = long
        var request = try Request(.agent(.update(World.scout, profile: profile)))
        let rungs: [Rung<Request>] =
            named { .update($0, profile: profile) } + [
                Rung(.agents(.invalidProfile)) {
                    $0.command = .agent(.update(World.unknown, profile: long))
                }
            ] + stranger()
        climb(request, to: .agentChanged(World.scout), rungs)
        let before = try #require(request.state.agent(World.scout))
        _ = try request.run()
        let after = try #require(request.state.agent(World.scout))
        #expect(after.profile == profile && after.status == before.status)
        #expect(after.name == before.name && after.registered == before.registered)
    }

    @Test func setStatus() throws {
        let request = try Request(.agent(.setStatus(World.scout, .suspended)))
        let rungs: [Rung<Request>] =
            [
                Rung(.agents(.invalidTransition)) {
                    $0.command = .agent(.setStatus(World.scout, .registered))
                }
            ] + named { .setStatus($0, .registered) } + stranger()
        climb(request, to: .agentChanged(World.scout), rungs)
    }

    @Test func setKey() throws {
        let key = TestKey.key(8)
        let proof = Request.proof(key, for: .agent)
        var request = try Request(.agent(.setKey(World.scout, key.publicKey, proof: proof)))
        let rungs: [Rung<Request>] =
            [
                Rung(.agents(.invalidProof)) {
                    $0.command = .agent(
                        .setKey(World.scout, key.publicKey, proof: Request.proof(key)))
                }
            ] + named { .setKey($0, key.publicKey, proof: Signature()) } + stranger()
        climb(request, to: .agentChanged(World.scout), rungs)
        _ = try request.run()
        #expect(request.state.agent(World.scout)?.key == key.publicKey)
        request.command = .agent(.setKey(World.scout, PublicKey(), proof: Signature()))
        _ = try request.run()
        #expect(request.state.agent(World.scout)?.key == PublicKey())
    }

    /// Every pair of statuses; what is not listed is refused.
    @Test func lifeCycle() throws {
        let allowed: [AgentStatus: [AgentStatus]] = [
            .registered: [.active, .suspended, .retired], .active: [.suspended, .retired],
            .suspended: [.active, .retired], .retired: [],
        ]
        for status in AgentStatus.allCases {
            for next in AgentStatus.allCases {
                let mayBecome = allowed[status]?.contains(next) == true
                #expect(status.mayBecome(next) == mayBecome, "\(status) to \(next)")
                var request = try Request(.agent(.setStatus(World.scout, next)))
                var agent = try #require(request.state.agent(World.scout))
                agent.status = status
                try request.state.restore(.agent(World.scout), from: agent.encoded)
                let refusal: AgentsFailure =
                    status == .retired ? .agentRetired : .invalidTransition
                let expected: Result<Effect, LedgerFailure> =
                    mayBecome ? .success(.agentChanged(World.scout)) : .failure(.agents(refusal))
                #expect(outcome(&request) == expected, "\(status) to \(next)")
                let found = request.state.agent(World.scout)?.status
                #expect(found == (mayBecome ? next : status), "\(status) to \(next)")
            }
        }
    }

    @Test func profiles() {
        let table: [(AgentProfile, Bool)] = [
            (AgentProfile(), true),
            (AgentProfile(version: String(repeating: "1", count: 64)), true),
            (AgentProfile(version: String(repeating: "1", count: 65)), false),
            (AgentProfile(version: "1\n"), false),
            (AgentProfile(capabilities: Array(repeating: "a", count: 64)), true),
            (AgentProfile(capabilities: Array(repeating: "a", count: 65)), false),
            (AgentProfile(capabilities: ["a", ""]), false),
            (AgentProfile(capabilities: ["\u{1}"]), false),
            (AgentProfile(capabilities: [String(repeating: "a", count: 257)]), false),
        ]
        for (index, row) in table.enumerated() {
            #expect(row.0.isValid == row.1, "row \(index)")
        }
    }
}
