// Senders of `bench lanes`, which keep to their times: requests encoded before the clock starts,
// given new ids where they lie, and sent again.
import Glibc
import Platform
import Primitives
import Synchronization

/// Answers to one lane's requests.
struct LaneAnswers: Sendable {
    /// Milliseconds from the time at which a request was due until it was answered with 200.
    var times: [Double] = []
    /// Milliseconds until a request was told to come back.
    var refusals: [Double] = []
    var failed = 0

    var sent: Int { times.count + refusals.count + failed }

    func metrics(_ name: String) -> [Metric] {
        [
            Metric("\(name)_p50", unit: "ms", samples: [Self.quantile(times, 50)]),
            Metric("\(name)_p99", unit: "ms", samples: [Self.quantile(times, 99)]),
            Metric("\(name)_taken", unit: "requests", samples: [Double(times.count)]),
            Metric("\(name)_refused", unit: "requests", samples: [Double(refusals.count)]),
            Metric("\(name)_refused_p50", unit: "ms", samples: [Self.quantile(refusals, 50)]),
            Metric("\(name)_failed", unit: "requests", samples: [Double(failed)]),
        ]
    }

    private static func quantile(_ values: [Double], _ percent: Int) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    mutating func note(_ status: Int, _ milliseconds: Double) {
        switch status {
        case 200: times.append(milliseconds)
        case 429, 503: refusals.append(milliseconds)
        default: failed += 1
        }
    }
}

/// What one measurement saw.
struct LaneResult {
    var ordinary = LaneAnswers()
    var urgent = LaneAnswers()
    /// Resident bytes of the process, senders included, each five seconds.
    var memory: [Double] = []
    /// Processor time of the senders.
    var senderNanoseconds: UInt64 = 0

    var taken: Int { ordinary.times.count + urgent.times.count }
    var refused: Int { ordinary.refusals.count + urgent.refusals.count }
    var failed: Int { ordinary.failed + urgent.failed }
}

/// Senders that keep to their times.
struct LaneLoad {
    let node: String
    let workload: SpanWorkload
    let urgentRate: UInt64
    let progress: @Sendable (String) -> Void
    /// Number of the next measurement: its requests have ids of their own.
    private var measurement: UInt64 = 1

    init(
        node: String, workload: SpanWorkload, urgentRate: UInt64,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.node = node
        self.workload = workload
        self.urgentRate = urgentRate
        self.progress = progress
    }

    /// Seconds between two looks at the memory.
    private static let memorySeconds: UInt64 = 5
    /// Urgent requests come from so many senders in turn, so that one that is late delays only its
    /// own next one.
    private static let urgentSenders: UInt64 = 4
    /// Their numbers are above those of the ordinary ones.
    private static let firstUrgent: UInt64 = 1 << 11
    /// Nanoseconds in which all senders come up.
    private static let lead = 300 * Nanoseconds.perMillisecond

    mutating func run(
        ordinaryRate: UInt64, senders: Int, _ seconds: UInt64
    ) throws -> LaneResult {
        let answers = Answers()
        let begin = SystemClock().monotonicNanoseconds() + Self.lead
        let end = begin + seconds * Nanoseconds.perSecond
        let first = measurement << 32
        measurement += 1
        var threads: [OSThread] = []
        let gap = UInt64(senders) * Nanoseconds.perSecond / max(1, ordinaryRate)
        for number in 0..<senders {
            let schedule = Schedule(
                lane: "ordinary", first: first | UInt64(number + 1) << 20,
                begin: begin + UInt64(number) * gap / UInt64(senders), gap: gap, end: end)
            threads.append(try sender(schedule, answers))
        }
        let step = Nanoseconds.perSecond / urgentRate
        for number in 0..<Self.urgentSenders {
            let schedule = Schedule(
                lane: "urgent", first: first | (Self.firstUrgent + number) << 20,
                begin: begin + number * step, gap: Self.urgentSenders * step, end: end)
            threads.append(try sender(schedule, answers))
        }
        var memory: [Double] = []
        for step in 1...max(1, seconds / Self.memorySeconds) {
            Self.sleep(until: begin + step * Self.memorySeconds * Nanoseconds.perSecond)
            memory.append(Double(Processes.memory.residentBytes))
            progress("\(step * Self.memorySeconds) s: \(Int(memory.last ?? 0) >> 20) MB resident")
        }
        for thread in threads { thread.join() }
        var result = answers.result.withLock { $0 }
        result.memory = memory
        return result
    }

    /// When one sender sends.
    private struct Schedule {
        let lane: String
        /// Number of its first request.
        let first: UInt64
        let begin: UInt64
        let gap: UInt64
        let end: UInt64
    }

    private final class Answers: Sendable {
        let result = Mutex(LaneResult())
    }

    private static func sleep(until time: UInt64) {
        let now = SystemClock().monotonicNanoseconds()
        guard time > now else { return }
        var span = timespec(
            tv_sec: Int((time - now) / Nanoseconds.perSecond),
            tv_nsec: Int((time - now) % Nanoseconds.perSecond))
        nanosleep(&span, nil)
    }

    /// Processor time of the calling thread, in nanoseconds.
    private static var threadNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * Nanoseconds.perSecond + UInt64(time.tv_nsec)
    }

    /// One connection that sends a request each `gap`; one that comes late sends the next at once.
    private func sender(_ schedule: Schedule, _ answers: Answers) throws -> OSThread {
        let (node, workload) = (node, workload)
        return try OSThread.start("sender-\(schedule.lane)") {
            guard let client = try? HTTPClient(node) else { return }
            let body = workload.request(schedule.first)
            var message = (try? client.encode(
                "POST", "/v1/traces",
                headers: [
                    ("content-type", "application/x-protobuf"), ("x-althing-lane", schedule.lane),
                ], body: body)) ?? []
            let start = message.count - body.count
            let clock = SystemClock()
            var own = LaneAnswers()
            var (due, number) = (schedule.begin, schedule.first)
            while due < schedule.end {
                Self.sleep(until: due)
                let response = try? client.request(encoded: message)
                let late = clock.monotonicNanoseconds()
                own.note(response?.status ?? 0, Double(late - due) / 1e6)
                number += 1
                workload.renumber(&message, from: start, number)
                due += schedule.gap
            }
            answers.result.withLock { result in
                result.senderNanoseconds += Self.threadNanoseconds
                let path: WritableKeyPath<LaneResult, LaneAnswers> =
                    schedule.lane == "urgent" ? \.urgent : \.ordinary
                result[keyPath: path].times += own.times
                result[keyPath: path].refusals += own.refusals
                result[keyPath: path].failed += own.failed
            }
        }
    }
}
