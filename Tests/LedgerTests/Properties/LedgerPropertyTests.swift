// Random operations and batches: twice the same result, and a refusal leaves every entry as it was.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerPropertyTests {
    private let keys = [TestKey.ada, TestKey.bo, TestKey.submitter, TestKey.stranger]
    private let agents = [World.scout, World.idle, World.gone, World.other, World.unknown]

    private func command(_ generator: inout SeededGenerator) -> Command {
        let key = keys[Int.random(in: 0..<4, using: &generator)]
        let agent = agents[Int.random(in: 0..<5, using: &generator)]
        let status = AgentStatus.allCases.randomElement(using: &generator) ?? .active
        let proof = Request.proof(key)
        let agentProof = Request.proof(key, for: .agent)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return .owner(.register(name: "x"))
        case 1: return .owner(.addKey(key.publicKey, proof: proof))
        case 2:
            let old = keys[Int.random(in: 0..<4, using: &generator)].publicKey
            return .owner(.rotateKey(old: old, new: key.publicKey, proof: proof))
        case 3: return .owner(.revokeKey(key.publicKey))
        case 4: return .owner(.authorize(submitter: key.publicKey, rights: .all))
        case 5: return .owner(.withdraw(submitter: key.publicKey))
        case 6: return .agent(.register(name: "scout", profile: AgentProfile()))
        case 7: return .agent(.update(agent, profile: AgentProfile(version: "9")))
        case 8: return .agent(.setStatus(agent, status))
        default: return .agent(.setKey(agent, key.publicKey, proof: agentProof))
        }
    }

    private func request(
        _ state: LedgerState, _ generator: inout SeededGenerator
    ) -> Request {
        var request = Request(command(&generator), state: state)
        request.key = keys[Int.random(in: 0..<4, using: &generator)]
        let owners = [World.ada, World.bo, OwnerID(firstKey: request.key.publicKey)]
        request.owner = owners[Int.random(in: 0..<3, using: &generator)]
        request.sequenceOffset = Int.random(in: 0..<8, using: &generator) == 0 ? 1 : 0
        return request
    }

    private func submission(
        _ state: LedgerState, _ generator: inout SeededGenerator
    ) -> Submission {
        var submission = Submission(state: state)
        submission.records = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            Submission.record(agents[Int.random(in: 0..<2, using: &generator)])
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { submission.header.sequence += 1 }
        return submission
    }

    /// The outcomes of `count` random steps and the state after them.
    private func run(
        seed: UInt64, steps count: Int
    ) throws -> ([Result<Effect, LedgerFailure>], LedgerState) {
        var generator = SeededGenerator(seed: seed)
        var state = try World.state()
        var outcomes: [Result<Effect, LedgerFailure>] = []
        for step in 0..<count {
            let before = state
            let found: Result<Effect, LedgerFailure>
            if Bool.random(using: &generator) {
                var request = request(state, &generator)
                found = outcome(&request)
                state = request.state
            } else {
                var submission = submission(state, &generator)
                found = outcome(&submission)
                state = submission.state
            }
            if case .failure = found {
                let name = "seed \(seed), step \(step)"
                expectUnchanged(state, since: before, name, #_sourceLocation)
            }
            outcomes.append(found)
        }
        return (outcomes, state)
    }

    @Test(arguments: propertySeeds) func sameStepsSameState(seed: UInt64) throws {
        let (first, afterFirst) = try run(seed: seed, steps: 60)
        let (second, afterSecond) = try run(seed: seed, steps: 60)
        var (left, right) = (afterFirst, afterSecond)
        #expect(first == second, "seed \(seed)")
        #expect(first.contains { (try? $0.get()) != nil }, "seed \(seed)")
        #expect(first.contains { (try? $0.get()) == nil }, "seed \(seed)")
        let (one, two) = (left.takeChanges(), right.takeChanges())
        #expect(one.map(\.key) == two.map(\.key), "seed \(seed)")
        #expect(one.map(\.value) == two.map(\.value), "seed \(seed)")
        #expect(left.records == right.records, "seed \(seed)")
    }
}
