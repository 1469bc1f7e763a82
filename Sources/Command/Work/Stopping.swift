// Being asked to end while a command goes round and round.
import Orchestrator
import Platform
import Primitives
import Synchronization

/// Set by SIGTERM and SIGINT, and looked at between two rounds.
final class Stopping: Sendable {
    private let asked = Atomic<Bool>(false)

    init() throws(CommandFailure) {
        do {
            try Signals.onTermination { [weak self] _ in self?.ask() }
        } catch { throw .system(error) }
    }

    var isAsked: Bool { asked.load(ordering: .acquiring) }

    private func ask() { asked.store(true, ordering: .releasing) }

    /// Waits so long, or until asked.
    func wait(nanoseconds: UInt64) {
        var left = nanoseconds
        while left > 0, !isAsked {
            let part = min(left, 20 * Nanoseconds.perMillisecond)
            Pause.nanoseconds(part)
            left -= part
        }
    }
}

/// How quickly programs that work for others ask again.
enum WorkPace {
    static let backoff = Backoff()
}
