// Random certified items that often touch the same entries.
import Cryptography
import Primitives
import Records

@testable import Ledger

/// Makes items for a ledger with owners, submitters and validators; many fail, some are misplaced.
struct ItemMix {
    var state: LedgerState
    private let keys: [SigningKey]
    private let submitters = [TestKey.submitter, TestKey.stranger, TestKey.key(50)]
    private let agents = [World.scout, World.idle, World.gone, World.other, World.unknown]
    /// What each key and submitter has used up in the items made so far.
    private var sequences: [PublicKey: UInt64] = [:]
    private var heads: [SubmitterID: ChainHead] = [:]

    init() throws {
        keys = [TestKey.ada, TestKey.bo] + (0..<4).map { TestKey.validator($0) }
        let world = try World.seated()
        var state = LedgerState(chain: World.chain, first: World.committee(4))
        for key in World.keys {
            guard let bytes = world.encodedEntry(key) else { continue }
            try state.restore(key, from: bytes)
        }
        for key in [TestKey.stranger, TestKey.key(50)] {
            let id = SubmitterID(key: key.publicKey)
            state.set(Submitter(id: id, key: key.publicKey, sequence: 0, last: Digest()))
        }
        _ = state.takeChanges()
        self.state = state
    }

    mutating func items(_ count: Int, _ generator: inout SeededGenerator) -> [Item] {
        sequences = [:]
        heads = [:]
        return (0..<count).map { _ in
            if Int.random(in: 0..<3, using: &generator) == 0 { return batch(&generator) }
            return operation(&generator)
        }
    }

    private mutating func batch(_ generator: inout SeededGenerator) -> Item {
        let key = submitters[Int.random(in: 0..<3, using: &generator)]
        var submission = Submission(state: state)
        submission.key = key
        let id = SubmitterID(key: key.publicKey)
        let entry = state.submitter(id)
        let head = heads[id]
            ?? ChainHead(sequence: entry?.sequence ?? 0, last: entry?.last ?? Digest())
        submission.header.submitter = id
        submission.header.sequence = head.sequence + 1
        submission.header.previous = head.last
        submission.records = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            Submission.record(agents[Int.random(in: 0..<5, using: &generator)])
        }
        if Int.random(in: 0..<8, using: &generator) == 0 { submission.header.sequence += 1 }
        let batch = submission.batch
        if submission.header.sequence == head.sequence + 1 {
            heads[id] = ChainHead(sequence: head.sequence + 1, last: batch.digest)
        }
        let hasTotals = Bool.random(using: &generator)
        return .batch(batch, hasTotals ? BatchTotals(of: batch) : nil)
    }

    private mutating func operation(_ generator: inout SeededGenerator) -> Item {
        let key = keys[Int.random(in: 0..<keys.count, using: &generator)]
        let own = OwnerID(firstKey: key.publicKey)
        let owners = [own, own, own, World.ada]
        let owner = owners[Int.random(in: 0..<4, using: &generator)]
        let last = sequences[key.publicKey] ?? state.lastSequence(of: key.publicKey)
        var sequence = last + 1
        if Int.random(in: 0..<8, using: &generator) == 0 { sequence += 1 }
        if sequence == last + 1 { sequences[key.publicKey] = sequence }
        return .operation(
            SignedOperation(
                chain: World.chain, owner: owner, sequence: sequence,
                command: command(owner, &generator), key: key))
    }

    private func command(_ owner: OwnerID, _ generator: inout SeededGenerator) -> Command {
        let key = keys[Int.random(in: 0..<keys.count, using: &generator)]
        let agent = agents[Int.random(in: 0..<5, using: &generator)]
        let name = "agent \(Int.random(in: 0..<4, using: &generator))"
        let status = AgentStatus.allCases[Int.random(in: 0..<4, using: &generator)]
        let submitter = submitters[Int.random(in: 0..<3, using: &generator)].publicKey
        let proof = Request.proof(key, owner: owner)
        switch Int.random(in: 0..<17, using: &generator) {
        case 0: return .owner(.register(name: "x"))
        case 1: return .owner(.addKey(key.publicKey, proof: proof))
        case 2: return .owner(.revokeKey(key.publicKey))
        case 3: return .owner(.authorize(submitter: submitter, rights: .all))
        case 4: return .owner(.withdraw(submitter: submitter))
        case 5, 6: return .agent(.register(name: name, profile: AgentProfile()))
        case 7: return .agent(.update(agent, profile: AgentProfile(version: "9")))
        case 8:
            return .agent(.setStatus(AgentID(owner: owner, name: name), status))
        case 9:
            let proof = Request.proof(key, owner: owner, for: .agent)
            return .agent(.setKey(agent, key.publicKey, proof: proof))
        case 10: return .validator(.setAddress(name))
        case 11:
            let change = SeatChange.add(TestKey.newcomer.publicKey, address: "n")
            return .validator(.vote(change, proof: Request.seatProof(TestKey.newcomer)))
        case 12: return .validator(.vote(.remove(World.seat(3)), proof: Signature()))
        default: return .law(law(owner, agent, &generator))
        }
    }

    private func law(
        _ owner: OwnerID, _ agent: AgentID, _ generator: inout SeededGenerator
    ) -> LawCommand {
        let from = [AccountID(owner), AccountID(agent)][Int.random(in: 0..<2, using: &generator)]
        let expires = World.time.advanced(byNanoseconds: 1_000)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0, 1:
            return .transfer(Transfer(from: from, to: World.boAccount, amount: .credits(3)))
        case 2:
            return .transfer(
                Transfer(from: AccountID(owner), to: AccountID(agent), amount: .credits(9)))
        case 3:
            var law = World.constitution(of: agent, version: state.constitution(agent).map {
                $0.version + 1
            } ?? 1)
            (law.guardians, law.approvals.threshold) = ([World.ada], 1)
            law.approvals.above = .credits(2)
            law.limits.actionsPerHour = 4
            return .enact(law)
        case 4: return .rule(agent, .transfer, .deny, expires: expires)
        case 5: return .stop(Bool.random(using: &generator) ? .fleet : .agent(agent))
        case 6: return .resume(Bool.random(using: &generator) ? .fleet : .agent(agent))
        case 7:
            var terms = MandateTerms(holder: agent, expires: expires)
            (terms.scope, terms.budget) = (.all, .credits(4))
            return .mandate(.issue(number: 1, terms))
        default: return .stop(.chain)
        }
    }
}
