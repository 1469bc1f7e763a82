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
            let why = world.halts[machine]
            #expect(why != nil, "seed \(seed), machine \(machine)")
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
