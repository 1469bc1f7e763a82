// Messages from outside: one after the other to each agent, answered, refused, or given up.
import Agents
import Ledger
import Primitives

extension AgentDesk {
    /// Nanoseconds after which nobody is expected to answer a call (docs/spec/agents.md §2).
    private static let abandonNanoseconds = callPatience + 2 * Nanoseconds.perSecond

    private static let closing = Problem(
        .unavailable, "The node stops.", retryAfterSeconds: 5)

    mutating func call(_ agent: AgentID, _ call: OutsideCall) {
        guard let problem = refusal(of: agent) else {
            hosted[agent]?.queue.append(call)
            return giveNext(agent)
        }
        ask(.reply(ticket: call.ticket, .failure(problem)))
    }

    private func refusal(of agent: AgentID) -> Problem? {
        guard !isClosed else { return Self.closing }
        guard let host = hosted[agent] else {
            return restoring[agent] != nil
                ? Problem(.unavailable, "The agent is being taken in.", retryAfterSeconds: 1)
                : Problem(.noSuchAgent, "Agent \(agent) does not run on this node.")
        }
        if let trouble = host.trouble {
            return Problem(.agentFailed, "The agent rests: \(trouble).")
        }
        guard host.queue.count < settings.waiting else {
            return Problem(
                .overloaded, "Too many messages wait for this agent.", retryAfterSeconds: 1)
        }
        return nil
    }

    /// Gives the next message once the one before has been answered, or where its transition waits
    /// for others to share a proof with.
    mutating func giveNext(_ agent: AgentID) {
        guard var host = hosted[agent], !host.queue.isEmpty, host.readCount == 0,
            !host.hasUnread,
            host.pending.isEmpty || runtime.instance(agent)?.isHolding == true
        else { return }
        let call = host.queue.removeFirst()
        host.given.append(CallUnderWay(call: call))
        hosted[agent] = host
        tell(agent, .message(Message(call.words)))
        tell(agent, .requested)
    }

    /// What the agent was given at this place is done with.
    mutating func finish(
        _ agent: AgentID, at place: Int, _ result: Result<CallAnswer, Problem>
    ) {
        guard hosted[agent]?.given.indices.contains(place) == true,
            let done = hosted[agent]?.given.remove(at: place)
        else { return }
        if let call = done.call { ask(.reply(ticket: call.ticket, result)) }
        giveNext(agent)
    }

    /// Tells those who wait too long, and gives up calls that nobody answers.
    mutating func sweep() {
        for agent in hosted.keys.sorted() {
            guard let host = hosted[agent] else { continue }
            dropLateCalls(of: host)
            if let call = host.place.instance.call, call.answer == nil, !call.approval.isZero {
                // What people decide is no step of the agent: nobody else tells it.
                ask(.look([agent], afterNanoseconds: 0))
            }
            if isDueToAbandon(host) {
                hosted[agent]?.asking = .abandonCall
                submit(.abandonCall(agent), for: host)
            }
        }
    }

    private mutating func dropLateCalls(of host: HostedAgent) {
        var host = host
        let (now, patience) = (time.monotonic, settings.answerNanoseconds)
        let calls = host.takeCalls { now &- $0.arrival >= patience }
        guard !calls.isEmpty else { return }
        hosted[host.place.agent] = host
        let late = Problem(
            .undecided, "The agent has not answered; it may still read the message.",
            retryAfterSeconds: 5)
        for call in calls { ask(.reply(ticket: call.ticket, .failure(late))) }
    }

    /// A transfer that waits for people is given up once a minute: the ledger lets it happen once
    /// the approval expired.
    private func isDueToAbandon(_ host: HostedAgent) -> Bool {
        guard let call = host.place.instance.call, call.answer == nil, !host.isAsking,
            host.pending.isEmpty
        else { return false }
        let waited = time.now.nanoseconds(since: call.since)
        guard waited > Self.abandonNanoseconds else { return false }
        let seconds = waited / Nanoseconds.perSecond
        return call.approval.isZero || seconds % 60 == 0
    }

    /// Tells everybody who waits that the node stops.
    mutating func close() {
        isClosed = true
        for agent in hosted.keys.sorted() {
            for call in hosted[agent]?.takeCalls({ _ in true }) ?? [] {
                ask(.reply(ticket: call.ticket, .failure(Self.closing)))
            }
        }
        hosted.removeAll()
    }
}

extension HostedAgent {
    /// Takes away the calls that are told something else than an answer. What the agent was given
    /// stays given.
    mutating func takeCalls(_ isMeant: (OutsideCall) -> Bool) -> [OutsideCall] {
        var calls: [OutsideCall] = []
        for place in given.indices {
            guard let call = given[place].call, isMeant(call) else { continue }
            calls.append(call)
            given[place].call = nil
        }
        calls += queue.filter(isMeant)
        queue.removeAll(where: isMeant)
        return calls
    }
}
