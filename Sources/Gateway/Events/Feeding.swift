// From what a node tells to what watchers are sent: runs that change often are sent less often.
import Node
import Primitives

/// One thread. Watching must not slow recording, so that everything here has a limit.
struct Feeding {
    /// Runs that changed since the last checkpoint, in order of first change, with their last
    /// summary.
    private var changed: [RunID] = []
    private var summaries: [RunID: RunSummary] = [:]
    /// Runs that may still be sent in this second.
    private var allowance = runsPerSecond
    /// Commits that may still be sent in this second.
    private var commitAllowance = commitsPerSecond
    /// Batches that may still be sent in this second when they are recorded.
    private var batchAllowance = batchesPerSecond
    private var second: UInt64 = 0

    /// Events of runs in one second, at most. What is over is not sent; lists show it.
    private static let runsPerSecond = 400
    /// Events of commits in one second, at most; `/v1/dag` has the others.
    private static let commitsPerSecond = 50
    /// Events of batches in one second, at most, beside those of checkpoints.
    private static let batchesPerSecond = 100
    /// Runs remembered for the event of their checkpoint, at most.
    private static let mostChanged = 200
    /// Batches of one checkpoint that are sent again with its height, at most.
    private static let mostPlaced = 100

    /// The items of the kinds that are wanted for `events`, `now` by the monotonic clock.
    mutating func items(
        for events: [NodeEvent], _ wanted: FeedKinds, desk: NodeDesk, at now: UInt64
    ) -> [FeedItem] {
        guard wanted != .none else { return [] }
        if now / Nanoseconds.perSecond != second {
            second = now / Nanoseconds.perSecond
            allowance = Self.runsPerSecond
            commitAllowance = Self.commitsPerSecond
            batchAllowance = Self.batchesPerSecond
        }
        var items: [FeedItem] = []
        var isStatusDue = false
        for event in Self.withoutRepeatedRuns(events) {
            switch event {
            case .run(let summary):
                if wanted.contains(.run) { note(summary, desk, &items) }
            case .batch(let view):
                guard wanted.contains(.batch), batchAllowance > 0 else { continue }
                batchAllowance -= 1
                let road = desk.node.road(of: view.digest)
                items.append(.batch(BatchLine(view: view, road: road)))
            case .agent(let id):
                if wanted.contains(.agent) { Self.add(id, desk, &items) }
            case .checkpoint(let view):
                if wanted.contains(.checkpoint) { items.append(.checkpoint(view)) }
                if wanted.contains(.batch) { place(batchesOf: view, desk, &items) }
                place(runsOf: view, desk, &items)
                isStatusDue = true
            case .storageFailed, .storageRecovered, .epoch, .halted: isStatusDue = true
            case .committed(let commit):
                guard wanted.contains(.commit), commitAllowance > 0 else { continue }
                commitAllowance -= 1
                items.append(.commit(commit))
            case .agentFinal, .checkpointFinal, .instance: break
            }
        }
        if isStatusDue, wanted.contains(.status), let facts = try? desk.facts() {
            items.append(.status(facts))
        }
        return items
    }

    /// Of several changes of one run the last one only.
    private static func withoutRepeatedRuns(_ events: [NodeEvent]) -> [NodeEvent] {
        var seen: Set<RunID> = []
        let kept = events.reversed().filter { event in
            guard case .run(let summary) = event else { return true }
            return seen.insert(summary.run).inserted
        }
        return kept.reversed()
    }

    private mutating func note(
        _ summary: RunSummary, _ desk: NodeDesk, _ items: inout [FeedItem]
    ) {
        if summaries[summary.run] != nil || changed.count < Self.mostChanged {
            if summaries.updateValue(summary, forKey: summary.run) == nil {
                changed.append(summary.run)
            }
        }
        guard allowance > 0, let line = try? desk.line(summary) else { return }
        allowance -= 1
        items.append(.run(line))
    }

    private static func add(_ id: AgentID, _ desk: NodeDesk, _ items: inout [FeedItem]) {
        guard let view = try? desk.node.agent(id), let line = try? desk.line(view) else { return }
        items.append(.agent(line))
    }

    /// The batches that a checkpoint made final.
    private func place(
        batchesOf view: CheckpointView, _ desk: NodeDesk, _ items: inout [FeedItem]
    ) {
        let height = view.checkpoint.header.height
        for number in view.items.compactMap(\.batch).suffix(Self.mostPlaced) {
            guard let batch = try? desk.node.batch(number) else { continue }
            let road = desk.node.road(of: batch.digest)
            items.append(.batch(BatchLine(view: batch, checkpoint: height, road: road)))
        }
    }

    /// The runs that changed since the last checkpoint.
    private mutating func place(
        runsOf view: CheckpointView, _ desk: NodeDesk, _ items: inout [FeedItem]
    ) {
        for run in changed {
            guard let summary = summaries[run], let line = try? desk.line(summary) else { continue }
            items.append(.run(line))
        }
        changed.removeAll(keepingCapacity: true)
        summaries.removeAll(keepingCapacity: true)
    }
}
