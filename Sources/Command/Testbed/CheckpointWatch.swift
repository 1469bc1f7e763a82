// Watches the checkpoints of one validator as they are certified, for the load to time its batches.
import JSON
import Platform
import Primitives

/// Follows the events of one validator on a thread of its own.
final class CheckpointWatch: Sendable {
    private let stopped = Gate()
    private let thread: OSThread

    init(_ address: String, at place: Int, for load: TestbedLoad) throws(CommandFailure) {
        let stopped = stopped
        do {
            thread = try OSThread.start("watch-\(place)") {
                while !stopped.wait(nanoseconds: 100 * Nanoseconds.perMillisecond) {
                    try? Self.follow(address, at: place, for: load, until: stopped)
                }
            }
        } catch { throw .system(error) }
    }

    /// Until the validator is gone.
    private static func follow(
        _ address: String, at place: Int, for load: TestbedLoad, until stopped: Gate
    ) throws {
        let stream = try HTTPClient(address)
        let client = try NodeClient(address)
        try stream.events("/v1/events?kinds=checkpoint") { event in
            if stopped.wait(nanoseconds: 0) { return false }
            guard event.event == "checkpoint",
                let value = try? JSONValue(parsing: Array(event.data.utf8)),
                let checkpoint = try? client.get("/v1/checkpoints/\(value.text("height"))")
            else { return true }
            let batches = checkpoint.list("contents").filter { $0.text("kind") == "batch" }
            load.noteCheckpoint(
                batches.compactMap { Digest(hex: $0.text("digest")) }, at: place)
            return true
        }
    }

    func stop() {
        stopped.open()
        // The next event, at most a heartbeat later, lets the thread see it.
        thread.detach()
    }
}
