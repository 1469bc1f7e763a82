// A stop against actions and records that are under way on four validators: nothing that is ordered
// after it is accepted, and what was certified is recorded.
import Cryptography
import Ledger
import Primitives
import Records
import Testing

@testable import Replica

@Suite struct StopRaceTests {
    /// An agent with a key of its own and money of its owner, who is a seat's.
    private struct Race {
        var cluster = Cluster(4)
        var owner: Client
        /// Signs as the agent, in its owner's name.
        let agentKey = Cluster.key(70)
        var actions: [Digest] = []

        init() throws {
            owner = Client(cluster.genesis, number: 100)
            try cluster.run(milliseconds: 50)
            let proof = agentKey.sign(
                KeyProof.message(for: .agent, chain: owner.chain, owner: owner.owner))
            var law = Constitution(agent: owner.agent, version: 1)
            (law.allowed, law.limits) = (.all, .none)
            let purse = Transfer(
                from: AccountID(owner.owner), to: AccountID(owner.agent),
                amount: Amount(nanoCredits: 1_000))
            let rest: [Command] = [
                .agent(.setKey(owner.agent, agentKey.publicKey, proof: proof)),
                .law(.enact(law)), .law(.transfer(purse)),
            ]
            let bodies = owner.entry() + rest.map { owner.operation($0) }
            for body in bodies { cluster.submit(body, to: 0) }
            try cluster.run(milliseconds: 300)
        }

        /// The agent's next action, through a validator.
        mutating func act(at seat: Int) {
            let pay = Transfer(
                from: AccountID(owner.agent), to: .fees, amount: Amount(nanoCredits: 1))
            let operation = SignedOperation(
                chain: owner.chain, owner: owner.owner, sequence: UInt64(actions.count + 1),
                command: .law(.transfer(pay)), key: agentKey)
            let body = Body.operation(operation)
            actions.append(body.digest)
            cluster.submit(body, to: seat)
        }

        /// The stop's digest.
        mutating func stop(at seat: Int) -> Digest {
            let body = owner.operation(.law(.stop(.agent(owner.agent))))
            cluster.submit(body, to: seat)
            return body.digest
        }
    }

    private let refused = Settled.failed(.law(.forbidden(.agentStopped)))

    /// Actions every millisecond, and a stop among them at each of several moments.
    @Test func noActionIsAcceptedAfterTheStop() throws {
        var (acceptedAtHeight, refusedAtHeight) = (0, 0)
        let start = try Race()
        for moment in 0..<6 {
            var race = start
            var stop = Digest()
            for millisecond in 0..<24 {
                if millisecond == 4 + moment { stop = race.stop(at: 3) }
                race.act(at: 1)
                try race.cluster.run(milliseconds: 1)
            }
            try race.cluster.run(milliseconds: 600)
            let actions = Set(race.actions)
            for node in race.cluster.nodes {
                let order = node.executed.map(\.body.digest)
                let place = try #require(order.firstIndex(of: stop), "moment \(moment)")
                for (index, execution) in node.executed.enumerated()
                where actions.contains(execution.body.digest) {
                    if index > place {
                        #expect(execution.outcome == refused, "moment \(moment)")
                    } else if case .done = execution.outcome {
                        continue
                    } else {
                        Issue.record("moment \(moment): \(execution.outcome)")
                    }
                }
                #expect(node.halted == nil)
                #expect(order == race.cluster.nodes[0].executed.map(\.body.digest))
                let heights = try Self.heights(of: node, stop, actions)
                #expect((heights.accepted.max() ?? 0) <= heights.stop, "moment \(moment)")
                acceptedAtHeight += heights.accepted.contains(heights.stop) ? 1 : 0
                refusedAtHeight += heights.refused.contains(heights.stop) ? 1 : 0
            }
        }
        // Both sides of the stop were met within its own checkpoint.
        #expect(acceptedAtHeight > 0 && refusedAtHeight > 0)
    }

    /// In which checkpoints the stop and the actions stand.
    private static func heights(
        of node: Cluster.Node, _ stop: Digest, _ actions: Set<Digest>
    ) throws -> (stop: UInt64, accepted: [UInt64], refused: [UInt64]) {
        var (found, accepted, refused): (UInt64?, [UInt64], [UInt64]) = (nil, [], [])
        for sealed in node.certified {
            let height = sealed.checkpoint.header.height
            for item in sealed.items {
                switch item {
                case .operation(stop): found = height
                case .operation(let digest) where actions.contains(digest):
                    accepted.append(height)
                case .refused(let digest) where actions.contains(digest):
                    refused.append(height)
                default: break
                }
            }
        }
        return (try #require(found), accepted, refused)
    }

    /// Whatever was final is recorded, on whichever side of the stop it is ordered; what was not
    /// certified in time is refused by name.
    @Test func batchesAroundAStop() throws {
        var (before, after, refusals) = (0, 0, 0)
        let start = try Race()
        for moment in Array(stride(from: 0, to: 24, by: 2)) + [30, 40] {
            var race = start
            let first = race.owner.batch(at: race.cluster.now, records: 1)
            var stop = Digest()
            // The batch comes from 12 ms before the stop to 28 ms after it.
            for millisecond in 0..<41 {
                if millisecond == 12 { stop = race.stop(at: 3) }
                if millisecond == moment { race.cluster.submit(first, to: 1) }
                try race.cluster.run(milliseconds: 1)
            }
            try race.cluster.run(milliseconds: 600)
            let wasFinal = race.cluster.nodes[1].final.contains(first.digest)
            for node in race.cluster.nodes {
                let order = node.executed.map(\.body.digest)
                let place = try #require(order.firstIndex(of: stop))
                let execution = node.executed.first { $0.body.digest == first.digest }
                #expect((execution != nil) == wasFinal, "moment \(moment)")
                guard let execution, let index = order.firstIndex(of: first.digest) else {
                    continue
                }
                guard case .done = execution.outcome else {
                    Issue.record("moment \(moment): \(execution.outcome)")
                    continue
                }
                if index < place { before += 1 } else { after += 1 }
            }
            guard !wasFinal else { continue }
            refusals += 1
            for (digest, refusal) in race.cluster.nodes[1].refused {
                #expect(digest == first.digest)
                guard case .ledger(let failure) = refusal else { continue }
                let forbidden = LawFailure.recordForbidden(race.owner.agent, .agentStopped)
                #expect(failure == .law(forbidden))
            }
        }
        #expect(before > 0 && after > 0 && refusals > 0, "\(before), \(after), \(refusals)")
    }
}
