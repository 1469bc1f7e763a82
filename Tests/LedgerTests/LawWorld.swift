// The world with money: Ada and Bo hold the seats of the genesis, and agents have keys.
import Cryptography
import Primitives
import Records

@testable import Ledger

extension TestKey {
    /// The agents' own keys.
    static let scout = key(11)
    static let other = key(12)
    /// Owners that look after others' agents.
    static let guardians = [key(21), key(22), key(23)]
}

extension Amount {
    static func credits(_ count: UInt128) -> Amount {
        Amount(nanoCredits: count * 1_000_000_000)
    }
}

extension World {
    static let adaAccount = AccountID(ada)
    static let boAccount = AccountID(bo)
    static let scoutAccount = AccountID(scout)
    static let otherAccount = AccountID(other)
    static let guardians = TestKey.guardians.map { OwnerID(firstKey: $0.publicKey) }

    /// Each of Ada and Bo starts with half of the supply; `scout` and `other` get 1,000 credits.
    static func rich() throws -> LedgerState {
        let members = [TestKey.ada, TestKey.bo].map {
            CommitteeMember(key: $0.publicKey, address: "")
        }
        var state = LedgerState(
            chain: chain, first: EpochCommittee(epoch: 0, start: time, members: members))
        for operation in operations() { _ = try Ledger.apply(operation, at: time, to: &state) }
        for (owner, key, agent, agentKey) in [
            (ada, TestKey.ada, scout, TestKey.scout), (bo, TestKey.bo, other, TestKey.other),
        ] {
            let proof = Request.proof(agentKey, owner: owner, for: .agent)
            for command: Command in [
                .agent(.setKey(agent, agentKey.publicKey, proof: proof)),
                .law(
                    .transfer(
                        Transfer(
                            from: AccountID(owner), to: AccountID(agent),
                            amount: .credits(1_000)))),
            ] { try run(command, by: key, for: owner, in: &state) }
        }
        for (number, key) in TestKey.guardians.enumerated() {
            let owner = guardians[number]
            try run(.owner(.register(name: "g\(number)")), by: key, for: owner, in: &state)
        }
        for (agent, owner, key) in [(scout, ada, TestKey.ada), (other, bo, TestKey.bo)] {
            try run(.law(.enact(constitution(of: agent))), by: key, for: owner, in: &state)
        }
        _ = state.takeChanges()
        return state
    }

    /// Everything is allowed; two of three guardians approve what needs it.
    static func constitution(of agent: AgentID, version: UInt64 = 1) -> Constitution {
        var law = Constitution(agent: agent, version: version)
        law.limits = .none
        law.allowed = .all
        law.guardians = guardians.sorted()
        law.approvals.threshold = 2
        return law
    }

    @discardableResult static func run(
        _ command: Command, by key: SigningKey, for owner: OwnerID, at time: Instant = time,
        in state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        let operation = SignedOperation(
            chain: chain, owner: owner, sequence: state.lastSequence(of: key.publicKey) + 1,
            command: command, key: key)
        return try Ledger.apply(operation, at: time, to: &state)
    }
}

extension Request {
    /// A command of the law, by scout's own key.
    init(asScout command: LawCommand, _ state: LedgerState) {
        self.init(.law(command), state: state)
        key = TestKey.scout
    }
}

/// A ledger on which one command after the other is given, at a time that goes on.
struct Stage {
    var state: LedgerState
    var time = World.time

    init() throws { state = try World.rich() }

    /// A world in which scout's constitution was changed.
    init(_ change: (inout Constitution) -> Void) throws {
        try self.init()
        try enact(change)
    }

    /// The next version of scout's constitution.
    mutating func enact(_ change: (inout Constitution) -> Void) throws {
        let version = (state.constitution(World.scout)?.version ?? 0) + 1
        var law = World.constitution(of: World.scout, version: version)
        change(&law)
        _ = try give(.enact(law), by: TestKey.ada).get()
    }

    mutating func wait(_ nanoseconds: UInt64) {
        time = time.advanced(byNanoseconds: nanoseconds)
    }

    /// What came of a command that the owner of `key` gives, or the agent whose key it is.
    @discardableResult mutating func give(
        _ command: LawCommand, by key: SigningKey = TestKey.scout
    ) -> Result<LawEffect, LedgerFailure> {
        let agents = [TestKey.scout.publicKey: World.ada, TestKey.other.publicKey: World.bo]
        let owner = agents[key.publicKey] ?? OwnerID(firstKey: key.publicKey)
        do throws(LedgerFailure) {
            let effect = try World.run(
                .law(command), by: key, for: owner, at: time, in: &state)
            guard case .law(let inner) = effect else { preconditionFailure("not of the law") }
            return .success(inner)
        } catch {
            return .failure(error)
        }
    }

    /// Scout moves so many credits to Bo.
    @discardableResult mutating func pay(
        _ credits: UInt128, under mandate: MandateID = MandateID()
    ) -> Result<LawEffect, LedgerFailure> {
        give(
            .transfer(
                Transfer(
                    from: World.scoutAccount, to: World.boAccount, amount: .credits(credits),
                    mandate: mandate)))
    }

    /// Scout's next batch, of so many records of a kind.
    mutating func record(
        _ count: Int = 1, _ change: (inout Record) -> Void = { _ in }
    ) -> Result<Effect, LedgerFailure> {
        var submission = Submission(state: state)
        var record = Submission.record(World.scout)
        change(&record)
        submission.records = Array(repeating: record, count: count)
        submission.time = time
        let found = outcome(&submission)
        state = submission.state
        return found
    }

    func credits(_ id: AccountID) -> UInt128 {
        state.account(id).balance.nanoCredits / 1_000_000_000
    }
}

extension Result where Success == LawEffect, Failure == LedgerFailure {
    /// The failure of the law, where it is one.
    var refusal: LawFailure? {
        if case .failure(.law(let failure)) = self { return failure }
        return nil
    }
}
