// Transitions that share a proof: those of the messages that came while the proof before was made.
import Agents
import Ledger
import Primitives

extension AgentDesk {
    /// Agents of one thread that may hold transitions at a time: each has several states of its
    /// image then.
    private static let mostSharing = 64

    /// Whether more is there to be done that can share the proof of what the agent made.
    func mayHold(_ agent: AgentID, _ instance: Instance) -> Bool {
        guard let host = hosted[agent], !host.isClosed, host.trouble == nil,
            host.resolution == nil, instance.identity.policy.evidence == .proof,
            instance.identity.policy.isOnRequest,
            host.hasUnread || !host.queue.isEmpty || instance.hasMail,
            sharing.count < Self.mostSharing || sharing.contains(agent)
        else { return false }
        return instance.mayHold
    }

    /// Goes on as if the ledger had accepted what the agent made.
    mutating func hold(_ agent: AgentID) {
        sharing.insert(agent)
        tell(agent, .held)
        giveNext(agent)
        tell(agent, .requested)
    }

    /// Submits what agents hold that have nothing more to do.
    mutating func gatherRested() {
        for agent in sharing.sorted() {
            guard let instance = runtime.instance(agent), instance.isHolding,
                !instance.isRunnable(at: time.now)
            else { continue }
            hosted[agent]?.isClosed = true
            tell(agent, .gathered)
        }
    }

    mutating func sendSeries(_ proof: [UInt8], of host: HostedAgent) {
        let members = host.pending.map { draft in
            TransitionSeries.Member(
                signed: SignedHeader(signing: draft.header, key: host.key),
                exchange: draft.exchange)
        }
        let series = TransitionSeries(members, proof: proof)
        guard series.byteCount <= AgentLimits.transitionBytes else {
            return withdraw(host.place.agent, "what shares it has \(series.byteCount) bytes")
        }
        submit(.series(series), for: host)
    }

    /// What an agent gave up as the ledger accepted only a part is made again.
    mutating func forgetGivenUp(_ agent: AgentID) {
        guard let waiting = runtime.instance(agent)?.waiting,
            let pending = hosted[agent]?.pending, waiting.count < pending.count
        else { return }
        hosted[agent]?.pending = waiting
        if waiting.isEmpty { forgetPending(agent) }
        giveNext(agent)
        tell(agent, .requested)
    }

    /// Nothing of the agent waits for the ledger any more.
    mutating func forgetPending(_ agent: AgentID) {
        hosted[agent]?.pending = []
        hosted[agent]?.isClosed = false
        sharing.remove(agent)
    }
}
