// Senders of export requests: a thread and a connection each, which send the next request when one
// is answered.
import Platform
import Primitives
import Synchronization

/// Sends requests and waits until all are answered.
struct SpanSenders {
    /// Requests under way at one time.
    static let count = 16

    /// Sends the requests `numbers` of `workload`; throws where one is not answered with 200.
    static func send(
        _ numbers: Range<UInt64>, of workload: SpanWorkload, to address: String
    ) throws {
        let next = Mutex(numbers.lowerBound)
        let failure = Mutex<String?>(nil)
        let threads = try (0..<count).map { number in
            try OSThread.start("sender-\(number)") {
                do {
                    let client = try HTTPClient(address)
                    while let mine = take(next, below: numbers.upperBound) {
                        let response = try client.request(
                            "POST", "/v1/traces",
                            headers: [("content-type", "application/x-protobuf")],
                            body: workload.request(mine))
                        guard response.status == 200, response.body.isEmpty else {
                            let text = String(decoding: response.body, as: UTF8.self)
                            throw BenchFailure.failed("\(response.status) \(text)")
                        }
                    }
                } catch {
                    failure.withLock { $0 = "\(error)" }
                }
            }
        }
        for thread in threads { thread.join() }
        if let reason = failure.withLock({ $0 }) { throw BenchFailure.failed(reason) }
    }

    private static func take(_ next: borrowing Mutex<UInt64>, below end: UInt64) -> UInt64? {
        next.withLock { number in
            guard number < end else { return nil }
            defer { number += 1 }
            return number
        }
    }
}
