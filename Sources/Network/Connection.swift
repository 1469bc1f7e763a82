// One link on its socket.
import Peers
import Platform
import Primitives

/// Moves bytes between a link and a stream, and tells the core what the link says.
final class Connection: StreamUser {
    let id: LinkID
    private(set) var link: Link
    private weak var core: NetworkCore?
    private var stream: ByteStream?
    private var events: [LinkEvent] = []

    init(_ id: LinkID, _ link: Link, _ core: NetworkCore) {
        self.id = id
        self.link = link
        self.core = core
    }

    /// False where the kernel refuses the socket.
    func open(_ descriptor: StreamDescriptor, on loop: EventLoop) -> Bool {
        stream = ByteStream(descriptor, on: loop, user: self)
        stream?.requestWrite()
        return stream != nil
    }

    var isOpen: Bool { stream != nil }

    func close() {
        stream?.close()
        stream = nil
    }

    func send(_ parcel: Parcel, _ priority: LinkPriority, at now: UInt64) {
        link.send(parcel, priority, at: now)
        stream?.requestWrite()
    }

    func hold() { link.hold() }

    func release(at now: UInt64) {
        link.release()
        settle(at: now)
    }

    func tick(at now: UInt64) {
        link.tick(at: now, into: &events)
        report(at: now)
    }

    func streamReceived(_ bytes: UnsafeRawBufferPointer) {
        guard let now = core?.now() else { return }
        link.receive(bytes, at: now, into: &events)
        report(at: now)
    }

    func streamWrites(into output: inout [UInt8], room: Int) {
        guard let now = core?.now() else { return }
        link.takeOutput(into: &output, limit: room, at: now)
    }

    func streamEnded(_ failure: PlatformFailure?) {
        stream = nil
        guard let now = core?.now() else { return }
        link.connectionClosed(into: &events)
        report(at: now)
    }

    /// Who hears of a message may send, close and hold: the link is not under way here.
    private func report(at now: UInt64) {
        if !events.isEmpty {
            let reported = events
            events.removeAll(keepingCapacity: true)
            for event in reported { core?.handle(event, of: self, at: now) }
        }
        settle(at: now)
    }

    private func settle(at now: UInt64) {
        guard let stream else { return }
        if link.hasOutput { stream.requestWrite() }
        stream.isReading = link.mayRead(at: now)
    }
}
