// What the node told of finality: the last minute, and totals for Prometheus.
import Node

/// One thread.
final class NodeMeters {
    private(set) var agentFinal = LatencyWindow()
    private(set) var checkpointFinal = LatencyWindow()
    /// The totals; set once by the gateway before the thread starts.
    var totals: Meters?

    func note(_ event: NodeEvent, at now: UInt64) {
        switch event {
        case .agentFinal(let records, let nanoseconds):
            agentFinal.note(nanoseconds, count: records, at: now)
            totals?.agentFinal.note(nanoseconds, count: records)
        case .checkpointFinal(let records, let nanoseconds):
            checkpointFinal.note(nanoseconds, count: records, at: now)
            totals?.checkpointFinal.note(nanoseconds, count: records)
        case .storageFailed: totals?.storageFailures.add()
        case .run, .batch, .checkpoint, .agent, .committed, .epoch, .halted, .storageRecovered:
            break
        }
    }
}
