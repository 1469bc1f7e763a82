// One run while it is being recorded: what was seen of it, so that nothing is recorded twice and
// parents are known.
import Primitives
import Records

/// A run of an owner. Two owners may use one trace id, and neither may stand in the other's way.
struct RunKey: Hashable, Sendable {
    var run: RunID
    var owner: OwnerID

    /// The key in the index: the run, then the first eight bytes of the owner.
    var encoded: [UInt8] { run.bytes + owner.bytes.prefix(8) }

    /// Bytes of `encoded`.
    static let width = 24
}

/// What is known of a run that records are added to.
struct RunState: Sendable {
    var summary: RunSummary
    /// The summary as the index has it; nil where it has none.
    var indexed: RunSummary?
    /// Digests of the operations in batches that were executed.
    private var recorded: [OperationID: Digest] = [:]
    /// Digests of the operations in own batches that were sealed and not executed yet.
    private var sealed: [OperationID: Digest] = [:]
    /// Rows of the operations in the batch that is open.
    private var open: [OperationID: UInt32] = [:]
    /// Operations by their caller, in the order in which they were recorded.
    private var callees: [OperationID: [OperationID]] = [:]

    init(_ summary: RunSummary) { self.summary = summary }

    var key: RunKey { RunKey(run: summary.run, owner: summary.owner) }

    /// Operations it holds, which is what it costs in memory.
    var count: Int { recorded.count + sealed.count + open.count }

    /// Makes room for so many operations more.
    mutating func reserve(_ more: Int) { recorded.reserveCapacity(recorded.count + more) }

    var hasOpenRows: Bool { !open.isEmpty }

    func contains(_ operation: OperationID) -> Bool {
        open[operation] != nil || recorded[operation] != nil || sealed[operation] != nil
    }

    /// The records that `operation` was completed after: its callees, the last ones where there are
    /// too many.
    func parents(of operation: OperationID) -> [ParentReference] {
        (callees[operation] ?? []).suffix(Limits.parentsPerRecord).compactMap { callee in
            if let row = open[callee] { return .row(row) }
            return (sealed[callee] ?? recorded[callee]).map { .digest($0) }
        }
    }

    mutating func note(_ operation: OperationID, caller: OperationID, row: UInt32) {
        open[operation] = row
        if !caller.isZero { callees[caller, default: []].append(operation) }
    }

    /// Puts back an operation that the index knows.
    mutating func restore(_ place: RecordPlace) {
        recorded[place.operation] = place.digest
        if !place.caller.isZero { callees[place.caller, default: []].append(place.operation) }
    }

    /// The own batch that holds `operation` was sealed and is on its way: its row becomes a digest.
    mutating func seal(_ operation: OperationID, caller: OperationID, digest: Digest) {
        guard recorded[operation] == nil else { return }
        if open.removeValue(forKey: operation) == nil, sealed[operation] == nil, !caller.isZero {
            callees[caller, default: []].append(operation)
        }
        sealed[operation] = digest
    }

    /// What held `operation` was given up: it may be recorded anew.
    mutating func forget(_ operation: OperationID, caller: OperationID) {
        let isOpen = open.removeValue(forKey: operation) != nil
        let isSealed = sealed.removeValue(forKey: operation) != nil
        guard isOpen || isSealed, recorded[operation] == nil else { return }
        callees[caller]?.removeAll { $0 == operation }
    }

    /// The batch that holds `operation` was executed. False where the operation was recorded
    /// before,
    /// which only a batch from elsewhere can do.
    mutating func record(_ operation: OperationID, caller: OperationID, digest: Digest) -> Bool {
        if let before = recorded.updateValue(digest, forKey: operation) {
            recorded[operation] = before
            return false
        }
        // Of batches from elsewhere, both are empty.
        let isOpen = !open.isEmpty && open.removeValue(forKey: operation) != nil
        let isSealed = !sealed.isEmpty && sealed.removeValue(forKey: operation) != nil
        if !isOpen, !isSealed, !caller.isZero {
            callees[caller, default: []].append(operation)
        }
        return true
    }
}

/// The runs that were touched lately, within a budget of operations.
///
/// Two generations: what is not touched while a generation fills is dropped with the next one, and
/// read
/// again from the index when the run comes back.
struct RunCache {
    /// Operations in one generation, about 150 bytes each.
    static let operationsPerGeneration = 100_000

    private var young: [RunKey: RunState] = [:]
    private var old: [RunKey: RunState] = [:]
    private var youngCount = 0

    /// The state of a run, taken out: the caller puts it back.
    mutating func take(_ run: RunKey) -> RunState? {
        if let state = young.removeValue(forKey: run) {
            youngCount -= state.count
            return state
        }
        return old.removeValue(forKey: run)
    }

    mutating func put(_ state: RunState) {
        youngCount += state.count
        young[state.key] = state
    }

    /// Whether it is time to trim.
    var isFull: Bool { youngCount > Self.operationsPerGeneration }

    /// Drops the older generation, but for runs with rows in the open batch, which stand nowhere
    /// else.
    mutating func trim() {
        let kept = old.filter { $0.value.hasOpenRows }
        old = young
        old.merge(kept) { young, _ in young }
        young = [:]
        youngCount = 0
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
        youngCount = 0
    }
}
