// Questions to a node about what is durable: runs, records, agents, batches and checkpoints.
import Ledger
import Primitives
import Records
import Replica
import Storage

/// Limits of queries.
public enum QueryLimits {
    /// Operations of one run that are put in order; of a larger run the first ones recorded.
    public static let operationsPerRun = 20_000
    /// Owners of one trace id that are told apart where none is named.
    public static let ownersPerRun = 64
    /// Agents looked through for a name.
    public static let agentsSearched = 50_000
    /// Batches looked through for the records of a task.
    static let batchesOfTask = 64
    /// Operations of a party of a task looked through for stops, and stops that are shown.
    static let deedsOfParty = 64
    static let stopsOfParty = 2
}

extension Node {
    /// The store and state, for a question; the index holds everything that was answered.
    func asked() throws(NodeFailure) -> Working {
        guard let working else { throw .unavailable }
        do { try working.store.settle() } catch { throw .storage(error) }
        return working
    }

    public func status() throws(NodeFailure) -> NodeStatus {
        guard let working else { throw .unavailable }
        let replica = working.core.replica
        return NodeStatus(
            chain: genesis.digest, height: replica.last?.height ?? 0,
            records: replica.state.records, batches: working.core.batchCount,
            operations: replica.state.operations, agents: replica.state.agentCount,
            journalFrames: working.store.journal.committedSequence,
            journalBytes: working.store.journal.storedBytes,
            payloadBytes: working.store.payloadJournal.storedBytes,
            recordsPruned: try working.closing(ofBatch: working.store.prunedThrough),
            payloadsPruned: try working.closing(ofBatch: working.store.payloadsPrunedThrough),
            payloads: working.store.payloads.statistics,
            compaction: working.compaction?.status ?? CompactionStatus(),
            pendingItems: working.core.unplaced.count)
    }

    // MARK: Batches and checkpoints

    public func batch(_ number: UInt64) throws(NodeFailure) -> BatchView? {
        try asked().batch(number)
    }

    /// Newest first.
    public func batches(after: [UInt8]?, limit: Int) throws(NodeFailure) -> Page<BatchView> {
        try asked().page(Space.batches, after: after, limit: limit, name: "batches") {
            raw throws(DecodingFailure) in try BatchView(decoding: raw)
        }
    }

    /// The height of the checkpoint that holds a batch; nil while there is none.
    public func checkpoint(ofBatch number: UInt64) throws(NodeFailure) -> UInt64? {
        try asked().placement(number)?.height
    }

    public func checkpoint(height: UInt64) throws(NodeFailure) -> CheckpointView? {
        try asked().checkpoint(height)
    }

