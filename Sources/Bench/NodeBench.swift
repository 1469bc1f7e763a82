// `bench node`: how long a node takes to serve on an empty store, and what a million records cost
// in memory and on disk.
import Gateway
import Platform
import Primitives

enum NodeBench {
    /// Requests of 512 spans: a million and a little.
    private static let requests: UInt64 = 1_954

    static func run(_ context: BenchContext) throws -> [Metric] {
        let clock = SystemClock()
        var starts: [Double] = []
        for round in 1...context.rounds {
            context.progress("start \(round) of \(context.rounds)")
            let path = context.directory + "/start-\(round)"
            let begin = clock.monotonicNanoseconds()
            let node = try BenchNode(at: path)
            let response = try HTTPClient(node.address).request("GET", "/readyz")
            starts.append(Double(clock.monotonicNanoseconds() - begin) / 1e6)
            node.stop()
            try Scratch.remove(path)
            guard response.status == 200 else { throw BenchFailure.failed("not ready") }
        }
        return [Metric("start_milliseconds", unit: "ms", samples: starts)]
            + (try fill(context, clock))
    }

    private static func fill(_ context: BenchContext, _ clock: SystemClock) throws -> [Metric] {
        context.progress("recording a million spans")
        let path = context.directory + "/million"
        defer { try? Scratch.remove(path) }
        let before = Processes.memory.residentBytes
        let node = try BenchNode(at: path)
        let workload = SpanWorkload(start: clock.now().nanoseconds - Nanoseconds.perHour)
        try SpanSenders.send(0..<requests, of: workload, to: node.address)
        let memory = Processes.memory.residentBytes
        // What a process that dies now leaves behind.
        try Scratch.copy(path, to: path + "-dead")
        node.stop()
        let restart = try restart(at: path + "-dead", clock)
        let records = Double(requests) * Double(SpanWorkload.spansPerRequest)
        return [
            Metric("restart_seconds", unit: "s", samples: [restart]),
            Metric("memory_before_bytes", unit: "bytes", samples: [Double(before)]),
            Metric("memory_after_million_bytes", unit: "bytes", samples: [Double(memory)]),
            Metric(
                "journal_bytes_per_record", unit: "bytes",
                samples: [Double(try Scratch.size(path + "/journal")) / records]),
            Metric(
                "payload_bytes_per_record", unit: "bytes",
                samples: [Double(try Scratch.size(path + "/payloads")) / records]),
            Metric(
                "index_bytes_per_record", unit: "bytes",
                samples: [Double(try Scratch.size(path + "/index")) / records]),
        ]
    }

    /// Seconds from the opening of a store that was not closed to the first answer.
    private static func restart(at path: String, _ clock: SystemClock) throws -> Double {
        defer { try? Scratch.remove(path) }
        let begin = clock.monotonicNanoseconds()
        let node = try BenchNode(at: path)
        defer { node.stop() }
        let response = try HTTPClient(node.address).request("GET", "/readyz")
        guard response.status == 200 else { throw BenchFailure.failed("not ready again") }
        return Double(clock.monotonicNanoseconds() - begin) / 1e9
    }
}
