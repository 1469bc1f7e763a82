// The way of a transition: made safe, proven where its agent gives proofs, submitted, settled, and
// what it emitted recorded.
import Agents
import Ledger
import Primitives

extension AgentDesk {
    /// Sends the transition that an agent made with those that it made before, or holds it.
    mutating func submit(of agent: AgentID) {
        guard let instance = runtime.instance(agent), hosted[agent] != nil else { return }
        hosted[agent]?.pending = instance.waiting
        if mayHold(agent, instance) { hold(agent) } else { keep(agent) }
    }

    /// Makes safe what an agent made, once the records of what came before are final.
    mutating func keep(_ agent: AgentID) {
        guard let instance = runtime.instance(agent), let host = hosted[agent], !host.isAsking,
            host.unrecorded.isEmpty, !host.pending.isEmpty, !instance.isHolding
        else { return }
        hosted[agent]?.asking = .transition
        hosted[agent]?.isClosed = true
        ask(.keep(agent, instance.kept))
    }

    /// What waits is safe: it is sent, or proven before.
    mutating func goOn(_ agent: AgentID) {
        guard let host = hosted[agent], host.asking == .transition, let draft = host.pending.first,
            let instance = runtime.instance(agent)
        else { return }
        guard host.place.instance.policy.evidence == .proof else { return send(draft, of: host) }
        let job = ProvingJob(runs: instance.waitingRuns, program: instance.program)
        ask(.prove(agent, job))
    }

    /// It is not sent before it is safe.
    mutating func hold(_ agent: AgentID, _ reason: String) {
        note(agent, "agent not kept", reason)
        hosted[agent]?.asking = nil
        hosted[agent]?.resolution = .resend
        ask(.look([agent], afterNanoseconds: Nanoseconds.perSecond))
    }

    mutating func take(
        _ agent: AgentID, _ last: Digest, _ proof: Result<[UInt8], ProvingRefusal>
    ) {
        guard let host = hosted[agent], host.asking == .transition,
            var draft = host.pending.last, draft.header.digest == last
        else { return }
        switch proof {
        case .success(let proof) where host.pending.count > 1: sendSeries(proof, of: host)
        case .success(let proof):
            draft.evidence = .proof(proof)
            send(draft, of: host)
        case .failure(let refusal): withdraw(agent, refusal.reason)
        }
    }

    /// There is no proof that what an agent made can be submitted with.
    mutating func withdraw(_ agent: AgentID, _ reason: String) {
        note(agent, "no proof", reason)
        hosted[agent]?.asking = nil
        forgetPending(agent)
        tell(agent, .withdrawn)
        if hosted[agent]?.given.isEmpty == false { tell(agent, .requested) }
    }

    private mutating func send(_ draft: TransitionDraft, of host: HostedAgent) {
        submit(.submit(draft.signed(by: host.key)), for: host)
    }

    mutating func submit(_ command: TransitionCommand, for host: HostedAgent) {
        ask(
            .submit(
                HostedOperation(
                    agent: host.place.agent, owner: host.place.owner, key: host.key,
                    command: command)))
    }

    /// What came of an operation in the name of `agent`.
    mutating func answered(_ agent: AgentID, _ verdict: LedgerVerdict) {
        guard let asked = hosted[agent]?.asking else { return }
        hosted[agent]?.asking = nil
        switch asked {
        case .transition: obey(verdict, for: agent)
        case .abandonCall: break
        case .show(let reader):
            // It may have moved on, or the reader: what the ledger says now decides.
            ask(.look([agent, reader], afterNanoseconds: Self.retryNanoseconds))
        }
        // What came up meanwhile.
        guard let host = hosted[agent], !host.isAsking else { return }
        if asked != .transition, !host.pending.isEmpty, host.resolution == nil {
            return keep(agent)
        }
        if asked == .transition, !host.readers.isEmpty {
            ask(.look(host.readers, afterNanoseconds: 0))
        }
    }

    private mutating func obey(_ verdict: LedgerVerdict, for agent: AgentID) {
        switch verdict {
        case .accepted: hosted[agent]?.trouble = nil
        case .undecided:
            hosted[agent]?.resolution = .resend
            ask(.look([agent], afterNanoseconds: Self.retryNanoseconds))
        case .refused(let reason, let resolution):
            note(agent, "transition refused", reason)
            if hosted[agent].map({ $0.pending.count > 1 }) ?? false {
                // One may be at fault: each is submitted alone.
                hosted[agent]?.resolution = .again
                ask(.look([agent], afterNanoseconds: Self.retryNanoseconds))
            } else {
                refused(agent, reason, resolution)
            }
        }
    }

    private mutating func refused(_ agent: AgentID, _ reason: String, _ resolution: Resolution) {
        guard var host = hosted[agent] else { return }
        host.refusals += 1
        host.resolution = resolution
        let isFinal = resolution == .resend || host.refusals > HostedAgent.mostRefusals
        let delay = isFinal ? Self.refusedNanoseconds : Self.retryNanoseconds
        ask(.look([agent], afterNanoseconds: delay))
        // The message stays given until the agent has dropped it.
        let place = host.readCount
        let isDropped = resolution == .withoutWhatItRead && !isFinal && host.pendingCount > 0
            && host.given.indices.contains(place)
        let call = isDropped ? host.given[place].call.take() : nil
        hosted[agent] = host
        if isFinal { return stop(agent, "the ledger refuses its transition: \(reason)") }
        guard let call else { return }
        let problem = Problem(
            .agentFailed, "The ledger refuses what the program did with the message, and the "
                + "agent is as it was: \(reason).")
        ask(.reply(ticket: call.ticket, .failure(problem)))
    }

    /// A transition was accepted.
    mutating func settle(
        _ agent: AgentID, _ sequence: UInt64, _ output: [UInt64], _ records: [[UInt64]]
    ) {
        guard var host = hosted[agent] else { return }
        (host.refusals, host.resolution) = (0, nil)
        guard host.pending.first?.header.sequence == sequence else {
            hosted[agent] = host
            return giveNext(agent)
        }
        let draft = host.pending.removeFirst()
        host.steps &+= draft.header.effort.steps
        host.hear(draft, output)
        if !records.isEmpty {
            let emitted = EmittedRecords(
                agent: agent, owner: host.place.owner, name: host.place.name, sequence: sequence,
                root: draft.header.newRoot, time: draft.header.time, records: records)
            host.unrecorded.append(emitted)
            ask(.record(agent, emitted, afterNanoseconds: 0))
        }
        hosted[agent] = host
        if host.pending.isEmpty { forgetPending(agent) }
        while draft.header.end != .unanswered, let host = hosted[agent], host.readCount > 0 {
            finish(agent, at: 0, .success(host.given[0].answer))
        }
        giveNext(agent)
        guard let host = hosted[agent], host.pending.isEmpty, !host.given.isEmpty else { return }
        tell(agent, .requested)
    }

    /// What came of the records of an accepted transition. Those that are refused are told and
    /// left: the transition stands.
    mutating func recorded(_ agent: AgentID, _ sequence: UInt64, _ verdict: RecordingVerdict) {
        let emitted = hosted[agent]?.unrecorded.first { $0.sequence == sequence }
        guard let emitted else { return }
        switch verdict {
        case .undecided:
            return ask(.record(agent, emitted, afterNanoseconds: Self.retryNanoseconds))
        case .refused(let reason): note(agent, "records refused", reason)
        case .final: break
        }
        hosted[agent]?.unrecorded.removeAll { $0.sequence == sequence }
        if hosted[agent]?.resolution == nil { keep(agent) }
    }
}
