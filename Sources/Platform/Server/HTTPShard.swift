// One loop's part of a server: its listening socket and the connections it has accepted.
import CSystem
import Glibc
import Primitives

/// Owned by one loop's thread.
final class HTTPShard: EventSource {
    let loop: EventLoop
    let core: LoopCore
    let configuration: HTTPConfiguration
    let answer: HTTPAnswer
    let gauges: HTTPGauges
    private(set) var isStopping = false

    var limits: HTTPLimits { configuration.limits }

    private let listener: Int32
    private var tag: UInt64?
    private var isListening = false
    private var connections: [HTTPConnection] = []
    private var onEmpty: (@Sendable () -> Void)?
    private var dateSecond = UInt64.max
    private var dateText = ""

    /// Connections accepted in one turn at most, so that those open are served meanwhile.
    private static let acceptsPerTurn = 64
    /// Connections above the limit that are told so; further ones are closed without a word.
    private static let politeRefusals = 64
    /// How long accepting rests when the process has no descriptor left.
    private static let acceptRest = 100 * Nanoseconds.perMillisecond

    init(
        listener: Int32, loop: EventLoop, configuration: HTTPConfiguration, gauges: HTTPGauges,
        answer: @escaping HTTPAnswer
    ) {
        self.listener = listener
        self.loop = loop
        core = loop.core
        self.configuration = configuration
        self.gauges = gauges
        self.answer = answer
    }

    /// Begins to accept; on the loop's thread.
    func start() {
        tag = core.watch(listener, self, events: CSYSTEM_READABLE)
        isListening = tag != nil
        scheduleSweep()
    }

    /// Stops accepting, closes what is idle, and calls `onEmpty` when the last connection is gone
    /// or `HTTPLimits.stopNanoseconds` have passed.
    func stop(onEmpty: @escaping @Sendable () -> Void) {
        isStopping = true
        self.onEmpty = onEmpty
        if let tag { core.forget(listener, tag: tag) }
        tag = nil
        close(listener)
        for connection in connections { connection.serverStops() }
        let shard = Confined(self, to: loop.ownership)
        loop.schedule(afterNanoseconds: limits.stopNanoseconds) { shard.value.closeAll() }
        reportIfEmpty()
    }

    private func closeAll() {
        for connection in connections { connection.close() }
        reportIfEmpty()
    }

    private func reportIfEmpty() {
        guard isStopping, connections.isEmpty, let report = onEmpty else { return }
        onEmpty = nil
        report()
    }

    func ready(_ events: UInt32) {
        for _ in 0..<Self.acceptsPerTurn {
            let (descriptor, address) = Self.accept(listener)
            switch -descriptor {
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return restAccepting()
            case 1...: continue  // the connection died in the queue
            default: add(descriptor, address)
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

    private func add(_ descriptor: Int32, _ address: String) {
        let open = gauges.connections.add(1, ordering: .relaxed).newValue
        if open > limits.connections + Self.politeRefusals {
            gauges.connections.subtract(1, ordering: .relaxed)
            gauges.refusals.add(1, ordering: .relaxed)
            Glibc.close(descriptor)
            return
        }
        let connection = HTTPConnection(self, descriptor, address, index: connections.count)
        connections.append(connection)
        connection.open()
        if open > limits.connections { connection.refuse(.overloaded) }
    }

    /// Called by a connection that has closed.
    func remove(_ connection: HTTPConnection) {
        gauges.connections.subtract(1, ordering: .relaxed)
        let last = connections.removeLast()
        if last !== connection {
            connections[connection.index] = last
            last.index = connection.index
        }
        reportIfEmpty()
    }

    private func restAccepting() {
        guard isListening, let tag else { return }
        isListening = false
        core.change(listener, tag: tag, events: 0)
        let shard = Confined(self, to: loop.ownership)
        loop.schedule(afterNanoseconds: Self.acceptRest) { shard.value.resumeAccepting() }
    }

    private func resumeAccepting() {
        guard let tag else { return }
        isListening = true
        core.change(listener, tag: tag, events: CSYSTEM_READABLE)
    }

    private func scheduleSweep() {
        let shard = Confined(self, to: loop.ownership)
        loop.schedule(afterNanoseconds: limits.sweepNanoseconds) {
            shard.value.sweep()
        }
    }

    /// Backwards, because a connection that closes takes the last one's place.
    private func sweep() {
        var index = connections.count - 1
        while index >= 0 {
            if index < connections.count { connections[index].checkDeadlines(core.now) }
            index -= 1
        }
        if !(isStopping && connections.isEmpty) { scheduleSweep() }
    }

    /// The Date field, made once a second.
    func date() -> String {
        let instant = core.clock.now()
        let second = instant.nanoseconds / Nanoseconds.perSecond
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.format(instant)
        }
        return dateText
    }
}
