// The HTTP/1.1 server: listening sockets, one loop or several, start and stop.
import CSystem
import Glibc
import Synchronization

/// A server on one address. `start` and `stop` once each; the listening socket exists from `init`
/// on.
public final class HTTPServer: Sendable {
    /// The port listened on, also where 0 was asked for.
    public let port: UInt16
    private let configuration: HTTPConfiguration
    private let answer: HTTPAnswer
    private let gauges = HTTPGauges()
    private let loops: [EventLoop]
    private let listeners: [Int32]

    private struct Running {
        var shards: [(loop: EventLoop, shard: Confined<HTTPShard>)] = []
        var isStarted = false
        var isStopped = false
    }
    private let running = Mutex(Running())

    /// Pending connections the kernel keeps per listening socket.
    private static let backlog: Int32 = 4_096
    /// Descriptors left for files and clients when the limit of connections meets that of the
    /// process.
    private static let reservedDescriptors = 256

    /// Binds to `address` (a numeric address or a host name of this machine) and `port` (0: any
    /// free one). The limit of open files is raised to its hard limit, and `HTTPLimits.connections`
    /// lowered to it.
    /// - Throws: `unknownHost`, or `system` where the address is taken or descriptors are short.
    public init(
        address: String, port: UInt16, configuration: HTTPConfiguration = HTTPConfiguration(),
        answer: @escaping HTTPAnswer
    ) throws(PlatformFailure) {
        let files = csystem_raise_file_limit()
        var configuration = configuration
        if files > 0 {
            let room = max(16, files - Self.reservedDescriptors)
            configuration.limits.connections = min(configuration.limits.connections, room)
        }
        self.configuration = configuration
        self.answer = answer
        var listeners: [Int32] = []
        var loops: [EventLoop] = []
        var bound = port
        let count = max(1, configuration.loops)
        do throws(PlatformFailure) {
            if count > 1 { bound = try Self.freePort(address, port) }
            for number in 0..<count {
                listeners.append(try Self.listen(address, bound, isShared: count > 1))
                bound = try Self.localPort(listeners[0])
                loops.append(try EventLoop(name: "http-\(number)"))
            }
        } catch {
            for listener in listeners { close(listener) }
            throw error
        }
        self.listeners = listeners
        self.loops = loops
        self.port = bound
    }

    deinit {
        if !running.withLock({ $0.isStarted }) {
            for listener in listeners { close(listener) }
        }
    }

    /// A shared port would let a second server in unnoticed: so it is first taken for one alone.
    private static func freePort(
        _ address: String, _ port: UInt16
    ) throws(PlatformFailure) -> UInt16 {
        let probe = try listen(address, port, isShared: false)
        defer { close(probe) }
        return try localPort(probe)
    }

    private static func listen(
        _ address: String, _ port: UInt16, isShared: Bool
    ) throws(PlatformFailure) -> Int32 {
        let listener = csystem_listen(address, port, backlog, isShared ? 1 : 0)
        if listener == CSYSTEM_UNKNOWN_HOST { throw .unknownHost(address) }
        return try PlatformFailure.check(listener, "listen on \(address):\(port)")
    }

    private static func localPort(_ listener: Int32) throws(PlatformFailure) -> UInt16 {
        UInt16(truncatingIfNeeded: try PlatformFailure.check(
            csystem_local_port(listener), "getsockname"))
    }

    /// Numbers for metrics.
    public var counts: HTTPCounts { gauges.counts }

    /// Begins to serve. - Throws: `system` where no thread can be started.
    public func start() throws(PlatformFailure) {
        let isFirst = running.withLock { running in
            defer { running.isStarted = true }
            return !running.isStarted
        }
        if !isFirst { return }
        for (loop, listener) in zip(loops, listeners) {
            loop.post { [self] in
                let shard = HTTPShard(
                    listener: listener, loop: loop, configuration: configuration,
                    gauges: gauges, answer: answer)
                shard.start()
                let confined = Confined(shard, to: loop.ownership)
                running.withLock { $0.shards.append((loop, confined)) }
            }
            try loop.start()
        }
    }

    /// Stops accepting, lets requests under way finish for at most `HTTPLimits.stopNanoseconds`,
    /// and waits until every connection is closed. Not from an answer: the loop would wait for
    /// itself.
    public func stop() {
        let isFirst = running.withLock { running in
            defer { running.isStopped = true }
            return running.isStarted && !running.isStopped
        }
        if !isFirst { return }
        for loop in loops {
            let gate = Gate()
            loop.post { [self] in
                let shard = running.withLock { $0.shards.first { $0.loop === loop }?.shard }
                if let shard { shard.value.stop { gate.open() } } else { gate.open() }
            }
            gate.wait()
            loop.stop()
        }
        running.withLock { $0.shards = [] }
    }
}
