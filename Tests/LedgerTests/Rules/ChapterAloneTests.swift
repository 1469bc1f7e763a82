// Each chapter run over a struct of a few fields: it changes nothing but its slice of the state.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

/// Lists instead of dictionaries: the chapters see only the protocols.
private struct Slice: IdentityState, AgentsState, RecordingState {
    var chain = World.chain
    var records: UInt64 = 0
    var owners: [Owner] = []
    var agents: [Agent] = []
    var submitters: [Submitter] = []
    var grants: [Grant] = []
    var usages: [Usage] = []
    var metered: [AccountID: Meter] = [:]

    func owner(_ id: OwnerID) -> Owner? { owners.last { $0.id == id } }
    func agent(_ id: AgentID) -> Agent? { agents.last { $0.id == id } }
    func submitter(_ id: SubmitterID) -> Submitter? { submitters.last { $0.id == id } }
    func usage(_ agent: AgentID) -> Usage? { usages.last { $0.agent == agent } }
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant? {
        grants.last { $0.owner == owner && $0.submitter == submitter }
    }
    mutating func set(_ owner: Owner) { owners.append(owner) }
    mutating func set(_ agent: Agent) { agents.append(agent) }
    mutating func set(_ submitter: Submitter) { submitters.append(submitter) }
    mutating func set(_ grant: Grant) { grants.append(grant) }
    mutating func add(_ more: Usage, at time: Instant) {
        var usage = usage(more.agent) ?? Usage(agent: more.agent)
        usage.add(more, at: time)
        usages.append(usage)
    }
    func quota(_ account: AccountID) -> Quota? { nil }
    func meter(_ account: AccountID) -> Meter? { metered[account] }
    mutating func add(_ more: Quantities, to account: AccountID, at time: Instant) {
        metered[account, default: Meter(account: account)].add(more, at: time)
    }

    /// How many times each kind of entry was written.
    var writes: [Int] {
        [owners.count, agents.count, submitters.count, grants.count, usages.count]
    }
}

@Suite struct ChapterAloneTests {
    private let key = TestKey.ada.publicKey

    private func registered() throws -> Slice {
        var slice = Slice()
        _ = try slice.apply(
            OwnerCommand.register(name: "Ada"), owner: World.ada, key: key, at: World.time,
            proofs: .open)
        return slice
    }

    @Test func identity() throws {
        var slice = try registered()
        #expect(slice.writes == [1, 0, 0, 0, 0])
        let submitter = TestKey.submitter.publicKey
        let authorize = OwnerCommand.authorize(submitter: submitter, rights: .all)
        let effect = try slice.apply(
            authorize, owner: World.ada, key: key, at: World.time, proofs: .open)
        #expect(effect == .submitterAuthorized(World.submitter, by: World.ada))
        _ = try slice.apply(authorize, owner: World.ada, key: key, at: World.time, proofs: .open)
        #expect(slice.writes == [1, 0, 1, 2, 0])
        #expect(throws: IdentityFailure.lastKey) {
            try slice.apply(
                .revokeKey(key), owner: World.ada, key: key, at: World.time, proofs: .open)
        }
        #expect(slice.writes == [1, 0, 1, 2, 0])
    }

    @Test func agents() throws {
        var slice = try registered()
        let command = AgentCommand.register(name: "scout", profile: AgentProfile())
        let effect = try slice.apply(
            command, owner: World.ada, key: key, at: World.time, proofs: .open)
        #expect(effect == .agentRegistered(World.scout))
        #expect(slice.writes == [1, 1, 0, 0, 0])
        #expect(throws: AgentsFailure.agentExists) {
            try slice.apply(command, owner: World.ada, key: key, at: World.time, proofs: .open)
        }
        #expect(slice.writes == [1, 1, 0, 0, 0])
    }

    @Test func recording() throws {
        var submission = try Submission()
        let world = submission.state
        var slice = Slice()
        slice.agents = [try #require(world.agent(World.scout))]
        slice.submitters = [try #require(world.submitter(World.submitter))]
        slice.grants = [try #require(world.grant(World.ada, World.submitter))]
        slice.agents[0].status = .registered
        submission.records.append(Submission.record(World.scout))
        let batch = submission.batch
        let effect = try slice.apply(batch, at: World.time)
        #expect(effect == .batchAccepted(batch.digest, submitter: World.submitter))
        #expect(slice.writes == [0, 2, 2, 1, 1] && slice.records == 2)
        #expect(slice.agent(World.scout)?.status == .active)
        #expect(throws: RecordingFailure.replayed(sequence: 2, last: 2)) {
            try slice.apply(batch, at: World.time)
        }
        #expect(slice.writes == [0, 2, 2, 1, 1] && slice.records == 2)
    }
}
