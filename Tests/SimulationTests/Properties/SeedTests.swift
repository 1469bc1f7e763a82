// Whole runs from seeds: what must hold does, and a seed gives the same run twice.
import Primitives
import Testing

@testable import Simulation

@Suite struct SeedTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func theGraphHoldsUnderFaults(seed: UInt64) throws {
        var shape = SimulationShape()
        shape.program = .graph
        shape.span = 3 * Nanoseconds.perSecond
        let report = try #require(Simulation.run(seed: seed, shape: shape))
        #expect(report.verdict.isPass, "\(shape.command(seed: seed)): \(report.verdict.text)")
        print(report)
    }
}
