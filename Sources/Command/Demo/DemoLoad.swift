// The load of the demonstration: paced copies of the samples over real OTLP/HTTP.
import Platform
import Primitives
import Synchronization

/// Sends rounds of all samples for a while, each sender on a thread and a connection of its own.
final class DemoLoad: Sendable {
    private struct State {
        var spans: UInt64 = 0
        var refused: UInt64 = 0
        var failure: CommandFailure?
        /// Spans of each run that were acknowledged, every one of their request accepted.
        var acknowledged: [String: UInt64] = [:]
        /// Senders that have not ended.
        var sending = 0
    }

    private let loops: [EventLoop]
    private let state = Mutex(State())
    private let ended = Gate()
    /// Each recording keeps its own times, so that its runs hang together.
    private let recordings: [[TraceTemplate]]

    /// A request waits for the disk and for its batch, so that one sender alone would be slow.
    private static let senders = 8
    /// Rounds a second of one sender, at most: enough to see numbers move, little enough for the
    /// disk of a laptop.
    private static let roundsPerSecond: UInt64 = 2

    init(recordings: [[TraceTemplate]]) throws(CommandFailure) {
        self.recordings = recordings
        var loops: [EventLoop] = []
        do {
            for number in 1...Self.senders {
                let loop = try EventLoop(name: "demo-\(number)")
                try loop.start()
                loops.append(loop)
            }
        } catch { throw .system(error) }
        self.loops = loops
    }

    /// Spans sent and durable so far.
    var spans: UInt64 { state.withLock { $0.spans } }
    var refused: UInt64 { state.withLock { $0.refused } }
    /// Spans of each run that were acknowledged, by the run's id.
    var acknowledged: [String: UInt64] { state.withLock { $0.acknowledged } }
    /// Of the sender that failed first.
    var failure: CommandFailure? { state.withLock { $0.failure } }

    /// Begins to send, to each address from as many senders; ends by itself after `nanoseconds`,
    /// with whole rounds.
    func start(to addresses: [String], for nanoseconds: UInt64) {
        state.withLock { $0.sending = loops.count }
        for (number, loop) in loops.enumerated() {
            let address = addresses[number % addresses.count]
            loop.post { [self] in
                do throws(CommandFailure) {
                    try send(to: address, for: nanoseconds, number: UInt64(number))
                } catch {
                    state.withLock { $0.failure = $0.failure ?? error }
                }
                let sending = state.withLock { state in
                    state.sending -= 1
                    return state.sending
                }
                if sending == 0 { ended.open() }
            }
        }
    }

    /// Waits at most `nanoseconds`; whether the load has ended.
    func hasEnded(within nanoseconds: UInt64) -> Bool { ended.wait(nanoseconds: nanoseconds) }

    func stop() {
        for loop in loops { loop.stop() }
    }

    private func send(
        to address: String, for nanoseconds: UInt64, number: UInt64
    ) throws(CommandFailure) {
        let clock = SystemClock()
        var sender = TraceSender(client: try NodeClient(address))
        let start = clock.monotonicNanoseconds()
        let interval = Nanoseconds.perSecond / Self.roundsPerSecond
        // Senders begin at different times, and no two copies of all have the same number.
        var due = start + interval / UInt64(Self.senders) * number
        var copy = clock.now().nanoseconds / 1_000 * 1_000 + number
        while true {
            let now = clock.monotonicNanoseconds()
            if now - start >= nanoseconds { return }
            if due > now { Pause.milliseconds(UInt32((due - now) / Nanoseconds.perMillisecond)) }
            for recording in recordings { try send(recording, copy: copy, &sender, clock) }
            copy += UInt64(Self.senders)
            due += interval
        }
    }

    private func send(
        _ recording: [TraceTemplate], copy: UInt64, _ sender: inout TraceSender,
        _ clock: SystemClock
    ) throws(CommandFailure) {
        let end = recording.reduce(0) { max($0, $1.end) }
        let shift = clock.now().nanoseconds &- end
        for template in recording {
            let before = sender.counts
            try insist(template.request(copy: copy, shift: shift), &sender)
            let counts = sender.counts
            let isWhole = counts.refused == before.refused
            state.withLock { state in
                state.spans += counts.accepted - before.accepted
                state.refused += counts.refused - before.refused
                guard isWhole else { return }
                for (run, spans) in template.runs(copy: copy) {
                    state.acknowledged[run, default: 0] += spans
                }
            }
        }
    }

    /// Sends again while the node does not answer: it may have been killed and come back.
    private func insist(
        _ request: [UInt8], _ sender: inout TraceSender
    ) throws(CommandFailure) {
        var attempt = 1
        while true {
            do {
                return try sender.send(request)
            } catch {
                guard case .unreachable = error, attempt < Self.attempts else { throw error }
            }
            attempt += 1
            Pause.milliseconds(100)
        }
    }

    /// For a node that is gone, a tenth of a second apart.
    private static let attempts = 150
}
