// Runs that tasks ask for, and their proofs, made one after the other on a thread of their own: a
// long one keeps nothing else waiting that a worker has to do.
import Ledger
import Platform
import Primitives
import Synchronization

final class RunQueue: Sendable {
    typealias Outcome = Result<TaskMove, CommandFailure>

    /// Whose run it is: a task that was given back is another one when it is given out again.
    struct Place: Hashable {
        var task: PostedTaskID
        var attempt: UInt8
    }

    private struct Runs {
        /// Waiting or under way.
        var open: Set<Place> = []
        /// In the order in which they were made.
        var made: [(place: Place, outcome: Outcome)] = []

        var count: Int { open.count + made.count }
    }

    private let runs = Mutex(Runs())
    private let thread = ThreadWorker("runs")

    /// Runs that are held, at most: each has the image of its program.
    private static let most = 8

    /// Runs that wait, are under way, or were made and not dropped.
    var count: Int { runs.withLock { $0.count } }
    var hasRoom: Bool { count < Self.most }
    /// The oldest that was made.
    var made: (place: Place, outcome: Outcome)? { runs.withLock { $0.made.first } }

    func holds(_ place: Place) -> Bool {
        runs.withLock { runs in
            runs.open.contains(place) || runs.made.contains { $0.place == place }
        }
    }

    /// Takes a run in where there is room and it is not there.
    func add(_ place: Place, _ work: TaskWork) {
        guard !holds(place), hasRoom else { return }
        runs.withLock { _ = $0.open.insert(place) }
        thread.submit { [self] in
            let outcome = Outcome { () throws(CommandFailure) in try work.delivery().move }
            runs.withLock { runs in
                runs.open.remove(place)
                runs.made.append((place, outcome))
            }
        }
    }

    /// Forgets one that was made.
    func drop(_ place: Place) { runs.withLock { $0.made.removeAll { $0.place == place } } }
}
