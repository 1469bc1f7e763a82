// The thread that owns the node: work posted to it, and the timer that makes the node advance.
import Node
import Platform
import Primitives

/// Everything that is done with the node goes through here.
final class NodeThread: Sendable {
    private let loop: EventLoop
    private let desk: Confined<NodeDesk>

    /// Takes the node over.
    init(_ desk: sending NodeDesk) throws(PlatformFailure) {
        loop = try EventLoop(name: "node")
        self.desk = Confined(desk, to: loop)
    }

    /// Starts the thread and the node's timer; what happens from now on is given to `feed` and
    /// counted.
    func start(
        meters: Meters, feed: @escaping @Sendable ([FeedItem]) -> Void
    ) throws(PlatformFailure) {
        loop.post { [self] in
            desk.value.feed = feed
            desk.value.meters.totals = meters
            tick()
        }
        try loop.start()
    }

    /// Runs `body` with the node.
    func post(_ body: @escaping @Sendable (NodeDesk) -> Void) {
        loop.post { [self] in
            body(desk.value)
            settle()
        }
    }

    /// Makes everything durable, closes the node, and ends the thread.
    func stop() {
        let gate = Gate()
        loop.post { [self] in
            desk.value.close()
            gate.open()
        }
        gate.wait()
        loop.stop()
    }

    private func tick() {
        desk.value.advance()
        settle()
    }

    /// Sends off what happened, and sets the timer where the node wants to be called earlier than
    /// before.
    private func settle() {
        let desk = desk.value
        desk.sendFeed()
        guard let (delay, earlier) = desk.takeTimer() else { return }
        if let earlier { loop.cancel(earlier) }
        desk.timer = loop.schedule(afterNanoseconds: delay) { [self] in
            self.desk.value.timer = nil
            tick()
        }
    }
}
