// The world with money: Ada and Bo hold the seats of the genesis, and agents have keys.
import Cryptography
import Primitives

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
        _ = state.takeChanges()
        return state
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
