// A listening TCP socket on a loop.
import CSystem
import Glibc
import Primitives

/// Listens from `init` on, accepts from `start` on; belongs to its loop's thread from then on.
public final class StreamListener: EventSource {
    /// Takes a connection and its peer's numeric address.
    public typealias Accept = (StreamDescriptor, _ address: String) -> Void

    /// The port listened on, also where 0 was asked for.
    public let port: UInt16
    private let number: Int32
    private var isClosed = false
    private var running: (loop: EventLoop, tag: UInt64, accept: Accept)?

    private static let backlog: Int32 = 256
    private static let acceptsPerTurn = 16
    /// How long accepting rests when the process has no descriptor left.
    private static let restNanoseconds = 100 * Nanoseconds.perMillisecond

    /// - Parameter port: 0 asks for any free one.
    /// - Throws: `unknownHost`, or `system` where the address is taken.
    public init(address: String, port: UInt16) throws(PlatformFailure) {
        let number = csystem_listen(address, port, Self.backlog, 0)
        if number == CSYSTEM_UNKNOWN_HOST { throw .unknownHost(address) }
        self.number = try PlatformFailure.check(number, "listen on \(address):\(port)")
        self.port = UInt16(truncatingIfNeeded: csystem_local_port(number))
    }

    deinit {
        if !isClosed { close(number) }
    }

    /// On the loop's thread, once.
    public func start(on loop: EventLoop, _ accept: @escaping Accept) {
        guard let tag = loop.core.watch(number, self, events: CSYSTEM_READABLE) else { return }
        running = (loop, tag, accept)
    }

    /// Accepts no more and frees the port.
    public func stop() {
        if let running { running.loop.core.forget(number, tag: running.tag) }
        running = nil
        if !isClosed { close(number) }
        isClosed = true
    }

    func ready(_ events: UInt32) {
        for _ in 0..<Self.acceptsPerTurn {
            guard let accept = running?.accept else { return }
            let (descriptor, address) = Self.accept(number)
            switch -descriptor {
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return rest()
            case 1...: continue  // the connection died in the queue
            default:
                if let descriptor = try? StreamDescriptor(adopting: descriptor) {
                    accept(descriptor, address)
                }
            }
        }
    }

    func flush() {}

    private static func accept(_ listener: Int32) -> (descriptor: Int32, address: String) {
        let count = Int(CSYSTEM_ADDRESS_BYTES)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count) { text in
            guard let base = text.baseAddress else { return (-EAGAIN, "") }
            base[0] = 0
            let descriptor = csystem_accept(listener, base)
            return (descriptor, String(cString: base))
        }
    }

    private func rest() {
        guard let (loop, tag, _) = running else { return }
        loop.core.change(number, tag: tag, events: 0)
        let listener = Confined(self, to: loop.ownership)
        loop.schedule(afterNanoseconds: Self.restNanoseconds) {
            guard let (loop, tag, _) = listener.value.running else { return }
            loop.core.change(listener.value.number, tag: tag, events: CSYSTEM_READABLE)
        }
    }
}
