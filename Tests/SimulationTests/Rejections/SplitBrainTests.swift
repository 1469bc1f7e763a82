// More than f faulty seats that really try: the fork happens, the oracle sees it, and the honest
// seats stop and say so once they hear of each other.
import Primitives
import Testing

@testable import Simulation

@Suite struct SplitBrainTests {
    /// Two of four seats are run twice; each honest seat hears one machine of each.
    private static let split = SplitBrain(twins: [2, 3])

    private func world(seed: UInt64) -> World<ReplicaScenario> {
        var shape = SimulationShape()
        shape.isCalm = false
        shape.span = 4 * Nanoseconds.perSecond
        return World(
            ReplicaScenario(shape: shape, seed: seed), shape: shape, seed: seed,
            split: Self.split, write: nil)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func twoOfFourForkAndTheOracleSeesIt(seed: UInt64) {
        var world = world(seed: seed)
        let report = world.run()
        guard case .violation(let what) = report.verdict else {
            Issue.record("seed \(seed): \(report.verdict.text)")
            return
        }
        #expect(what.contains("differs from another seat's"), "seed \(seed): \(what)")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func honestSeatsStopOnceTheyHearOfEachOther(seed: UInt64) {
        var world = world(seed: seed)
        world.run(for: world.plan.healing)
        #expect(world.violation != nil, "seed \(seed)")
        #expect(world.halts.isEmpty, "seed \(seed): nobody can know yet")
        world.run(for: 20 * Nanoseconds.perSecond)
        for machine in [0, 1] {
            let why = world.halts[machine] ?? "nothing"
            #expect(
                ["diverged", "outnumbered", "split", "broken"].contains { why.hasPrefix($0) },
                "seed \(seed), machine \(machine): \(why)")
        }
        // What convinced them is on their disks.
        world.halts = [:]
        for machine in [0, 1] {
            world.crash(machine, downFor: 0)
            world.run(for: Nanoseconds.perSecond)
            #expect(world.halts[machine] != nil, "seed \(seed), machine \(machine) forgot")
        }
    }

    /// As many twins as a committee bears, kept apart as well as they can be.
    @Test func oneOfFourDoesNotFork() {
        var shape = SimulationShape()
        shape.span = 4 * Nanoseconds.perSecond
        for seed in 1...2 as ClosedRange<UInt64> {
            var world = World(
                ReplicaScenario(shape: shape, seed: seed), shape: shape, seed: seed,
                split: SplitBrain(twins: [3]), write: nil)
            #expect(world.run().verdict == .pass, "seed \(seed)")
            #expect(world.halts.keys.allSatisfy { !world.isTrusted($0) }, "seed \(seed)")
        }
    }
}

extension World {
    /// Runs on, whatever the oracle says.
    fileprivate mutating func run(for span: UInt64) {
        let end = now.advanced(byNanoseconds: span)
        while let next = heap.nextTime, next < end, let (time, _, event) = heap.pop() {
            now = max(now, time)
            handle(event)
        }
    }
}
