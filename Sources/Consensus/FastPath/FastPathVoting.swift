// Answering proposals: lock what may be locked, record it, and sign what was not rejected.
import Primitives

extension FastPath {
    /// Answers another gateway's proposal; the same one again is judged again, and what was locked
    /// stays so.
    mutating func answer(
        _ proposal: Proposal, from sender: Seat, _ verdicts: [Verdict], at now: Instant,
        into actions: inout [Action]
    ) {
        guard let seat, sender == proposal.gateway, sender != seat, committee.contains(sender),
            proposal.epoch == committee.epoch, verdicts.count == proposal.items.count,
            (1...Proposal.itemLimit).contains(proposal.items.count),
            !isClosing || !rules.locksStopAtClose
        else { return }
        var rejections: [Rejection] = []
        for (index, (item, verdict)) in zip(proposal.items, verdicts).enumerated() {
            if let reason = judge(item, verdict, for: sender, into: &actions) {
                rejections.append(Rejection(index: index, reason: reason))
            }
        }
        let vote = sign(proposal, rejections, into: &actions)
        for item in proposal.items { drop(item.chain) }
        if let vote { actions.append(.vote(vote, rejections, to: sender)) }
    }

    private mutating func judge(
        _ item: Update, _ verdict: Verdict, for gateway: Seat, into actions: inout [Action]
    ) -> RejectReason? {
        switch verdict {
        case .refused(let code): return .app(code)
        case .admissible(let head):
            track(item.chain, head, into: &actions)
            return lock(item, for: gateway)
        }
    }

    /// Locks an update of a chain that is tracked; the reason where it may not.
    mutating func lock(_ item: Update, for gateway: Seat) -> RejectReason? {
        // The chain is looked up each time: with a copy held here, a change would copy its slots.
        guard chains[item.chain] != nil else { return .overLimit }
        if let reason = chains[item.chain]?.refusal(
            of: item, isClosing: isClosing, run: settings.run)
        {
            return reason
        }
        let isLocked = chains[item.chain]?.slots[item.sequence]?.lock != nil
        let gatewayIndex = Int(gateway.index)
        guard isLocked || lockCounts[gatewayIndex] < settings.locksPerGateway else {
            return .overLimit
        }
        if chains[item.chain]?.lock(item, for: gateway) == true { lockCounts[gatewayIndex] += 1 }
        note(moved: item.chain)
        return nil
    }

    /// Records the locks of the items that are not rejected, and signs them.
    mutating func sign(
        _ proposal: Proposal, _ rejections: [Rejection], into actions: inout [Action]
    ) -> LockVote? {
        guard let key, let seat else { return nil }
        let count = proposal.items.count
        let rejected = ItemSet(rejections.lazy.map(\.index), count: count)
        var fresh: [Update] = []
        for index in rejected.complement.indices {
            let item = proposal.items[index]
            if chains[item.chain]?.takeRecord(of: item.sequence) == true { fresh.append(item) }
        }
        if !fresh.isEmpty, rules.recordsLocks {
            actions.append(.record(.locked(fresh, gateway: proposal.gateway)))
        }
        return LockVote(
            on: proposal.digest(chain: committee.chain), rejected: rejected, by: seat,
            in: committee, with: key)
    }
}
