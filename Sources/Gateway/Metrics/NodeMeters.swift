// What the node told of finality: the last minute, and totals for Prometheus.
import Node

/// One thread.
final class NodeMeters {
    private(set) var agentFinal = LatencyWindow()
    private(set) var checkpointFinal = LatencyWindow()
    private(set) var commits = RateWindow()
    private(set) var certificates = RateWindow()
    private var certificatesBefore: UInt64 = 0
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
        case .committed: commits.note(1, at: now)
        case .run, .batch, .checkpoint, .agent, .instance, .epoch, .halted, .storageRecovered: break
        }
    }

    /// Notes how many certificates the node has kept since it was started; fewer than before where
    /// its store was opened again.
    func note(certificates total: UInt64, at now: UInt64) {
        if total > certificatesBefore {
            certificates.note(total - certificatesBefore, at: now)
        }
        certificatesBefore = total
    }
}
