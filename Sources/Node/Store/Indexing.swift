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
        let digests = batch.recordDigests
        var touched: [TouchedRun] = []
        var places: [RunKey: Int] = [:]
        // Rows of a run mostly stand side by side.
        var last: (key: RunKey, place: Int)?
        for row in 0..<columns.count {
            let owner = owners[Int(columns.value(.agent, row))]
            let key = RunKey(run: columns.run(at: row), owner: owner)
            let place: Int
            if let last, last.key == key {
                place = last.place
            } else if let known = places[key] {
                place = known
            } else {
                place = touched.count
                places[key] = place
                touched.append(
                    TouchedRun(run: try take(key, store), rows: RunRows(batch: number)))
            }
            last = (key, place)
            touched[place].note(row, of: columns, digest: digests[row], names: names)
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
        for row in 0..<columns.count { counts[Int(columns.value(.agent, row))] += 1 }
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

    mutating func note(
        _ row: Int, of columns: RecordColumns, digest: Digest, names: (Int) -> String
    ) {
        let operation = columns.operation(at: row)
        let caller = columns.caller(at: row)
        guard run.record(operation, caller: caller, digest: digest) else { return }
        run.summary.add(row: row, of: columns, name: names(row))
        run.summary.lastBatch = rows.batch
        rows.add(operation, caller: caller, row: row, digest: digest)
    }
}
