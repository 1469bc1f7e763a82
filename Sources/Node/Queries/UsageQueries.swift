// Questions about what accounts recorded and how far they are from their limits.
import Ledger
import Primitives
import Records

/// What an agent, or the agents of an owner together, recorded, and its limits.
public struct UsageView: Sendable {
    public var account: AccountID
    /// Since the first record.
    public var total = Quantities()
    /// That count for limits now: of 60 to 70 minutes, and of 24 to 28 hours.
    public var hour = Quantities()
    public var day = Quantities()
    /// Nil where its owner set none.
    public var quota: Quota?
}

extension Node {
    public func usage(of account: AccountID) throws(NodeFailure) -> UsageView {
        let state = try asked().core.replica.state
        var view = UsageView(account: account, quota: state.quota(of: account))
        guard let meter = state.meter(account) else { return view }
        let now = clock.now()
        view.total = meter.total
        view.hour = meter.hour.total(at: now)
        view.day = meter.day.total(at: now)
        return view
    }

    /// The records of a batch that limits, stops or rulings do not allow, as of now.
    public func refusedRows(of batch: Batch) throws(NodeFailure) -> [RefusedRow] {
        guard let columns = try? RecordColumns(decoding: batch.body) else { return [] }
        return Ledger.refusedRows(
            of: columns, at: clock.now(), in: try asked().core.replica.state)
    }
}
