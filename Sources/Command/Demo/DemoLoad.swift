// The load of the demonstration: copies of the samples over real OTLP/HTTP, paced, from a thread of its own.
import Platform
import Primitives
import Synchronization

/// Sends rounds of all samples for a while.
final class DemoLoad: Sendable {
    private struct State {
        var spans: UInt64 = 0
        var refused: UInt64 = 0
        var failure: CommandFailure?
    }

    private let loop: EventLoop
    private let state = Mutex(State())
    private let ended = Gate()
    /// Each recording keeps its own times, so that its runs hang together.
    private let recordings: [[TraceTemplate]]

    /// Rounds a second, at most: enough to see numbers move, little enough for a laptop's disk.
    private static let roundsPerSecond: UInt64 = 10

    init(recordings: [[TraceTemplate]]) throws(CommandFailure) {
        self.recordings = recordings
        do {
            loop = try EventLoop(name: "demo")
            try loop.start()
        } catch { throw .system(error) }
    }

    /// Spans sent and durable so far.
    var spans: UInt64 { state.withLock { $0.spans } }
    var refused: UInt64 { state.withLock { $0.refused } }
    var failure: CommandFailure? { state.withLock { $0.failure } }

    /// Begins to send; ends by itself after `nanoseconds`, with a whole round.
    func start(to address: String, for nanoseconds: UInt64) {
        loop.post { [self] in
            do {
                try send(to: address, for: nanoseconds)
            } catch {
                state.withLock { $0.failure = error }
            }
            ended.open()
        }
    }

    /// Waits at most `nanoseconds`; whether the load has ended.
    func hasEnded(within nanoseconds: UInt64) -> Bool { ended.wait(nanoseconds: nanoseconds) }

    func stop() { loop.stop() }

    private func send(
        to address: String, for nanoseconds: UInt64
    ) throws(CommandFailure) {
        let clock = SystemClock()
        var sender = TraceSender(client: try NodeClient(address))
        let start = clock.monotonicNanoseconds()
        var copy = clock.now().nanoseconds
        var round: UInt64 = 0
        while clock.monotonicNanoseconds() &- start < nanoseconds {
            for recording in recordings {
                try send(recording, copy: copy, &sender, clock)
            }
            copy += 1
            round += 1
            let due = start + round * (Nanoseconds.perSecond / Self.roundsPerSecond)
            let now = clock.monotonicNanoseconds()
            if due > now { Pause.milliseconds(UInt32((due - now) / Nanoseconds.perMillisecond)) }
        }
    }

    private func send(
        _ recording: [TraceTemplate], copy: UInt64, _ sender: inout TraceSender,
        _ clock: SystemClock
    ) throws(CommandFailure) {
        let end = recording.reduce(0) { max($0, $1.end) }
        let shift = clock.now().nanoseconds &- end
        for template in recording {
            try sender.send(template.request(copy: copy, shift: shift))
            let counts = sender.counts
            state.withLock {
                $0.spans = counts.accepted
                $0.refused = counts.refused
            }
        }
    }
}
