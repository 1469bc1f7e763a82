// Batches are checked by two workers ahead of the one thread that applies them, in order.
import Dispatch
import Platform
import Records
import Synchronization

/// Hands out checked batches in the order of the encoded ones.
final class Checking: Sendable {
    private static let workers = 2

    private struct Slots {
        var next = 0
        var done: [Int: CheckedBatch] = [:]
        var failure: String?
    }

    private let encoded: [[UInt8]]
    private let slots = Mutex(Slots())
    private let ready: [Gate]
    /// How many batches may still be started before one is taken.
    private let credits: DispatchSemaphore
    private let threads = Mutex<[OSThread]>([])

    /// Starts the workers, which run at most `window` batches ahead.
    init(_ encoded: [[UInt8]], window: Int) throws {
        self.encoded = encoded
        ready = encoded.map { _ in Gate() }
        credits = DispatchSemaphore(value: window)
        for number in 0..<Self.workers {
            let thread = try OSThread.start("check-\(number)") { self.work() }
            threads.withLock { $0.append(thread) }
        }
    }

    private func work() {
        while true {
            credits.wait()
            let number = slots.withLock { slots in
                defer { slots.next += 1 }
                return slots.next
            }
            guard number < encoded.count else {
                credits.signal()
                return
            }
            do {
                let batch = try CheckedBatch(checking: Batch(decoding: encoded[number]))
                slots.withLock { $0.done[number] = batch }
            } catch {
                slots.withLock { $0.failure = "\(error)" }
            }
            ready[number].open()
        }
    }

    /// Waits for one batch; each is taken once, in order.
    func take(_ number: Int) throws -> CheckedBatch {
        ready[number].wait()
        defer { credits.signal() }
        let (batch, failure) = slots.withLock { ($0.done.removeValue(forKey: number), $0.failure) }
        guard let batch else { throw BenchFailure.failed(failure ?? "no batch") }
        return batch
    }

    /// Whether `take` would return at once.
    func isReady(_ number: Int) -> Bool {
        slots.withLock { $0.done[number] != nil || $0.failure != nil }
    }

    /// Waits until the workers have ended; every batch was taken.
    func join() {
        credits.signal()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }
}
