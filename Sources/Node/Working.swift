// The store and the state of a node: all that a failure of the disk throws away.
import Storage

/// What a node works with while its disk does.
final class Working {
    let store: Store
    var core: Core
    var decoded = DecodedBatches()
    let fetch: (@Sendable (ArchivedSegment) -> Void)?
    /// Snapshots that peers are fetching.
    var offers = SnapshotOffers()
    /// Nil where nothing is compressed in the background.
    var compaction: StoreCompaction?

    init(
        store: Store, core: Core, fetch: (@Sendable (ArchivedSegment) -> Void)? = nil
    ) {
        self.store = store
        self.core = core
        self.fetch = fetch
    }

    /// Ends what goes on in the background before others may open the store.
    func close() {
        compaction?.stop()
        store.close()
    }
}
