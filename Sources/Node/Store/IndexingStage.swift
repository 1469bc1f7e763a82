// The indexing of batches by itself, as a node does it: what `bench records` times.
import Primitives
import Records
import Replica
import Storage

/// A store that gets batches of others into its index, and nothing else. One thread.
package final class IndexingStage {
    private var core: Core
    private let store: Store

    /// - Parameter replica: knows the owners of the agents.
    package init(_ opening: StoreOpening, replica: Replica) throws(StorageFailure) {
        store = try Store(opening, settings: NodeSettings())
        core = Core(replica: replica, submitter: nil)
    }

    /// Puts a batch in its place, after those before it; the writing is left to `write`.
    package func index(_ batch: CheckedBatch) throws(StorageFailure) {
        core.batchCount += 1
        _ = try core.index(batch, number: core.batchCount, into: store) { _ in "" }
    }

    /// Hands what was indexed to the index and waits until it can be read.
    package func write() throws(StorageFailure) {
        try store.commitIndex()
        try core.trimRuns(store)
    }

    package func close() { store.close() }
}
