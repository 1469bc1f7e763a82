// Whatever fails, in whatever order: a desk signs one transition for each place, the ledger has one
// chain, no message is read twice, and nobody is answered twice or with what another was to hear.
import Agents
import Primitives
import TestSupport
import Testing

@testable import Gateway

@Suite struct DeskPropertyTests {
    /// What all processes together did.
    private struct History {
        var world: DeskWorld
        var signed: [SignedHeader] = []
        /// Copies of the disk that somebody may put back.
        var copies: [[AgentID: [UInt8]]] = []
        /// The word that who has the ticket said to the present process; no two say the same.
        var said: [UInt64: UInt64] = [:]
        private var lastWord: UInt64 = 0

        init(_ world: DeskWorld) { self.world = world }

        mutating func say() {
            lastWord += 1
            said[world.call(1, [lastWord])] = lastWord
        }

        mutating func sayOnce() {
            world.holdsRetries = true
            say()
            world.holdsRetries = false
        }

        mutating func gather() {
            for (ticket, word) in said {
                guard let output = world.output(ticket) else { continue }
                #expect(world.heard[word] == output, "\(word)")
            }
            signed += world.submitted.flatMap { $0.transitions.map(\.signed) }
            world.submitted = []
        }

        mutating func restart(_ generator: inout SeededGenerator) {
            gather()
            said = [:]
            if Int.random(in: 0..<4, using: &generator) == 0,
                let old = copies.randomElement(using: &generator)
            {
                world.kept = old
            }
            world.restart(firstAttempt: UInt16.random(in: 0...30_000, using: &generator))
        }
    }

    private func play(_ history: inout History, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: history.restart(&generator)
        case 1: history.copies.append(history.world.kept)
        case 2:
            // A process that ends between the ledger and the answer.
            history.world.isReachable = false
            for _ in 0..<Int.random(in: 1...4, using: &generator) { history.say() }
            let last = history.world.submitted.last
            if let last, Bool.random(using: &generator) { history.world.apply(last) }
            history.restart(&generator)
        case 3:
            history.world.verdicts = [
                [.undecided, .refused(reason: "x", .again)],
                [.refused(reason: "y", .withoutWhatItRead)],
            ].randomElement(using: &generator) ?? []
        case 4:
            history.world.writes = Int.random(in: 0...1, using: &generator)
            history.sayOnce()
            history.world.writes = .max
            history.world.step(history.world.look([DeskWorld.agent(1)]))
        case 5: history.world.lookAtAll()
        case 6: history.world.step(.sweep)
        case 7: prove(&history, &generator)
        default: history.say()
        }
    }

    /// A proof takes its time: what comes meanwhile shares the next one.
    private func prove(_ history: inout History, _ generator: inout SeededGenerator) {
        history.world.provesAtOnce = Int.random(in: 0..<3, using: &generator) == 0
        for job in history.world.proofs {
            let isMade = Int.random(in: 0..<8, using: &generator) > 0
            let refusal = ProvingRefusal(reason: "z")
            history.world.step(
                .proven(
                    DeskWorld.agent(1), job.last,
                    isMade ? .success(DeskWorld.proof) : .failure(refusal)))
        }
    }

    @Test(arguments: propertySeeds, Evidence.Kind.allCases)
    func oneFutureForEachPlace(seed: UInt64, evidence: Evidence.Kind) throws {
        var generator = SeededGenerator(seed: seed)
        var world = DeskWorld()
        try world.spawn(1, TestPrograms.adder) { $0.instance.policy.evidence = evidence }
        world.lookAtAll()
        var history = History(world)
        for _ in 0..<60 { play(&history, &generator) }
        // What is left is done, and an agent that did not stop answers.
        history.world.provesAtOnce = true
        prove(&history, &generator)
        history.gather()
        #expect(history.world.repeated.isEmpty, "seed \(seed)")
        var seen: [AgentHeight: [SignedHeader]] = [:]
        for one in history.signed {
            let place = AgentHeight(agent: one.header.agent, sequence: one.header.sequence)
            for other in seen[place] ?? [] {
                #expect(!one.contradicts(other), "seed \(seed), sequence \(place.sequence)")
            }
            seen[place, default: []].append(one)
        }
        #expect(!history.signed.isEmpty, "seed \(seed)")
    }
}
