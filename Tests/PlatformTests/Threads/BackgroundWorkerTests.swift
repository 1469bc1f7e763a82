// The worker that gives way: jobs in their order, waiting, and its priority.
import Glibc
import Synchronization
import Testing

@testable import Platform

@Suite struct BackgroundWorkerTests {
    private static func priority() -> Int {
        Int(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
    }

    private final class Notes: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    @Test func jobsRunInTheirOrder() throws {
        let worker = try BackgroundWorker("test")
        let notes = Notes()
        for number in 0..<1_000 {
            worker.submit { notes.numbers.withLock { $0.append(number) } }
        }
        worker.wait()
        #expect(notes.numbers.withLock { $0 } == Array(0..<1_000))
    }

    @Test func onlyItsThreadGivesWay() throws {
        let before = Self.priority()
        let worker = try BackgroundWorker("test")
        let notes = Notes()
        worker.submit {
            notes.numbers.withLock { $0.append(Self.priority()) }
        }
        worker.wait()
        #expect(notes.numbers.withLock { $0 } == [19])
        #expect(Self.priority() == before)
    }

    /// What was submitted is done, also where nobody holds the worker any more.
    @Test func theLastJobsAreDone() throws {
        let gate = Gate()
        try BackgroundWorker("test").submit { gate.open() }
        gate.wait()
        #expect(gate.wait(nanoseconds: 0))
    }
}
