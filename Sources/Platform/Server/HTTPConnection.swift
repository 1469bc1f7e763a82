// One connection: its phase, its deadlines, and its beginning and end.
import CSystem
import Glibc
import Primitives

/// Owned by its shard's loop. Input is in `HTTPConnectionInput`, output in `HTTPConnectionOutput`.
///
/// One request is with the application at a time; what a peer sends ahead waits, bounded.
final class HTTPConnection: EventSource {
    enum Phase {
        /// Between requests: no byte of the next head has come.
        case idle
        /// Inside a head.
        case head
        /// Inside a body.
        case body
        /// The application has the request.
        case answering
        /// The application writes a response of unknown length.
        case streaming
        /// No more requests: what is left of the output is sent.
        case finishing
        /// Our side is ended; the peer's bytes are thrown away until it ends too (RFC 9112 §9.6).
        case lingering
        case closed
    }

    let shard: HTTPShard
    let descriptor: Int32
    /// Place in the shard's list.
    var index: Int

    var phase = Phase.idle
    var parser: HTTPRequestParser
    /// Bytes received and not used yet: a piece of a head, or requests sent ahead.
    var leftover: [UInt8] = []
    var isConsuming = false
    var peerHasFinished = false
    /// Whether the request under way may use what is reserved.
    var isPreferred = false
    /// Bytes of the body the application holds.
    var requestBytes = 0
    /// Bytes counted in `HTTPGauges.pendingBytes` for this connection.
    private var heldBytes = 0
    /// Thrown away while lingering.
    var discardedBytes = 0

    var output: [UInt8] = []
    var outputStart = 0
    var isDirty = false
    var stream: ResponseStream?
    /// Number of the request with the application: an answer to an older one is ignored.
    var requestNumber: UInt64 = 0
    var framing = HTTPResponseFraming(isHead: false, minorVersion: 1, keepsAlive: true, date: "")

    /// Monotonic nanoseconds at which the phase has lasted too long.
    var deadline = UInt64.max
    /// Monotonic nanoseconds at which a peer that does not read is dropped.
    var writeDeadline = UInt64.max
    /// Monotonic nanoseconds at which the body under way began.
    var bodyStart: UInt64 = 0

    private var tag: UInt64 = 0
    private var interest = CSYSTEM_READABLE
    private(set) var confined: Confined<HTTPConnection>?

    init(_ shard: HTTPShard, _ descriptor: Int32, _ remoteAddress: String, index: Int) {
        self.shard = shard
        self.descriptor = descriptor
        self.index = index
        parser = HTTPRequestParser(limits: shard.limits, remoteAddress: remoteAddress)
    }

    func open() {
        confined = Confined(self, to: shard.loop.ownership)
        guard let tag = shard.core.watch(descriptor, self, events: interest) else {
            phase = .closed
            shard.remove(self)
            Glibc.close(descriptor)
            return
        }
        self.tag = tag
        enter(.idle)
    }

    /// Ends at once, whatever is under way.
    func close() {
        if phase == .closed { return }
        phase = .closed
        shard.core.forget(descriptor, tag: tag)
        releaseInput()
        output = []
        outputStart = 0
        account()
        confined = nil
        endStream()
        shard.remove(self)
        Glibc.close(descriptor)  // last: who sees the end may count on the gauges
    }

    func ready(_ events: UInt32) {
        if events & CSYSTEM_WRITABLE != 0 { flush() }
        if phase != .closed, events & CSYSTEM_READABLE != 0 { readable() }
        if phase != .closed, events & CSYSTEM_BROKEN != 0 { close() }
    }

    /// Begins a phase and its deadline.
    func enter(_ next: Phase) {
        phase = next
        switch next {
        case .idle: setDeadline(shard.limits.idleNanoseconds)
        case .head: setDeadline(shard.limits.headerNanoseconds)
        case .body:
            bodyStart = shard.core.now
            setDeadline(shard.limits.bodyNanoseconds)
        case .lingering: setDeadline(shard.limits.lingerNanoseconds)
        case .answering, .streaming, .finishing, .closed: deadline = .max
        }
    }

    private func setDeadline(_ span: UInt64) {
        let (sum, overflow) = shard.core.now.addingReportingOverflow(span)
        deadline = overflow ? .max : sum
    }

    /// Called by the shard's sweep.
    func checkDeadlines(_ now: UInt64) {
        if now >= writeDeadline { return close() }
        if phase == .body, isTooSlow(now) { return refuse(.slowBody) }
        if now < deadline { return }
        switch phase {
        case .idle: if outputStart == output.count { close() }
        case .lingering: close()
        case .head: refuse(.slowHeader)
        case .body: refuse(.slowBody)
        case .answering, .streaming, .finishing, .closed: break
        }
    }

    private func isTooSlow(_ now: UInt64) -> Bool {
        let elapsed = now - min(bodyStart, now)
        if elapsed < shard.limits.bodyGraceNanoseconds { return false }
        let needed = (elapsed / Nanoseconds.perMillisecond)
            .multipliedReportingOverflow(by: shard.limits.minimumBodyBytesPerSecond)
        return needed.overflow || UInt64(parser.bodyCount) < needed.partialValue / 1_000
    }

    /// The server stops: a request under way is finished, anything else ends.
    func serverStops() {
        framing.keepsAlive = false
        switch phase {
        case .idle: end()
        case .lingering: close()
        case .streaming: finishStream()
        case .head, .body, .answering, .finishing, .closed: break
        }
    }

    /// No more of the peer's bytes will be used.
    func releaseInput() {
        leftover = []
        requestBytes = 0
        if parser.bodyCount > 0 { parser = HTTPRequestParser(limits: shard.limits) }
    }

    /// Ends once what is in the buffer is sent.
    func end() {
        releaseInput()
        if outputStart == output.count { return close() }
        enter(.finishing)
        deferFlush()
    }

    /// Counts what this connection holds of its peer's bytes; refuses to hold more than all may.
    func account() {
        let body = phase == .answering ? requestBytes : parser.bodyCount
        let isMore = hold(body + leftover.count)
        if !isMore || (phase != .head && phase != .body) { return }
        let pending = shard.gauges.pendingBytes.load(ordering: .relaxed)
        if pending > pendingLimit { refuse(.overloaded) }
    }

    /// Bytes of bodies, over all connections, with which this one's may still be read.
    var pendingLimit: Int {
        let limit = shard.limits.pendingBytes
        return isPreferred ? limit : limit - limit / 100 * shard.configuration.preferredPercent
    }

    /// Whether that is more than before.
    @discardableResult
    private func hold(_ count: Int) -> Bool {
        let delta = count - heldBytes
        if delta == 0 { return false }
        heldBytes = count
        shard.gauges.pendingBytes.add(delta, ordering: .relaxed)
        return delta > 0
    }

    /// Watches for reading where there is room for more, and for writing where something waits.
    func updateInterest(isWriteBlocked: Bool) {
        if phase == .closed { return }
        var wanted: UInt32 = 0
        if wantsInput { wanted |= CSYSTEM_READABLE }
        if isWriteBlocked { wanted |= CSYSTEM_WRITABLE }
        if wanted == interest { return }
        interest = wanted
        shard.core.change(descriptor, tag: tag, events: wanted)
    }

    var isWatchingWrites: Bool { interest & CSYSTEM_WRITABLE != 0 }
}
