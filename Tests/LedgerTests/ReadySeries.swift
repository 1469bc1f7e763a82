// Transitions of one agent that share a proof, ready to be submitted, and spoiled by tests.
import Agents
import ExecutionProof
import Primitives
import Prover
import Records
import TestSupport

@testable import Ledger

/// A series of agent 0; every header is signed anew after each fault.
struct ReadySeries: Attempt {
    var world: AgentWorld
    var series: TransitionSeries
    /// Each transition with the state that it was made from.
    var drafts: [(draft: TransitionDraft, image: Image)] = []
    var isSigned = true

    var state: LedgerState { world.state }

    var signed: TransitionSeries {
        var signed = series
        for place in signed.members.indices where isSigned {
            signed.members[place].signed = SignedHeader(
                signing: series.members[place].header, key: AgentWorld.agentKeys[0])
        }
        return signed
    }

    mutating func run() throws(LedgerFailure) -> Effect {
        let operation = SignedOperation(
            chain: World.chain, owner: World.ada,
            sequence: world.state.lastSequence(of: TestKey.ada.publicKey) + 1,
            command: .transition(.series(signed)), key: TestKey.ada)
        return try Ledger.apply(operation, at: World.time, to: &world.state)
    }

    mutating func change(_ place: Int, _ change: (inout TransitionHeader) -> Void) {
        change(&series.members[place].signed.header)
    }

    mutating func exchange(_ place: Int, _ change: (inout Exchange) -> Void) {
        change(&series.members[place].exchange)
        series.members[place].signed.header.exchange = series.members[place].exchange.digest
    }

    /// What an agent does when it is told these messages, each transition of its own, as if the
    /// ledger had accepted the ones before, with one proof of all.
    init(
        _ messages: [[UInt64]], _ program: String = TestPrograms.adder,
        accepting evidence: AcceptedEvidence = .proof
    ) throws {
        world = try AgentWorld([program], accepting: evidence)
        for words in messages {
            world.say(0, words)
            while let draft = world.drafts[0] {
                drafts.append((draft, world.instances[0].image))
                world.drafts[0] = nil
                let header = draft.header
                world.tell(0, .ledger(sequence: header.sequence, root: header.newRoot))
            }
        }
        let members = drafts.map {
            let signed = $0.draft.signed(by: AgentWorld.agentKeys[0])
            return TransitionSeries.Member(signed: signed.signed, exchange: signed.exchange)
        }
        series = TransitionSeries(members, proof: [])
        series.proof = try proof(of: drafts)
    }

    /// One proof of transitions of agent 0.
    func proof(of drafts: [(draft: TransitionDraft, image: Image)]) throws -> [UInt8] {
        let prover = SegmentProver(
            try ProvableAgent(world.instances[0].program), workers: Workers(count: 2),
            segmentSteps: 1 << 14)
        return try prover.proof(of: drafts)
    }
}
