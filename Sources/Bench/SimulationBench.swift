// How much faster than real time a committee of four is simulated.
import Platform
import Primitives
import Simulation

/// One thread, four validators, no faults, links of 20 to 60 ms; a hundred small batches a second
/// or
/// as many as their submitters, who wait for each answer, can make. Signatures are made for real
/// and each is checked once, not by every seat.
public enum SimulationBench {
    /// Virtual time over real time.
    public static func run() throws -> Double {
        var shape = SimulationShape()
        shape.isCalm = true
        shape.span = 60 * Nanoseconds.perSecond
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        let report = Simulation.run(seed: 1, shape: shape)
        let took = clock.monotonicNanoseconds() - start
        guard report.verdict.isPass else { throw BenchFailure.failed(report.verdict.text) }
        return Double(report.virtualTime) / Double(max(took, 1))
    }
}
