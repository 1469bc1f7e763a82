// `bench lanes`: what each lane is answered, and how soon, when twice as much is offered as the
// node can take.
import Glibc
import Platform
import Primitives
import Synchronization

enum LanesBench {
    /// Requests of 512 spans from which the capacity is measured.
    private static let calibration: UInt64 = 300
    /// Seconds of each measurement.
    private static let seconds: UInt64 = 20
    /// Ordinary senders: each sends at its times, whether or not earlier requests were refused.
    private static let senders = 48
    /// Urgent requests a second.
    private static let urgentRate: UInt64 = 20

    static func run(_ context: BenchContext) throws -> [Metric] {
        let path = context.directory + "/lanes"
        defer { try? Scratch.remove(path) }
        let node = try BenchNode(at: path)
        defer { node.stop() }
        let clock = SystemClock()
        let workload = SpanWorkload(start: clock.now().nanoseconds - Nanoseconds.perHour)
        context.progress("measuring the capacity")
        let start = clock.monotonicNanoseconds()
        try SpanSenders.send(0..<calibration, of: workload, to: node.address)
        let took = clock.monotonicNanoseconds() - start
        let capacity = calibration * Nanoseconds.perSecond / took
        context.progress("urgent requests alone")
        var load = LaneLoad(node: node.address, workload: workload, first: 1 << 20)
        let quiet = try load.run(ordinaryRate: 0, senders: 0, urgentRate, seconds)
        context.progress("\(2 * capacity) requests a second, where \(capacity) are the most")
        let loaded = try load.run(
            ordinaryRate: 2 * capacity, senders: senders, urgentRate, seconds)
        let spans = Double(SpanWorkload.spansPerRequest)
        return [
            Metric("capacity", unit: "spans/s", samples: [Double(capacity) * spans]),
            Metric(
                "offered", unit: "spans/s",
                samples: [Double(loaded.ordinary.sent) * spans / Double(seconds)]),
        ] + quiet.urgent.metrics("urgent_alone") + loaded.urgent.metrics("urgent_overload")
            + loaded.ordinary.metrics("ordinary_overload") + [
                Metric(
                    "memory_after", unit: "bytes",
                    samples: [Double(Processes.memory.residentBytes)])
            ]
    }
}

/// Answers to one lane's requests.
private struct LaneAnswers: Sendable {
    /// Milliseconds from the time at which a request was due until it was answered with 200.
    var times: [Double] = []
    var refused = 0
    var failed = 0

    var sent: Int { times.count + refused + failed }

    func metrics(_ name: String) -> [Metric] {
        let sorted = times.sorted()
        func quantile(_ percent: Int) -> Double {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
        }
        return [
            Metric("\(name)_p50", unit: "ms", samples: [quantile(50)]),
            Metric("\(name)_p99", unit: "ms", samples: [quantile(99)]),
            Metric("\(name)_taken", unit: "requests", samples: [Double(times.count)]),
            Metric("\(name)_refused", unit: "requests", samples: [Double(refused)]),
            Metric("\(name)_failed", unit: "requests", samples: [Double(failed)]),
        ]
    }
}

/// Senders that keep to their times.
private struct LaneLoad {
    let node: String
    let workload: SpanWorkload
    /// Number of the next request.
    var first: UInt64

    mutating func run(
        ordinaryRate: UInt64, senders: Int, _ urgentRate: UInt64, _ seconds: UInt64
    ) throws -> (ordinary: LaneAnswers, urgent: LaneAnswers) {
        let answers = Answers()
        let begin = SystemClock().monotonicNanoseconds() + 50 * Nanoseconds.perMillisecond
        let end = begin + seconds * Nanoseconds.perSecond
        var threads: [OSThread] = []
        for number in 0..<senders {
            let gap = UInt64(senders) * Nanoseconds.perSecond / max(1, ordinaryRate)
            let offset = UInt64(number) * gap / UInt64(senders)
            threads.append(
                try sender("ordinary", first + UInt64(number + 1) << 24, begin + offset, gap, end) {
                    (answer, time) in answers.ordinary.withLock { $0.note(answer, time) }
                })
        }
        threads.append(
            try sender(
                "urgent", first + 1 << 40, begin, Nanoseconds.perSecond / urgentRate, end
            ) { (answer, time) in answers.urgent.withLock { $0.note(answer, time) } })
        for thread in threads { thread.join() }
        first += 1 << 20
        return (answers.ordinary.withLock { $0 }, answers.urgent.withLock { $0 })
    }

    private static func sleep(_ nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / Nanoseconds.perSecond),
            tv_nsec: Int(nanoseconds % Nanoseconds.perSecond))
        nanosleep(&time, nil)
    }

    private final class Answers: Sendable {
        let ordinary = Mutex(LaneAnswers())
        let urgent = Mutex(LaneAnswers())
    }

    /// One connection that sends a request each `gap`; one that comes late sends the next at once.
    private func sender(
        _ lane: String, _ first: UInt64, _ begin: UInt64, _ gap: UInt64, _ end: UInt64,
        _ note: @escaping @Sendable (Int, Double) -> Void
    ) throws -> OSThread {
        let (node, workload) = (node, workload)
        return try OSThread.start("sender-\(lane)") {
            let clock = SystemClock()
            var client = try? HTTPClient(node)
            var (due, number) = (begin, first)
            while due < end {
                let now = clock.monotonicNanoseconds()
                if now < due { Self.sleep(due - now) }
                let response = try? client?.request(
                    "POST", "/v1/traces",
                    headers: [
                        ("content-type", "application/x-protobuf"), ("x-althing-lane", lane),
                    ], body: workload.request(number))
                let late = clock.monotonicNanoseconds()
                note(response?.status ?? 0, Double(late - due) / 1e6)
                if response == nil { client = try? HTTPClient(node) }
                number += 1
                due = max(due + gap, late > gap ? late - gap : 0)
            }
        }
    }
}

extension LaneAnswers {
    fileprivate mutating func note(_ status: Int, _ milliseconds: Double) {
        switch status {
        case 200: times.append(milliseconds)
        case 429, 503: refused += 1
        default: failed += 1
        }
    }
}
