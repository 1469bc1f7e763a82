// What somebody gains who passes off less as a series of transitions than it says: nothing.
import Agents
import ExecutionProof
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct SeriesForgeryTests {
    private let agent = AgentWorld.agent(0)

    private func expect(
        _ series: ReadySeries, _ failure: LedgerFailure, _ name: String
    ) {
        var series = series
        let before = series.state
        #expect(outcome(&series) == .failure(failure), "\(name)")
        expectUnchanged(series.state, since: before, name, #_sourceLocation)
    }

    private func expect(
        _ series: ReadySeries, proof failure: TransitionProofFailure, _ name: String
    ) {
        expect(series, .transitions(.proof(failure)), name)
    }

    @Test func theSameSeriesTwice() throws {
        var series = try ReadySeries([[1], [40], [5]])
        _ = try series.run()
        let place = try #require(series.state.instance(agent))
        expect(series, .transitions(.stale(sequence: place.sequence, root: place.root)), "twice")
        series.series.members.removeFirst()
        expect(series, .transitions(.stale(sequence: place.sequence, root: place.root)), "its end")
    }

    /// The first transition, or the first two, came alone before.
    @Test func someOfItCameBefore() throws {
        var series = try ReadySeries([[1], [40], [5]])
        for count in 1...2 {
            var transition = series.drafts[count - 1].draft.signed(by: AgentWorld.agentKeys[0])
            transition.evidence = .proof(try series.proof(of: [series.drafts[count - 1]]))
            try series.world.run(.transition(.submit(transition)))
            let place = try #require(series.state.instance(agent))
            expect(
                series, .transitions(.stale(sequence: place.sequence, root: place.root)),
                "\(count) before")
            var rest = series
            rest.series.members.removeFirst(count)
            guard rest.series.members.count > 1 else { continue }
            expect(rest, proof: .wrongOldRoot, "the rest with the proof of all")
        }
        // What is left has a proof of its own.
        series.series.members.removeFirst(2)
        series.series.proof = try series.proof(of: Array(series.drafts.dropFirst(2)))
        if series.series.members.count > 1 { _ = try series.run() }
    }

    @Test func aProofOfOtherRuns() throws {
        let good = try ReadySeries([[1], [40], [5]])
        let drafts = good.drafts
        func with(_ chosen: [(draft: TransitionDraft, image: Image)]) throws -> ReadySeries {
            var series = good
            series.series.proof = try series.proof(of: chosen)
            return series
        }
        expect(try with(drafts.dropLast()), proof: .wrongOldRoot, "one turn fewer")
        expect(try with(Array(drafts.prefix(1))), proof: .wrongOldRoot, "the first alone")
        expect(try with(Array(drafts.dropFirst())), proof: .wrongOldRoot, "without the first")
        var chain = try ProofChain(decoding: good.series.proof)
        chain.proofs[0].proof.statements.swapAt(0, 1)
        chain.proofs[0].witnesses.swapAt(0, 1)
        var swapped = good
        swapped.series.proof = chain.encoded
        expect(swapped, proof: .wrongOldRoot, "runs exchanged")
        chain = try ProofChain(decoding: good.series.proof)
        chain.proofs.append(chain.proofs[0])
        var doubled = good
        doubled.series.proof = chain.encoded
        let steps = drafts.map(\.draft.header.effort.steps)
        let found = steps.reduce(0, +) + (steps.last ?? 0)
        expect(doubled, proof: .wrongEffort(steps: found, gas: found), "the proof twice")
    }

    /// A proof of as many runs of another agent with the same program, on other messages.
    @Test func theProofOfAnotherSeries() throws {
        var good = try ReadySeries([[1], [40], [5]])
        good.series.proof = try ReadySeries([[2], [40], [5]]).series.proof
        expect(good, proof: .wrongNewRoot, "another series")
        good.series.proof = try ReadySeries([[1], [40], [5]], TestPrograms.asker).series.proof
        expect(good, proof: .wrongOldRoot, "another program")
    }

    @Test func countsThatNoEncodingHas() throws {
        let good = try ReadySeries([[1], [40], [5]])
        for count in [1, TransitionSeries.mostMembers + 1] {
            var series = good
            series.series.members = (0..<count).map { good.series.members[$0 % 3] }
            expect(series, .transitions(.overLimit), "\(count) transitions")
        }
    }

    @Test func transitionsThatAreNone() throws {
        let good = try ReadySeries([[1], [40], [5]])
        typealias Fault = (name: String, failure: LedgerFailure, (inout ReadySeries) -> Void)
        let faults: [Fault] = [
            (
                "no steps", .transitions(.proof(.wrongOldRoot)),
                { $0.change(1) { ($0.effort.steps, $0.effort.gas) = (0, 0) } }
            ),
            (
                "more steps than gas", .transitions(.overLimit),
                { $0.change(1) { $0.effort.steps = .max } }
            ),
            (
                "another program", .transitions(.wrongProgram),
                { $0.change(1) { $0.program = Digest() } }
            ),
            ("another chain", .transitions(.wrongChain), { $0.change(1) { $0.chain = Digest() } }),
            (
                "later than now", .transitions(.wrongTime),
                { $0.change(1) { $0.time = $0.time.advanced(byNanoseconds: 1) } }
            ),
            ("an end amid", .transitions(.notRunning), { $0.change(0) { $0.end = .exited } }),
            (
                "a request amid", .transitions(.wrongEnd),
                { $0.change(0) { $0.end = .unanswered } }
            ),
            (
                "an answer to nothing", .transitions(.wrongAnswer),
                { $0.exchange(1) { $0.answer = HostAnswer(.done, []) } }
            ),
        ]
        for fault in faults {
            var spoiled = good
            fault.2(&spoiled)
            expect(spoiled, fault.failure, fault.name)
        }
    }

    // MARK: Counted each

    @Test func gasIsCountedForEach() throws {
        let good = try ReadySeries([[1], [40], [5]])
        let sum = UInt64(good.series.members.count) * Gas.perRecord
        var tight = good
        tight.world.allow(0) { $0.limits.gasPerDay = sum - 1 }
        expect(tight, .law(.limits(.tooMuchGas(most: sum - 1))), "gas")
        tight.world.allow(0) { $0.limits.gasPerDay = sum }
        #expect(throws: Never.self) { try tight.run() }
    }

    /// What is out of the ordinary is noticed at the transition where it is: at the last one the
    /// agent is stopped behind it, before that nothing of the series happens.
    @Test func theWatchCountsEach() throws {
        let good = try ReadySeries([[1], [40], [5]])
        let count = good.series.members.count
        for hourly in 1..<count {
            var watched = good
            watched.world.allow(0) {
                ($0.watch.isOn, $0.watch.factor, $0.watch.hourly) = (true, 1, UInt32(hourly))
                ($0.watch.warmUp, $0.watch.warmUpActions) = (0, 1)
            }
            guard hourly == count - 1 else {
                expect(watched, .law(.forbidden(.safeMode)), "\(hourly) an hour")
                continue
            }
            _ = try watched.run()
            #expect(watched.state.anomaly(agent)?.rule == .rate)
            #expect(watched.state.conduct(agent)?.isSafe == true)
        }
    }
}
