// Tells a worker that a checkpoint was certified: what it is assigned is in the lists from then on.
import Platform
import Primitives
import Synchronization

/// Follows the events of a node on a thread of its own, which ends with the process.
struct CheckpointBell {
    private final class Hearing: Sendable {
        /// Checkpoints heard of.
        let count = Atomic<UInt64>(0)
        let isListening = Atomic<Bool>(false)
    }

    private let hearing = Hearing()

    /// Without a stream of events nobody hears a checkpoint, so lists are asked for this often.
    private static let deafPause = 200 * Nanoseconds.perMillisecond
    /// Between two looks where no checkpoint comes.
    private static let longestPause = 5 * Nanoseconds.perSecond
    private static let step = 20 * Nanoseconds.perMillisecond

    /// - Parameter address: that of a node, which need not run yet.
    init(_ address: String) throws(CommandFailure) {
        let hearing = hearing
        do {
            let thread = try OSThread.start("bell") {
                while true {
                    try? Self.follow(address, hearing)
                    hearing.isListening.store(false, ordering: .releasing)
                    Pause.milliseconds(500)
                }
            }
            thread.detach()
        } catch { throw .system(error) }
    }

    /// Until the node is gone.
    private static func follow(_ address: String, _ hearing: Hearing) throws {
        try HTTPClient(address).events("/v1/events?kinds=checkpoint,status") { event in
            // Every event, and the first of all says that the stream is there.
            hearing.isListening.store(true, ordering: .releasing)
            if event.event == "checkpoint" {
                hearing.count.wrappingAdd(1, ordering: .releasing)
            }
            return true
        }
    }

    /// How many checkpoints were heard of so far.
    var count: UInt64 { hearing.count.load(ordering: .acquiring) }

    /// Waits until there was another checkpoint than those counted, for five seconds at most, until
    /// asked to stop, or until there is something else to do.
    func wait(after count: UInt64, _ stop: Stopping, orUntil isReady: () -> Bool) {
        let isListening = hearing.isListening.load(ordering: .acquiring)
        var left = isListening ? Self.longestPause : Self.deafPause
        while left > 0, !stop.isAsked, self.count == count, !isReady() {
            stop.wait(nanoseconds: Self.step)
            left -= min(left, Self.step)
        }
    }
}
