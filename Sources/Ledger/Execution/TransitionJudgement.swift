// The law and the transitions of an agent's program: judged and noted as its records are.
import Primitives

extension ExecutionState {
    private static var deed: Deed { Deed(kinds: KindSet(.transition)) }

    /// Throws where a transition is not within the law of its agent.
    func judge(_ intent: Intent, at time: Instant) throws(LawFailure) {
        guard case .transition(let id) = intent, let agent = agent(id) else { return }
        let conduct = conduct(id) ?? Conduct(agent: id, since: time)
        do {
            try constitution(id)?.check(Self.deed, after: conduct, at: time)
        } catch { throw .limits(error) }
        do throws(ForbiddenFailure) {
            try checkChain()
            let rulings = try checkStops(of: id, owner: agent.owner)
            let ruling = rulings?.ruling(.transition, at: time) ?? .ordinary
            if ruling == .deny { throw .denied(.transition) }
            if conduct.isSafe, ruling != .allow { throw .safeMode }
        } catch { throw .forbidden(error) }
    }

    /// Adds a transition that was carried out to the conduct of its agent.
    mutating func note(_ intent: Intent, at time: Instant) {
        guard case .transition(let id) = intent, let law = constitution(id) else { return }
        var conduct = conduct(id) ?? Conduct(agent: id, since: time)
        let finding = conduct.finding(in: Self.deed, by: law.watch, at: time)
        conduct.note(Self.deed, at: time)
        let isAllowed = rulings(id)?.ruling(.transition, at: time) == .allow
        if let finding, !isAllowed {
            enterSafeMode(conduct, for: finding, at: time)
        } else {
            set(conduct)
        }
    }
}
