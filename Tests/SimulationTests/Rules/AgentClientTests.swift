// The agents of simulated runs on a ledger alone: what they submit is accepted, races and futures
// come to what they should, and the oracle objects to what must not be.
import Agents
import Cryptography
import Ledger
import Primitives
import Records
import Replica
import Testing

@testable import Simulation

@Suite struct AgentClientTests {
    private let key = SigningKey.simulated(1, 0)

    private func genesis() throws -> Genesis {
        let committee = try #require(Committee([key.publicKey]))
        return try #require(
            Genesis(name: "simulated", created: Instant(nanoseconds: 1), committee: committee))
    }

    /// Carries out what a client submits, and tells it.
    private struct Table {
        var state: LedgerState
        var client: AgentClient
        var reference: AgentReference
        var counts = CheckCounts()
        var time = Instant(nanoseconds: 1_000)
        var objections: [String] = []

        mutating func take(_ submission: Submission?) throws -> Settled? {
            guard let submission,
                case .operation(let operation) = try Body(decoding: submission.bytes)
            else { return nil }
            time = time.advanced(byNanoseconds: 1)
            let outcome = Ledger.settle(operation, at: time, to: &state)
            client.heard(operation, outcome, at: time)
            let objection = reference.objection(to: operation, outcome, counts: &counts)
            objections += [objection, reference.objection(to: state)].compactMap { $0 }
            return outcome
        }
    }

    private func table(number: Int) throws -> Table {
        let genesis = try genesis()
        let client = AgentClient(genesis.digest, ownerKey: key, seed: 1, number: number)
        return Table(
            state: LedgerState(genesis: genesis), client: client,
            reference: AgentReference([client], owners: [OwnerID(firstKey: key.publicKey)]))
    }

    @Test func transitionsFollowEachOther() throws {
        var table = try table(number: 1)
        for _ in 0..<12 {
            let outcome = try table.take(table.client.next(at: table.time))
            guard case .done? = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
        }
        #expect(table.counts.transitions == 7 && table.objections.isEmpty)
    }

    @Test func anHonestRaceCostsNothing() throws {
        var table = try table(number: 1)
        var chance = Chance(seed: 3, "race")
        for _ in 0..<6 { _ = try table.take(table.client.next(at: table.time)) }
        for _ in 0..<40 {
            let (one, other) = (
                table.client.next(at: table.time),
                table.client.race(at: table.time, by: &chance)
            )
            _ = try table.take(other)
            _ = try table.take(one)
        }
        #expect(table.counts.races > 0 && table.counts.futures == 0)
        #expect(table.objections.isEmpty)
    }

    @Test func twoFuturesAreProven() throws {
        var table = try table(number: 0)
        var chance = Chance(seed: 4, "race")
        for _ in 0..<40 {
            let (one, other) = (
                table.client.next(at: table.time),
                table.client.race(at: table.time, by: &chance)
            )
            _ = try table.take(one)
            _ = try table.take(other)
        }
        #expect(table.counts.futures == 1)
        #expect(table.objections.isEmpty)
        #expect(table.state.instance(table.client.agent)?.status == .faulty)
    }

    @Test func theOracleObjects() throws {
        var table = try table(number: 1)
        var operation: SignedOperation?
        for _ in 0..<6 {
            let next = table.client.next(at: table.time)
            let submission = try #require(next)
            if case .operation(let signed) = try Body(decoding: submission.bytes) {
                operation = signed
            }
            _ = try table.take(submission)
        }
        let again = try #require(operation)
        let place = try #require(table.state.instance(table.client.agent))
        let height = AgentHeight(agent: place.agent, sequence: place.sequence)
        var counts = CheckCounts()
        // The same place twice, and a penalty for an honest agent.
        for outcome: Settled in [
            .done(.transitionAccepted(height, root: place.root)),
            .done(.agentFaulty(place.agent, reporter: OwnerID())),
        ] {
            #expect(table.reference.objection(to: again, outcome, counts: &counts) != nil)
        }
        let empty = LedgerState(chain: table.state.chain)
        #expect(table.reference.objection(to: empty) != nil)
    }
}