    /// Newest first.
    public func checkpoints(
        after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<CheckpointView> {
        try asked().page(Space.checkpoints, after: after, limit: limit, name: "checkpoints") {
            raw throws(DecodingFailure) in try CheckpointView(decoding: raw)
        }
    }

    // MARK: Runs and records

    /// Newest start first; of one agent where one is given, started in `since...until`.
    public func runs(
        agent: AgentID?, since: Instant?, until: Instant?, after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<RunSummary> {
        let working = try asked()
        let prefix = agent?.bytes ?? []
        var scan = IndexScan(agent == nil ? Space.runsByTime : Space.runsByAgent)
        scan.prefix = prefix
        scan.isDescending = true
        scan.limit = limit + 1
        if let after {
            scan.start = .after(after)
        } else if let until {
            let bound = until.advanced(byNanoseconds: 1).nanoseconds
            scan.start = .at(prefix + IndexKey.number(bound))
        }
        let keys = try working.entries(scan).map(\.key).prefix { key in
            guard let since else { return true }
            return IndexKey.number(in: key.dropFirst(prefix.count)) >= since.nanoseconds
        }
        var items: [RunSummary] = []
        for key in keys.prefix(limit) {
            let runKey = Array(key.suffix(RunKey.width))
            if let summary = try working.summary(runKey) { items.append(summary) }
        }
        return Page(items: items, next: keys.count > limit ? keys[limit - 1] : nil)
    }

    /// Runs whose id begins with `tracePrefix`, lower-case hexadecimal digits.
    public func runs(tracePrefix: String, limit: Int) throws(NodeFailure) -> [RunSummary] {
        guard let prefix = Hex.decode(tracePrefix.prefix(tracePrefix.utf8.count & ~1)) else {
            return []
        }
        var scan = IndexScan(Space.runs)
        scan.prefix = prefix
        scan.limit = limit
        if tracePrefix.utf8.count % 2 == 1 {
            // Half a byte more: begin where it does, and drop what lies past its end.
            guard let half = tracePrefix.utf8.last.flatMap(Hex.value(of:)) else { return [] }
            scan.start = .at(prefix + [half << 4])
        }
        return try asked().entries(scan).compactMap { try? RunSummary(decoding: $0.value) }
            .filter { $0.run.hex.hasPrefix(tracePrefix) }
    }

    /// The run of that id and owner; where no owner is given, the one that was recorded first.
    public func run(_ id: RunID, of owner: OwnerID? = nil) throws(NodeFailure) -> RunSummary? {
        let working = try asked()
        guard let owner else { return try working.runs(id).first }
        return try working.summary(RunKey(run: id, owner: owner).encoded)
    }

    /// The operations of a run by start.
    public func operations(
        of run: RunSummary, after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<RecordView> {
        let working = try asked()
        let key = RunKey(run: run.run, owner: run.owner)
        var views = try working.records(
            at: try working.places(of: key, limit: QueryLimits.operationsPerRun))
        views.sort {
            ($0.record.start, $0.id.batch, $0.id.row) < ($1.record.start, $1.id.batch, $1.id.row)
        }
        // A cursor may be anybody's: a place past the end is an empty page.
        let first = after.map { Int(clamping: IndexKey.number(in: $0[...])) } ?? 0
        let page = Array(views.dropFirst(first).prefix(limit))
        let end = min(first, views.count) + page.count
        return Page(
            items: page, next: end < views.count ? IndexKey.number(UInt64(end)) : nil)
    }

    public func record(_ id: RecordID) throws(NodeFailure) -> RecordView? {
        try asked().record(id)
    }

    /// The record of an operation; where no owner is given, that of the run recorded first of those
    /// that have it.
    public func record(
        run: RunID, operation: OperationID, of owner: OwnerID? = nil
    ) throws(NodeFailure) -> RecordView? {
        let working = try asked()
        let keys =
            if let owner { [RunKey(run: run, owner: owner)] } else {
                try working.runs(run).map { RunKey(run: run, owner: $0.owner) }
            }
        for key in keys {
            let place = try working.places(of: key).first { $0.operation == operation }
            if let place { return try working.record(place.id) }
            let summary = try working.summary(key.encoded)
            if let summary, summary.lastBatch <= working.store.prunedThrough {
                throw .pruned(batch: summary.lastBatch)
            }
        }
        return nil
    }

    /// Newest batch first, the last row first; of one agent where one is given.
    public func records(
        agent: AgentID?, after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<RecordView> {
        let working = try asked()
        var (number, rows) = (working.core.batchCount, Int.max)
        if let after, after.count == 16 {
            number = IndexKey.number(in: after[..<8])
            rows = Int(clamping: IndexKey.number(in: after[8...]))
        }
        var items: [RecordView] = []
        while let batch = try working.newestBatch(upTo: number, of: agent),
            batch > working.store.prunedThrough
        {
            let decoded = try working.batch(decoding: batch)
            let height = try working.placement(batch)?.height
            for row in (0..<min(rows, decoded.columns.count)).reversed() {
                if let agent, decoded.columns.agent(at: row) != agent { continue }
                if items.count == limit {
                    let next = IndexKey.number(batch) + IndexKey.number(UInt64(row + 1))
                    return Page(items: items, next: next)
                }
                items.append(decoded.view(row, number: batch, checkpoint: height))
            }
            guard batch > 1 else { break }
            (number, rows) = (batch - 1, .max)
        }
        return Page(items: items, next: nil)
    }

    /// Kept metrics or logs requests, newest first.
    public func signals(
        _ kind: KeptSignal.Kind, after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<KeptSignal> {
        try asked().page(
            Space.signals, prefix: [kind.rawValue], after: after, limit: limit, name: "signals"
        ) { raw throws(DecodingFailure) in try KeptSignal(decoding: raw) }
    }

    /// The exact bytes of a payload; nil where it is not kept here.
    public func payload(_ digest: Digest) throws(NodeFailure) -> [UInt8]? {
        let working = try asked()
        do {
            return try working.store.payloads.payload(digest)
        } catch { throw working.asking(error) }
    }
}
