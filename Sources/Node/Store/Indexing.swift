// How an executed batch gets into the index: its runs, its operations and its agents.
import Primitives
import Records
import Storage

extension Core {
    /// Puts the rows of a batch into the index and brings the summaries of its runs up to date.
    ///
    /// - Returns: the summaries of the runs it touches, in order of first row.
    mutating func index(
        _ batch: CheckedBatch, number: UInt64, into store: Store, names: (Int) -> String
    ) throws(StorageFailure) -> [RunSummary] {
        let columns = batch.columns
        let owners = columns.agents.entries.map { replica.state.agent($0)?.owner ?? OwnerID() }
        let counts = columns.rowsByRun
        let digests = batch.recordDigests
        var touched: [TouchedRun] = []
        var places: [RunKey: Int] = [:]
        // Rows of a run mostly stand side by side.
        var last: (run: UInt64, owner: OwnerID, place: Int)?
        try columns.withRows { rows throws(StorageFailure) in
            for row in 0..<rows.count {
                let owner = owners[Int(rows.value(.agent, row))]
                let run = rows.value(.run, row)
                let place: Int
                if let last, last.run == run, last.owner == owner {
                    place = last.place
                } else {
                    let key = RunKey(run: columns.runs.entries[Int(run)], owner: owner)
                    place = places[key] ?? touched.count
                    if place == touched.count {
                        places[key] = place
                        touched.append(
                            TouchedRun(
                                run: try take(key, store), rows: RunRows(batch: number),
                                expecting: counts[Int(run)]))
                    }
                    last = (run, owner, place)
                }
                let agent = columns.agents.entries[Int(rows.value(.agent, row))]
                touched[place].note(
                    row, of: rows, agent: agent, digest: digests[row], names: names)
            }
        }
        for entry in touched { put(entry.run, entry.rows, into: store) }
        putAgents(columns, number: number, into: store)
        return touched.map(\.run.summary)
    }

    /// Writes the new rows and the summary of a run, and moves its keys where it starts earlier
    /// than was
    /// known.
    private mutating func put(_ state: RunState, _ rows: RunRows, into store: Store) {
        if !rows.places.isEmpty {
            store.put(
                IndexKey.rows(state.key, rows.batch), rows.encoded, in: Space.operations)
        }
        var state = state
        let summary = state.summary
        if let old = state.indexed, old.start != summary.start {
            store.delete(IndexKey.runByTime(old), in: Space.runsByTime)
            for agent in old.agents {
                store.delete(IndexKey.runByAgent(agent, old), in: Space.runsByAgent)
            }
        }
        if state.indexed?.start != summary.start {
            store.put(IndexKey.runByTime(summary), [], in: Space.runsByTime)
        }
        if state.indexed?.start != summary.start || state.indexed?.agents != summary.agents {
            for agent in summary.agents {
                store.put(IndexKey.runByAgent(agent, summary), [], in: Space.runsByAgent)
            }
        }
        store.put(state.key.encoded, summary.encoded, in: Space.runs)
        state.indexed = summary
        runs.put(state)
    }

    private func putAgents(_ columns: RecordColumns, number: UInt64, into store: Store) {
        var counts = [UInt64](repeating: 0, count: columns.agents.entries.count)
        columns.withRows { rows in
            for row in 0..<rows.count { counts[Int(rows.value(.agent, row))] += 1 }
        }
        for (agent, count) in zip(columns.agents.entries, counts) {
            store.put(
                IndexKey.agentBatch(agent, number), IndexKey.number(count), in: Space.agentBatches)
        }
    }
}

/// A run with what one batch adds to it.
private struct TouchedRun {
    var run: RunState
    var rows: RunRows

    /// - Parameter count: rows of the batch that are of this run, or of one of the same name.
    init(run: RunState, rows: RunRows, expecting count: Int) {
        self.run = run
        self.rows = rows
        self.run.reserve(count)
        self.rows.reserve(count)
    }

    mutating func note(
        _ row: Int, of open: RowsInPlace, agent: AgentID, digest: Digest,
        names: (Int) -> String
    ) {
        let operation = open.operation(at: row)
        let caller = open.caller(at: row)
        guard run.record(operation, caller: caller, digest: digest) else { return }
        run.summary.add(row: row, of: open, agent: agent, name: names(row))
        run.summary.lastBatch = rows.batch
        rows.add(operation, caller: caller, row: row, digest: digest)
    }
}

extension RecordColumns {
    /// How many rows each run of the table has.
    fileprivate var rowsByRun: [Int] {
        var counts = [Int](repeating: 0, count: runs.entries.count)
        withRows { rows in
            for row in 0..<rows.count { counts[Int(rows.value(.run, row))] += 1 }
        }
        return counts
    }
}
