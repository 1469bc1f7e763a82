// Whole runs from seeds: what must hold does, a seed gives the same run twice, and too many faulty
// seats are noticed.
import Primitives
import Testing

@testable import Simulation

@Suite struct SeedTests {
    private func shape(
        _ program: SimulationShape.Program, seats: Int = 4, seconds: UInt64 = 2
    ) -> SimulationShape {
        var shape = SimulationShape()
        shape.program = program
        shape.seats = seats
        shape.span = seconds * Nanoseconds.perSecond
        return shape
    }

    private func expectPass(_ seed: UInt64, _ shape: SimulationShape) {
        let report = Simulation.run(seed: seed, shape: shape)
        #expect(report.verdict.isPass, "\(shape.command(seed: seed)): \(report.verdict.text)")
        #expect(report.executed > 0)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func theGraphHoldsUnderFaults(seed: UInt64) { expectPass(seed, shape(.graph)) }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func validatorsHoldUnderFaults(seed: UInt64) { expectPass(seed, shape(.replica)) }

    @Test func oneSeatAloneHolds() { expectPass(3, shape(.replica, seats: 1)) }

    @Test func aSeedReplays() {
        for program in SimulationShape.Program.allCases {
            let first = Simulation.run(seed: 5, shape: shape(program))
            let second = Simulation.run(seed: 5, shape: shape(program))
            #expect(first.trace == second.trace)
            #expect(first.events == second.events)
            #expect(first.faults == second.faults)
            let other = Simulation.run(seed: 6, shape: shape(program))
            #expect(first.trace != other.trace)
        }
    }

    /// The text of a trace is there on demand and changes nothing.
    @Test func aTraceCanBeRead() {
        var lines: [String] = []
        let shape = shape(.graph, seconds: 1)
        let read = Simulation.run(seed: 2, shape: shape) { lines.append($0) }
        #expect(read.trace == Simulation.run(seed: 2, shape: shape).trace)
        #expect(lines.first?.hasPrefix("0.000000 ") == true)
        #expect(lines.count >= Int(read.events))
    }
}
