// The thread that owns the node: work posted to it, and the timer that makes the node advance.
import Cryptography
import Node
import Platform
import Primitives

/// Everything that is done with the node goes through here.
final class NodeThread: Sendable {
    private let loop: EventLoop
    private let desk: Confined<NodeDesk>
    /// A node's own signatures come back to it in what others send.
    private let signatures = SignatureMemory()

    /// Takes the node over.
    init(_ desk: sending NodeDesk) throws(PlatformFailure) {
        loop = try EventLoop(name: "node")
        self.desk = Confined(desk, to: loop)
    }

    /// Starts the thread and the node's timer; what happens from now on is counted, and given to
    /// `feed` where there is `interest` in it.
    func start(
        meters: Meters, _ interest: FeedInterest, feed: @escaping @Sendable ([FeedItem]) -> Void
    ) throws(PlatformFailure) {
        loop.post { [self] in
            desk.value.feed = feed
            desk.value.interest = interest
            desk.value.meters.totals = meters
            inTurn {}
        }
        try loop.start()
    }

    /// Runs `body` with the node. What is posted while the thread is busy is committed together.
    func post(_ body: @escaping @Sendable (NodeDesk) -> Void) {
        loop.post { [self] in inTurn { body(desk.value) } }
    }

    /// Runs `body` in one turn after the other, as long as it says that something is left.
    func pump(_ body: @escaping @Sendable (NodeDesk) -> Bool) {
        loop.post { [self] in
            var isLeft = false
            inTurn { isLeft = body(desk.value) }
            // Behind the end of this turn, which is posted already.
            if isLeft { pump(body) }
        }
    }

    /// Runs `body`, which only asks, with the node; not while something is uncommitted.
    func ask(_ body: @escaping @Sendable (NodeDesk) -> Void) {
        loop.post { [self] in
            let desk = desk.value
            if desk.isInTurn { desk.questions.append(body) } else { body(desk) }
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

    /// Runs `body` in the turn that is open, or opens one: it ends behind everything that was
    /// posted
    /// until now.
    private func inTurn(_ body: () -> Void) {
        let desk = desk.value
        let isFirst = !desk.isInTurn
        if isFirst { desk.beginTurn() }
        SignatureMemory.$current.withValue(signatures, operation: body)
        guard isFirst else { return }
        loop.post { [self] in
            self.desk.value.endTurn()
            settle()
        }
    }

    /// Sends off what happened, and sets the timer where the node wants to be called earlier than
    /// before.
    private func settle() {
        let desk = desk.value
        desk.sendFeed()
        guard let (delay, earlier) = desk.takeTimer() else { return }
        if let earlier { loop.cancel(earlier) }
        desk.timer = loop.schedule(afterNanoseconds: delay) { [self] in
            self.desk.value.noteTimer()
            inTurn {}
        }
    }
}
