// Requests that were read and wait to be decoded: on a thread of their own, so that reading and
// refusing never wait for a body, and by lane, so that urgent ones wait for one body at most.
import Platform
import Synchronization

/// Decodes one request after the other.
final class Decoding: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var queue: LaneQueue<Job>
        /// Whether the thread is to look here.
        var isGoing = false
    }

    private let loop: EventLoop
    private let state: Mutex<State>

    /// - Parameter urgentPercent: of what is decoded, which the urgent lane may have before the
    ///   ordinary one.
    init(urgentPercent: Int) throws(PlatformFailure) {
        loop = try EventLoop(name: "decode")
        state = Mutex(State(queue: LaneQueue(urgentPercent: urgentPercent)))
    }

    func start() throws(PlatformFailure) { try loop.start() }

    /// After the server: whatever is still to be decoded then has nobody who waits for it.
    func stop() { loop.stop() }

    /// Lets a request wait; `job` is called once, on the thread.
    func put(_ job: @escaping Job, spans: Int, _ lane: Lane) {
        let isFirst = state.withLock { state in
            state.queue.put(job, spans: spans, lane)
            defer { state.isGoing = true }
            return !state.isGoing
        }
        if isFirst { loop.post { [self] in run() } }
    }

    private func run() {
        while true {
            let next = state.withLock { state in
                let taken = state.queue.take()
                state.isGoing = taken != nil
                return taken
            }
            guard let next else { return }
            next.job()
        }
    }
}
