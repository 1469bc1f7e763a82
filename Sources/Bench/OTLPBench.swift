// `bench otlp`: spans a second that are durable, over real HTTP on loopback, senders in the same
// process.
import Platform
import Primitives

enum OTLPBench {
    /// Requests in one round.
    private static let requests: UInt64 = 400

    static func run(_ context: BenchContext) throws -> [Metric] {
        let path = context.directory + "/otlp"
        defer { try? Scratch.remove(path) }
        let node = try BenchNode(at: path)
        defer { node.stop() }
        let clock = SystemClock()
        let workload = SpanWorkload(start: clock.now().nanoseconds - Nanoseconds.perHour)
        let spans = Double(requests) * Double(SpanWorkload.spansPerRequest)
        var (rates, cpu): ([Double], [Double]) = ([], [])
        for round in 0...UInt64(context.rounds) {
            context.progress(round == 0 ? "warming up" : "round \(round) of \(context.rounds)")
            let (start, used) = (clock.monotonicNanoseconds(), Processes.cpuNanoseconds)
            try SpanSenders.send(
                round * requests..<(round + 1) * requests, of: workload, to: node.address)
            guard round > 0 else { continue }
            rates.append(spans * 1e9 / Double(clock.monotonicNanoseconds() - start))
            cpu.append(Double(Processes.cpuNanoseconds - used) / spans / 1_000)
        }
        let bytes = Double(workload.request(0).count) / Double(SpanWorkload.spansPerRequest)
        return [
            Metric("spans_per_second", unit: "spans/s", samples: rates),
            Metric("cpu_microseconds_per_span", unit: "us", samples: cpu),
            Metric("bytes_per_span", unit: "bytes", samples: [bytes]),
        ]
    }
}
