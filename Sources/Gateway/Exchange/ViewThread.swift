// The thread that renders what takes long and keeps the event streams, away from network and node.
import Environment
import Platform

/// Everything that is done with the event hub, and slow rendering, goes through here.
final class ViewThread: Sendable {
    let loop: EventLoop
    private let hub: Confined<EventHub>
    /// What those who listen want.
    let interest: FeedInterest
    private let clock: any Clock

    /// - Parameter interest: that of the hub.
    init(
        _ hub: sending EventHub, _ interest: FeedInterest, clock: any Clock
    ) throws(PlatformFailure) {
        self.interest = interest
        self.clock = clock
        loop = try EventLoop(name: "views")
        self.hub = Confined(hub, to: loop)
    }

    func start(heartbeatNanoseconds: UInt64) throws(PlatformFailure) {
        loop.post { [self] in beat(heartbeatNanoseconds) }
        try loop.start()
    }

    /// Runs `body` on the thread.
    func post(_ body: @escaping @Sendable () -> Void) { loop.post(body) }

    /// Runs `body` with the hub.
    func withHub(_ body: @escaping @Sendable (EventHub) -> Void) {
        loop.post { [self] in body(hub.value) }
    }

    /// Ends every event stream, for good.
    func closeStreams() {
        let gate = Gate()
        withHub { hub in
            hub.closeAll()
            gate.open()
        }
        gate.wait()
    }

    /// Ends the thread.
    func stop() { loop.stop() }

    private func beat(_ interval: UInt64) {
        hub.value.beat(at: clock.monotonicNanoseconds())
        loop.schedule(afterNanoseconds: interval) { [self] in beat(interval) }
    }
}
