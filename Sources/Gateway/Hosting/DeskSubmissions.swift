// The way of a transition: made safe, proven where its agent gives proofs, submitted, settled, and
// what it emitted recorded.
import Agents
import Ledger
import Primitives

extension AgentDesk {
    /// Sends the transition that an agent made, once the records of the one before are final.
    mutating func submit(_ draft: TransitionDraft, of agent: AgentID) {
        guard let instance = runtime.instance(agent), var host = hosted[agent] else { return }
        host.pending = draft
        hosted[agent] = host
        guard !host.isAsking, host.unrecorded == nil else { return }
        hosted[agent]?.asking = .transition
        ask(.keep(agent, instance.kept))
    }

    /// What waits is safe: it is sent, or proven before.
    mutating func goOn(_ agent: AgentID) {
        guard let host = hosted[agent], host.asking == .transition, let draft = host.pending,
            let instance = runtime.instance(agent)
        else { return }
        guard host.place.instance.policy.evidence == .proof else { return send(draft, of: host) }
        ask(
            .prove(
                agent,
                ProvingJob(draft: draft, image: instance.image, program: instance.program)))
    }

    /// It is not sent before it is safe.
    mutating func hold(_ agent: AgentID, _ reason: String) {
        note(agent, "agent not kept", reason)
        hosted[agent]?.asking = nil
        hosted[agent]?.resolution = .resend
        ask(.look([agent], afterNanoseconds: Nanoseconds.perSecond))
    }

    mutating func take(
        _ agent: AgentID, _ header: Digest, _ evidence: Result<Evidence, ProvingRefusal>
    ) {
        guard let host = hosted[agent], host.asking == .transition, var draft = host.pending,
            draft.header.digest == header
        else { return }
        switch evidence {
        case .success(let evidence):
            draft.evidence = evidence
            send(draft, of: host)
        case .failure(let refusal):
            note(agent, "no proof", refusal.reason)
            hosted[agent]?.asking = nil
            hosted[agent]?.pending = nil
            tell(agent, .withdrawn)
        }
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
        guard var host = hosted[agent], let asked = host.asking else { return }
        host.asking = nil
        hosted[agent] = host
        switch asked {
        case .transition: answered(&host, verdict)
        case .abandonCall: break
        case .show(let reader):
            // It may have moved on, or the reader: what the ledger says now decides.
            ask(.look([agent, reader], afterNanoseconds: Self.retryNanoseconds))
        }
        // What came up meanwhile.
        guard let host = hosted[agent], !host.isAsking else { return }
        if asked != .transition, let draft = host.pending { return submit(draft, of: agent) }
        if asked == .transition, !host.readers.isEmpty {
            ask(.look(host.readers, afterNanoseconds: 0))
        }
    }

    private mutating func answered(_ host: inout HostedAgent, _ verdict: LedgerVerdict) {
        let agent = host.place.agent
        switch verdict {
        case .accepted: host.trouble = nil
        case .undecided:
            host.resolution = .resend
            ask(.look([agent], afterNanoseconds: Self.retryNanoseconds))
        case .refused(let reason, let resolution):
            note(agent, "transition refused", reason)
            host.refusals += 1
            host.resolution = resolution
            let isFinal = resolution == .resend || host.refusals > HostedAgent.mostRefusals
            ask(
                .look(
                    [agent],
                    afterNanoseconds: isFinal ? Self.refusedNanoseconds : Self.retryNanoseconds))
            let read = host.pending?.exchange.messages.contains { $0.caller == nil } ?? false
            hosted[agent] = host
            if isFinal { return stop(agent, "the ledger refuses its transition: \(reason)") }
            guard resolution == .withoutWhatItRead, read else { return }
            return finish(agent, .failure(Problem(
                .agentFailed, "The ledger refuses what the program did with the message, and the "
                    + "agent is as it was: \(reason).")))
        }
        hosted[agent] = host
    }

    /// A transition was accepted.
    mutating func settle(
        _ agent: AgentID, _ sequence: UInt64, _ output: [UInt64], _ records: [[UInt64]]
    ) {
        guard var host = hosted[agent] else { return }
        let draft = host.pending
        (host.pending, host.refusals, host.resolution) = (nil, 0, nil)
        let steps = draft?.header.effort.steps ?? 0
        host.steps &+= steps
        if let draft, !records.isEmpty {
            host.unrecorded = EmittedRecords(
                agent: agent, owner: host.place.owner, name: host.place.name, sequence: sequence,
                root: draft.header.newRoot, time: draft.header.time, records: records)
        }
        hosted[agent] = host
        if let emitted = host.unrecorded { ask(.record(agent, emitted, afterNanoseconds: 0)) }
        guard var current = host.current, let draft else { return giveNext(agent) }
        if draft.exchange.messages.contains(where: { $0.caller == nil }) { current.isRead = true }
        if current.isRead {
            current.answer.output += output
            current.answer.transitions += 1
            current.answer.steps &+= steps
        }
        (current.answer.sequence, current.answer.root) = (sequence, draft.header.newRoot)
        hosted[agent]?.current = current
        if current.isRead, draft.header.end != .unanswered {
            finish(agent, .success(current.answer))
        } else {
            tell(agent, .requested)
        }
    }

    /// What came of the records of an accepted transition. Those that are refused are told and
    /// left: the transition stands.
    mutating func recorded(_ agent: AgentID, _ sequence: UInt64, _ verdict: RecordingVerdict) {
        guard let host = hosted[agent], let emitted = host.unrecorded,
            emitted.sequence == sequence
        else { return }
        switch verdict {
        case .undecided:
            return ask(.record(agent, emitted, afterNanoseconds: Self.retryNanoseconds))
        case .refused(let reason): note(agent, "records refused", reason)
        case .final: break
        }
        hosted[agent]?.unrecorded = nil
        if let draft = host.pending, host.resolution == nil { submit(draft, of: agent) }
    }
}
