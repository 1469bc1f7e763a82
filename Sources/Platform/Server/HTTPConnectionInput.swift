// The receiving half of a connection: bytes to requests, one at a time.
import CSystem
import Glibc

extension HTTPConnection {
    /// Whether more bytes may be read now.
    var wantsInput: Bool {
        if peerHasFinished { return false }
        return canConsume || !isReceiving || leftover.count < shard.limits.pipelinedBytes
    }

    /// Whether the next request may be read: none is with the application, and the peer reads.
    private var canConsume: Bool {
        switch phase {
        case .idle, .head, .body: output.count - outputStart <= shard.limits.outputBytes
        case .answering, .streaming, .finishing, .lingering, .closed: false
        }
    }

    func readable() {
        let scratch = shard.core.scratch
        guard let base = scratch.baseAddress else { return }
        let received = csystem_receive(descriptor, base, scratch.count)
        if received == -Int(EAGAIN) { return }
        if received < 0 { return close() }
        if received == 0 { return inputEnded() }
        take(UnsafeRawBufferPointer(start: base, count: received))
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if phase == .lingering || phase == .finishing { return discard(bytes.count) }
        if leftover.isEmpty, canConsume {
            let used = consume(bytes)
            if used < bytes.count, isReceiving { leftover = Array(bytes[used...]) }
        } else {
            leftover.append(contentsOf: bytes)
            consumeLeftover()
        }
        settle()
    }

    /// Whether bytes that come may still belong to a request.
    private var isReceiving: Bool {
        switch phase {
        case .idle, .head, .body, .answering, .streaming: true
        case .finishing, .lingering, .closed: false
        }
    }

    /// Goes on with what was sent ahead, after an answer or when the peer has read.
    func resume() {
        if isConsuming || phase == .closed { return }
        if !leftover.isEmpty { consumeLeftover() }
        settle()
    }

    private func consumeLeftover() {
        guard canConsume, !leftover.isEmpty else { return }
        let pending = leftover
        leftover = []
        let used = pending.withUnsafeBytes { consume($0) }
        if used < pending.count, isReceiving { leftover = Array(pending[used...]) }
    }

    /// Feeds the parser until it needs more or a request is with the application.
    private func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
        isConsuming = true
        defer { isConsuming = false }
        var used = 0
        while canConsume {
            do throws(HTTPFault) {
                let step = try parser.consume(bytes.slice(used, bytes.count))
                used += step.used
                switch step.event {
                case .needsMore:
                    if used < bytes.count, phase == .idle { enter(.head) }
                    return used
                case .head(let head): headArrived(head, hasMore: used < bytes.count)
                case .request(let request): requestArrived(request)
                }
            } catch {
                refuse(error)
            }
        }
        return used
    }

    private func headArrived(_ head: HTTPRequestHead, hasMore: Bool) {
        framing = HTTPResponseFraming(
            isHead: head.method == "HEAD", minorVersion: head.minorVersion,
            keepsAlive: head.keepsAlive && !shard.isStopping, date: "")
        if let refusal = shard.configuration.admit(head) {
            send(refusal, closing: true)
            return
        }
        isPreferred = shard.configuration.isPreferred(head)
        let pending = shard.gauges.pendingBytes.load(ordering: .relaxed)
        if (head.contentLength ?? 0) > pendingLimit - pending {
            return refuse(.overloaded)
        }
        if head.expectsContinue, head.contentLength != 0, !hasMore {
            output.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
            deferFlush()
        }
        enter(.body)
    }

    private func requestArrived(_ request: HTTPRequest) {
        requestBytes = request.body.count
        enter(.answering)
        account()
        requestNumber &+= 1
        guard let confined else { return }
        shard.gauges.requests.add(1, ordering: .relaxed)
        let responder = Responder(
            shard.loop, confined, requestNumber, streamBytes: shard.limits.streamBytes)
        shard.answer(request, responder)
    }

    /// The peer has ended its side: what it asked for is still answered (RFC 9112 §9.6).
    private func inputEnded() {
        peerHasFinished = true
        if phase == .lingering || phase == .streaming { return close() }
        settle()
    }

    /// A refused peer may send on for a while, so that it gets to read the refusal.
    private func discard(_ count: Int) {
        discardedBytes += count
        if discardedBytes > shard.limits.bodyBytes { close() }
    }

    /// After input was used: counts what is held, and reads on or not.
    private func settle() {
        if phase == .closed { return }
        account()
        if peerHasFinished, canConsume {
            if phase != .idle { refuse(.cutShort) } else if leftover.isEmpty { end() }
        }
        updateInterest(isWriteBlocked: isWatchingWrites)
    }
}
