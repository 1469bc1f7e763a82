// A response written piece by piece, from any thread, with a bounded buffer for a slow reader.
import Synchronization

/// Bytes written in order become the body of one response.
public final class ResponseStream: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    private let loop: EventLoop
    private let connection: Confined<HTTPConnection>
    /// Bytes given to `write` that the loop has not seen yet.
    private let queuedBytes = Atomic<Int>(0)
    /// Bytes the loop holds and the peer has not taken.
    private let unsentBytes = Atomic<Int>(0)
    private let limitBytes: Int

    private struct State {
        var isOpen = true
        var onClose: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    init(
        _ loop: EventLoop, _ connection: Confined<HTTPConnection>, status: Int,
        headers: [(name: String, value: String)], limitBytes: Int
    ) {
        self.loop = loop
        self.connection = connection
        self.status = status
        self.headers = headers
        self.limitBytes = limitBytes
    }

    /// Whether the peer is still there and the stream not closed.
    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Adds bytes. False where the peer is gone, or reads so slowly that `HTTPLimits.streamBytes`
    /// would be passed: then the connection is closed, for a body with a hole in it must not look
    /// whole.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        if !isOpen { return false }
        let queued = queuedBytes.add(bytes.count, ordering: .relaxed).newValue
        let waiting = queued + unsentBytes.load(ordering: .relaxed)
        if waiting > limitBytes {
            loop.perform { [self] in connection.value.abandon(self) }
            return false
        }
        loop.perform { [self] in
            queuedBytes.subtract(bytes.count, ordering: .relaxed)
            connection.value.write(bytes, of: self)
        }
        return true
    }

    /// Ends the body; the connection may serve further requests.
    public func close() {
        loop.perform { [self] in connection.value.finish(self) }
    }

    /// Calls `body` once when the stream has ended for whatever reason, on the loop's thread; at
    /// once and on the caller's thread where it has ended already.
    public func onClose(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if state.isOpen { state.onClose.append(body) }
            return state.isOpen
        }
        if !isOpen { body() }
    }

    /// Called by the connection with what the peer has not taken yet.
    func noteUnsent(_ count: Int) { unsentBytes.store(count, ordering: .relaxed) }

    /// Called once nothing more can be written.
    func ended() {
        let bodies = state.withLock { state in
            state.isOpen = false
            defer { state.onClose = [] }
            return state.onClose
        }
        for body in bodies { body() }
    }
}
