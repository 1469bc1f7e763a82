// The law and the records of a batch: judged and noted once for each agent, never for each row.
import Primitives
import Records

extension ExecutionState {
    /// Throws where the records of an agent are not within the law. Agents are looked at in the
    /// order of the batch's table. An agent costs two look-ups.
    func judge(_ owned: OwnedTotals, at time: Instant) throws(LawFailure) {
        let totals = owned.totals
        let chainStopped: ForbiddenFailure? = chainStop?.isStopped == true ? .chainStopped : nil
        for (index, (sum, kinds)) in zip(totals.sums, totals.kinds).enumerated() {
            let id = sum.agent
            let file = file(of: id)
            if let law = file?.constitution {
                let conduct = file?.conduct ?? Conduct(agent: id, since: time)
                let deed = Deed(kinds: kinds, count: sum.records, gas: sum.gas)
                do {
                    try law.check(deed, after: conduct, at: time)
                } catch { throw .recordLimits(id, error) }
            }
            do throws(ForbiddenFailure) {
                if let chainStopped { throw chainStopped }
                let fleet = self.file(of: owned.owners[index])?.fleetStop
                try Self.checkStops(fleet, file?.rulings)
                try file?.rulings?.check(kinds, at: time)
            } catch { throw .recordForbidden(id, error) }
        }
    }

    /// Adds the records of a batch that was carried out to the conduct of its agents. What is out
    /// of the ordinary puts an agent into safe mode; its records stay, since they happened.
    mutating func note(_ totals: BatchTotals, at time: Instant) {
        for (sum, kinds) in zip(totals.sums, totals.kinds) {
            guard let file = file(of: sum.agent), let law = file.constitution else { continue }
            var conduct = file.conduct ?? Conduct(agent: sum.agent, since: time)
            let deed = Deed(kinds: kinds, count: sum.records, gas: sum.gas)
            let costs = usage(sum.agent).map { after in
                RecordCosts(
                    count: sum.records, cost: sum.cost,
                    countBefore: after.records - min(after.records, sum.records),
                    costBefore: after.cost.subtracting(sum.cost) ?? .zero)
            }
            let finding = conduct.finding(in: deed, records: costs, by: law.watch, at: time)
            conduct.note(deed, at: time)
            let isAllowed = finding.map {
                file.rulings?.ruling($0.kind, at: time) == .allow
            }
            if let finding, isAllowed != true, !conduct.isSafe {
                enterSafeMode(conduct, for: finding, at: time)
            } else {
                set(conduct)
            }
        }
    }
}

extension Rulings {
    /// Throws where one of `kinds` is denied at `time`.
    fileprivate func check(_ kinds: KindSet, at time: Instant) throws(ForbiddenFailure) {
        for override in overrides
        where kinds.contains(override.kind) && ruling(override.kind, at: time) == .deny {
            throw .denied(override.kind)
        }
    }
}
