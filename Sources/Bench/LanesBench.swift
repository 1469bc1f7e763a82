// `bench lanes`: what each lane is answered, and how soon, when twice as much is offered as the
// node can take.
import Platform
import Primitives

enum LanesBench {
    /// Requests of 512 spans from which the capacity is measured.
    private static let calibration: UInt64 = 600
    /// Seconds of the urgent lane alone, and of both under overload, for each round asked for: five
    /// make a minute.
    private static let quietSeconds: UInt64 = 2
    private static let loadedSeconds: UInt64 = 12
    /// Ordinary senders: each sends at its times, whether or not earlier requests were refused.
    private static let senders = 160
    /// Urgent requests a second.
    private static let urgentRate: UInt64 = 20

    static func run(_ context: BenchContext) throws -> [Metric] {
        let path = context.directory + "/lanes"
        let rounds = UInt64(max(1, context.rounds))
        let loadedSeconds = rounds * Self.loadedSeconds
        defer { try? Scratch.remove(path) }
        Processes.forgetPeakMemory()
        let node = try BenchNode(at: path)
        let clock = SystemClock()
        let workload = SpanWorkload(start: clock.now().nanoseconds - Nanoseconds.perHour)
        context.progress("measuring the capacity")
        let start = clock.monotonicNanoseconds()
        try SpanSenders.send(0..<calibration, of: workload, to: node.address)
        let took = clock.monotonicNanoseconds() - start
        let capacity = calibration * Nanoseconds.perSecond / took
        context.progress("urgent requests alone")
        var load = LaneLoad(
            node: node.address, workload: workload, urgentRate: urgentRate,
            progress: context.progress)
        let quiet = try load.run(ordinaryRate: 0, senders: 0, rounds * quietSeconds)
        context.progress("\(2 * capacity) requests a second, where \(capacity) are the most")
        let loaded = try load.run(ordinaryRate: 2 * capacity, senders: senders, loadedSeconds)
        let peak = Double(Processes.memory.peakBytes)
        let stages = try LaneStages.read(node.address)
        node.stop()
        context.progress("counting what is in the journal")
        let sum = try LanesRecount.count(
            path, acknowledged: Int(calibration) + quiet.taken + loaded.taken,
            uncertain: quiet.failed + loaded.failed)
        let spans = Double(SpanWorkload.spansPerRequest)
        let offered = Double(loaded.ordinary.sent + loaded.urgent.sent) * spans
        return [
            Metric("capacity", unit: "spans/s", samples: [Double(capacity) * spans]),
            Metric("offered", unit: "spans/s", samples: [offered / Double(loadedSeconds)]),
            Metric(
                "taken", unit: "spans/s",
                samples: [Double(loaded.taken) * spans / Double(loadedSeconds)]),
        ] + quiet.urgent.metrics("urgent_alone") + loaded.urgent.metrics("urgent_overload")
            + loaded.ordinary.metrics("ordinary_overload") + [
                Metric("resident_memory", unit: "bytes", samples: loaded.memory),
                Metric("peak_memory", unit: "bytes", samples: [peak]),
                Metric(
                    "spans_acknowledged", unit: "spans",
                    samples: [Double(sum.acknowledged)]),
                Metric(
                    "spans_told_to_come_back", unit: "spans",
                    samples: [Double(loaded.refused) * spans]),
                Metric(
                    "senders_cpu", unit: "s",
                    samples: [Double(loaded.senderNanoseconds) / 1e9]),
                Metric("acknowledged_and_in_journal", unit: "spans", samples: [sum.records]),
                Metric(
                    "acknowledged_and_lost", unit: "spans", samples: [Double(sum.lost)]),
                Metric("gas_per_span", unit: "gas", samples: [sum.gasPerSpan]),
            ] + stages
    }
}
