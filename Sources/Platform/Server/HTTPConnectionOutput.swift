// The sending half of a connection: answers and streams into one buffer, flushed once a turn.
import CSystem
import Glibc

extension HTTPConnection {
    /// Output room an idle connection keeps.
    private static let keptBytes = 2 << 10

    /// The application's answer to request `number`; ignored where it comes too late.
    func answer(_ response: HTTPResponse, to number: UInt64) {
        guard phase == .answering, number == requestNumber else { return }
        guard HTTPResponseWriter.isSendable(response.status, response.headers) else {
            return refuse(.unanswered)
        }
        send(response, closing: false)
        resume()
    }

    /// The server's own answer to a fault; the connection ends with it.
    func refuse(_ fault: HTTPFault) {
        shard.gauges.refusals.add(1, ordering: .relaxed)
        var response = shard.configuration.problem(fault.status, fault.detail)
        // The application's own word goes before the server's.
        if fault == .overloaded, response.header("retry-after") == nil {
            response.headers.append(("retry-after", String(shard.limits.retryAfterSeconds)))
        }
        send(response, closing: true)
    }

    /// Writes a response and goes on to the next request, or to the end.
    func send(_ response: HTTPResponse, closing: Bool) {
        if phase == .closed || phase == .lingering || phase == .finishing { return }
        framing.keepsAlive = framing.keepsAlive && !closing && !shard.isStopping
        framing.date = shard.date()
        HTTPResponseWriter.append(response, framing, to: &output)
        requestBytes = 0
        deferFlush()
        finishExchange()
    }

    /// After the last byte of a response is in the buffer.
    private func finishExchange() {
        if framing.keepsAlive {
            enter(.idle)
        } else {
            releaseInput()
            enter(.finishing)
        }
        account()
    }

    func deferFlush() {
        if isDirty { return }
        isDirty = true
        shard.core.deferFlush(self)
    }

    func flush() {
        isDirty = false
        if phase == .closed { return }
        while outputStart < output.count {
            let sent = sendSome()
            if sent == -Int(EAGAIN) { break }
            if sent < 0 { return close() }
            outputStart += sent
            writeDeadline = shard.core.now &+ shard.limits.writeNanoseconds
        }
        let isBlocked = outputStart < output.count
        stream?.noteUnsent(output.count - outputStart)
        if !isBlocked { outputSent() }
        if phase == .closed { return }
        if isBlocked, writeDeadline == .max {
            writeDeadline = shard.core.now &+ shard.limits.writeNanoseconds
        }
        updateInterest(isWriteBlocked: isBlocked)
        if !leftover.isEmpty { resume() }
    }

    private func sendSome() -> Int {
        output.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return csystem_send(descriptor, base + outputStart, bytes.count - outputStart)
        }
    }

    private func outputSent() {
        writeDeadline = .max
        output.removeAll(keepingCapacity: output.capacity <= Self.keptBytes)
        outputStart = 0
        if phase != .finishing { return }
        if peerHasFinished { return close() }
        _ = csystem_finish_sending(descriptor)
        enter(.lingering)
    }
}

/// Responses of unknown length.
extension HTTPConnection {
    /// Begins the stream as the answer to request `number`; a late one is closed.
    func begin(_ stream: ResponseStream, to number: UInt64) {
        guard phase == .answering, number == requestNumber else { return stream.ended() }
        guard HTTPResponseWriter.isSendable(stream.status, stream.headers) else {
            stream.ended()
            return refuse(.unanswered)
        }
        framing.keepsAlive = framing.keepsAlive && framing.minorVersion == 1
            && !shard.isStopping
        framing.date = shard.date()
        HTTPResponseWriter.appendStreamHead(
            stream.status, stream.headers, framing, to: &output)
        requestBytes = 0
        enter(.streaming)
        account()
        self.stream = stream
        deferFlush()
        if framing.isHead || shard.isStopping { finishStream() }
    }

    /// Adds bytes to the stream, if it is still the one under way.
    func write(_ bytes: [UInt8], of stream: ResponseStream) {
        guard phase == .streaming, self.stream === stream, !bytes.isEmpty else { return }
        if framing.minorVersion == 1 {
            HTTPResponseWriter.appendChunk(bytes, to: &output)
        } else {
            output.append(contentsOf: bytes)
        }
        stream.noteUnsent(output.count - outputStart)
        deferFlush()
    }

    /// The application has written everything.
    func finish(_ stream: ResponseStream) {
        if self.stream === stream { finishStream() }
    }

    func finishStream() {
        guard phase == .streaming else { return }
        if framing.minorVersion == 1, !framing.isHead {
            output.append(contentsOf: "0\r\n\r\n".utf8)
        }
        if shard.isStopping { framing.keepsAlive = false }
        deferFlush()
        finishExchange()
        endStream()
        resume()
    }

    /// The stream cannot go on: the peer would take a cut body for a whole one, so the connection
    /// ends.
    func abandon(_ stream: ResponseStream) {
        if self.stream === stream { close() }
    }

    func endStream() {
        let ended = stream
        stream = nil
        ended?.ended()
    }
}
