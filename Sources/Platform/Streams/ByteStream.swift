// A TCP connection on a loop: what came is handed up, what is to go is asked for when it can go.
import CSystem
import Glibc

/// Whoever uses a stream. Called on the loop's thread.
public protocol StreamUser: AnyObject {
    /// Bytes that came; valid during the call.
    func streamReceived(_ bytes: UnsafeRawBufferPointer)
    /// The socket takes more: append about `room` bytes to `output`, or none. The stream must not
    /// be closed from here.
    func streamWrites(into output: inout [UInt8], room: Int)
    /// The stream has ended and is closed: by the peer (nil) or by a failure.
    func streamEnded(_ failure: PlatformFailure?)
}

/// Belongs to its loop's thread. Output is pulled, so that its order is chosen at the last moment.
public final class ByteStream: EventSource {
    /// Bytes that are asked for at once.
    private static let roomBytes = 256 << 10
    /// Bytes that one stream sends before the others have a turn.
    private static let turnBytes = 1 << 20
    /// Output room that is kept between turns.
    private static let keptBytes = 512 << 10

    private let core: LoopCore
    private var descriptor: StreamDescriptor?
    private var tag: UInt64 = 0
    private weak var user: (any StreamUser)?
    private var output: [UInt8] = []
    private var outputStart = 0
    private var isDirty = false
    private var interest: UInt32 = 0

    /// Begins to read. Nil where the kernel refuses to watch the socket.
    public init?(_ descriptor: StreamDescriptor, on loop: EventLoop, user: any StreamUser) {
        core = loop.core
        self.descriptor = descriptor
        self.user = user
        interest = CSYSTEM_READABLE
        guard let tag = core.watch(descriptor.number, self, events: interest) else { return nil }
        self.tag = tag
    }

    /// Whether it reads; the peer is held back by TCP while it does not.
    public var isReading: Bool {
        get { interest & CSYSTEM_READABLE != 0 }
        set { wait(for: CSYSTEM_READABLE, newValue) }
    }

    /// The user has something to send: it is asked for it at the end of this turn of the loop.
    public func requestWrite() {
        if isDirty || descriptor == nil || interest & CSYSTEM_WRITABLE != 0 { return }
        isDirty = true
        core.deferFlush(self)
    }

    /// Ends at once, without a call of `streamEnded`; what can be sent without waiting is.
    public func close() {
        guard let descriptor else { return }
        if outputStart == output.count { refill() }
        while sendSome() {}
        core.forget(descriptor.number, tag: tag)
        self.descriptor = nil
        user = nil
        output = []
    }

    func ready(_ events: UInt32) {
        if events & CSYSTEM_WRITABLE != 0 { flush() }
        if events & CSYSTEM_READABLE != 0, isReading { read() }
        if events & CSYSTEM_BROKEN != 0 { end(nil) }
    }

    func flush() {
        isDirty = false
        var sent = 0
        while descriptor != nil {
            if outputStart == output.count { refill() }
            if outputStart == output.count { return wait(for: CSYSTEM_WRITABLE, false) }
            let start = outputStart
            if sent >= Self.turnBytes || !sendSome() {
                return wait(for: CSYSTEM_WRITABLE, true)
            }
            sent += max(0, outputStart - start)
        }
    }

    private func refill() {
        output.removeAll(keepingCapacity: output.capacity <= Self.keptBytes)
        outputStart = 0
        user?.streamWrites(into: &output, room: Self.roomBytes)
    }

    /// Sends what it can at once of what is in the buffer; false where nothing went.
    private func sendSome() -> Bool {
        guard let descriptor, outputStart < output.count else { return false }
        let sent = output.withUnsafeBytes { bytes -> Int in
            guard let base = bytes.baseAddress else { return 0 }
            return csystem_send(
                descriptor.number, base + outputStart, bytes.count - outputStart)
        }
        // A broken connection shows up as a readable end as well.
        if sent <= 0 { return false }
        outputStart += sent
        return true
    }

    private func read() {
        guard let descriptor, let base = core.scratch.baseAddress else { return }
        let count = csystem_receive(descriptor.number, base, core.scratch.count)
        if count == -Int(EAGAIN) { return }
        if count == 0 { return end(nil) }
        if count < 0 { return end(.system(operation: "receive", code: Int32(-count))) }
        user?.streamReceived(UnsafeRawBufferPointer(start: base, count: count))
    }

    private func end(_ failure: PlatformFailure?) {
        let user = user
        if descriptor == nil { return }
        close()
        user?.streamEnded(failure)
    }

    private func wait(for event: UInt32, _ isWanted: Bool) {
        guard let descriptor else { return }
        let wanted = isWanted ? interest | event : interest & ~event
        if wanted == interest { return }
        interest = wanted
        core.change(descriptor.number, tag: tag, events: wanted)
    }
}
