// The application's way to answer one request, later and from any thread if it likes.
import Synchronization

/// Answers one request once; further answers are ignored. Dropped unanswered, it answers 500.
public final class Responder: Sendable {
    private let loop: EventLoop
    private let connection: Confined<HTTPConnection>
    private let number: UInt64
    private let streamBytes: Int
    private let isAnswered = Atomic<Bool>(false)

    init(
        _ loop: EventLoop, _ connection: Confined<HTTPConnection>, _ number: UInt64,
        streamBytes: Int
    ) {
        self.loop = loop
        self.connection = connection
        self.number = number
        self.streamBytes = streamBytes
    }

    deinit {
        if isAnswered.exchange(true, ordering: .relaxed) { return }
        let (connection, number) = (connection, number)
        loop.perform { connection.value.fail(number) }
    }

    /// Sends the whole response.
    public func respond(_ response: HTTPResponse) {
        if isAnswered.exchange(true, ordering: .relaxed) { return }
        if loop.isCurrent {
            connection.value.answer(response, to: number)
        } else {
            let (connection, number) = (connection, number)
            loop.post { connection.value.answer(response, to: number) }
        }
    }

    /// Begins a response whose length is not known, such as server-sent events.
    /// - Returns: a stream; already closed where the request was answered before.
    public func stream(
        status: Int, headers: [(name: String, value: String)]
    ) -> ResponseStream {
        let stream = ResponseStream(
            loop, connection, status: status, headers: headers, limitBytes: streamBytes)
        if isAnswered.exchange(true, ordering: .relaxed) {
            stream.ended()
        } else {
            let (connection, number) = (connection, number)
            loop.perform { connection.value.begin(stream, to: number) }
        }
        return stream
    }
}

extension HTTPConnection {
    /// The application let go of request `number` without an answer.
    func fail(_ number: UInt64) {
        guard phase == .answering, number == requestNumber else { return }
        refuse(.unanswered)
    }
}
