// What waits to be taken in by the node: two lanes, of which the urgent one goes first, in turns
// that end soon enough for whoever comes next.
import Synchronization

/// Requests that are decoded and wait for the node's thread.
struct LaneQueue<Job> {
    private struct Entry {
        var job: Job
        var spans: Int
    }

    private var queues: [Lane: ArraySlice<Entry>] = [:]
    /// Spans taken lately: the urgent lane goes first while it has had less than its share of them.
    /// Urgent spans that pass nobody do not count, or those taken at leisure would have to be made
    /// up for when the crowd comes.
    private var urgentTaken = 0
    private var allTaken = 0
    /// Percent of what is taken in that the urgent lane may have before the ordinary one.
    private let urgentPercent: Int

    /// Spans after which what was taken before counts half.
    private static var memory: Int { 1 << 16 }

    init(urgentPercent: Int) { self.urgentPercent = urgentPercent }

    var isEmpty: Bool { Lane.allCases.allSatisfy { queues[$0]?.isEmpty ?? true } }

    mutating func put(_ job: Job, spans: Int, _ lane: Lane) {
        queues[lane, default: []].append(Entry(job: job, spans: spans))
    }

    /// Whether an urgent job waits that may pass the others.
    var isUrgentNext: Bool {
        urgentTaken * 100 <= allTaken * urgentPercent && queues[.urgent]?.isEmpty == false
    }

    /// What comes next out of the lanes.
    struct Taken {
        var job: Job
        var spans: Int
        /// Whether it passed what came before it, within the share of its lane.
        var isUrgent: Bool
    }

    /// The next job with its spans; nil where nothing waits.
    mutating func take() -> Taken? {
        let mayPass = urgentTaken * 100 <= allTaken * urgentPercent
        let order: [Lane] = mayPass ? [.urgent, .ordinary] : [.ordinary, .urgent]
        for lane in order {
            guard let entry = queues[lane]?.popFirst() else { continue }
            if lane == .ordinary || queues[.ordinary]?.isEmpty == false { note(entry.spans, lane) }
            return Taken(
                job: entry.job, spans: entry.spans, isUrgent: lane == .urgent && mayPass)
        }
        return nil
    }

    private mutating func note(_ spans: Int, _ lane: Lane) {
        allTaken += spans
        if lane == .urgent { urgentTaken += spans }
        guard allTaken > Self.memory else { return }
        allTaken /= 2
        urgentTaken /= 2
    }
}

/// The lanes in front of the node.
final class Intake: Sendable {
    /// Told whether it passes what came before it.
    typealias Job = @Sendable (NodeDesk, _ isUrgent: Bool) -> Void

    private struct State {
        var queue: LaneQueue<Job>
        /// Whether the node's thread is to look here.
        var isPumping = false
    }

    private let state: Mutex<State>
    /// Spans of one turn, at least: what comes meanwhile waits for its commit.
    private let turnSpans: Int

    init(urgentPercent: Int, turnSpans: Int) {
        state = Mutex(State(queue: LaneQueue(urgentPercent: urgentPercent)))
        self.turnSpans = turnSpans
    }

    /// Lets a job wait for the node; called there once, on its thread.
    func put(_ job: @escaping Job, spans: Int, _ lane: Lane, for node: NodeThread) {
        let isFirst = state.withLock { state in
            state.queue.put(job, spans: spans, lane)
            defer { state.isPumping = true }
            return !state.isPumping
        }
        if isFirst { node.pump { [self] in pump($0) } }
    }

    /// Does what fits into a turn; whether something is left. A turn with urgent spans ends with
    /// them: they do not wait for what would be committed with them.
    private func pump(_ desk: NodeDesk) -> Bool {
        var spans = 0
        var hasUrgent = false
        while spans < turnSpans {
            let taken = state.withLock { state in
                hasUrgent && !state.queue.isUrgentNext ? nil : state.queue.take()
            }
            guard let next = taken else { break }
            next.job(desk, next.isUrgent)
            spans += next.spans
            hasUrgent = hasUrgent || next.isUrgent
        }
        return state.withLock { state in
            state.isPumping = !state.queue.isEmpty
            return state.isPumping
        }
    }
}
