// Runs of many seeds on several threads, handed over in the order of the seeds.
import Platform
import Simulation
import Synchronization

/// A run and how long it took here.
struct TimedRun: Sendable {
    var report: SimulationReport
    /// Nanoseconds of real time.
    var took: UInt64
}

enum SeedRuns {
    static func timed(
        _ seed: UInt64, _ shape: SimulationShape, write: ((String) -> Void)?
    ) -> TimedRun {
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        let report = Simulation.run(seed: seed, shape: shape, write: write)
        return TimedRun(report: report, took: clock.monotonicNanoseconds() - start)
    }

    /// What the threads share: which seed is next, and the runs that are not handed over yet.
    private struct Board {
        var next: UInt64?
        var done: [UInt64: TimedRun] = [:]
    }

    /// Runs every seed of the range and calls `hand` with each run, in order.
    static func run(
        _ range: ClosedRange<UInt64>, _ shape: SimulationShape, jobs: Int,
        _ hand: (TimedRun) -> Void
    ) throws(CommandFailure) {
        guard jobs > 1 else {
            for seed in range { hand(timed(seed, shape, write: nil)) }
            return
        }
        let board = Shared(Board(next: range.lowerBound))
        var threads: [OSThread] = []
        for job in 0..<jobs {
            do {
                let thread = try OSThread.start("simulate \(job)") {
                    work(board, through: range.upperBound, shape)
                }
                threads.append(thread)
            } catch { throw .system(error) }
        }
        for thread in threads { thread.join() }
        let done = board.value.withLock { $0.done }
        for seed in range { if let run = done[seed] { hand(run) } }
    }

    private static func work(
        _ board: Shared<Board>, through last: UInt64, _ shape: SimulationShape
    ) {
        while true {
            let seed = board.value.withLock { board -> UInt64? in
                let seed = board.next
                board.next = seed.flatMap { $0 < last ? $0 + 1 : nil }
                return seed
            }
            guard let seed else { return }
            let run = timed(seed, shape, write: nil)
            board.value.withLock { $0.done[seed] = run }
        }
    }

    /// A lock that several threads hold.
    private final class Shared<Value: Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }
}
