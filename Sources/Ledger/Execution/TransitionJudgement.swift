// The law and the transitions of an agent's program: judged and noted as its records are, and what
// they move as transfers of the agent.
import Agents
import Primitives

/// What the law says to the transfer that a transition ends with.
enum TransferRuling {
    /// It is within the law, or there is none.
    case allowed
    /// Guardians must agree first.
    case waits(Approval, Constitution, Conduct)
    /// Out of the ordinary: not done.
    case refused
}

/// What the law says to a transition, and what is to be noted once it was carried out.
private struct TransitionLaw {
    var ruling = TransferRuling.allowed
    var transfer: Judgement.Record?
    var finding: Finding?
}

extension ExecutionState {
    private static var deed: Deed { Deed(kinds: KindSet(.transition)) }

    /// Carries out a command of the transitions' chapter: judged, given to it, noted.
    mutating func carryOut(
        _ command: TransitionCommand, of operation: SignedOperation, by signer: Signer,
        at time: Instant, proofs: ProofState
    ) throws(LedgerFailure) -> Effect {
        switch command {
        case .submit(let transition):
            let part = (transition, transition.encoded.count)
            return try carryOut(part, of: operation, by: signer, at: time, proofs: proofs)
        case .series(let series):
            return try carryOut(series, of: operation, by: signer, at: time, proofs: proofs)
        default:
            do {
                return try apply(command, by: signer, at: time, proofs: proofs, .allowed)
            } catch { throw .transitions(error) }
        }
    }

    private mutating func carryOut(
        _ part: (transition: Transition, bytes: Int), of operation: SignedOperation,
        by signer: Signer, at time: Instant, proofs: ProofState
    ) throws(LedgerFailure) -> Effect {
        let law: TransitionLaw
        do { law = try judge(part.transition, of: operation, at: time) } catch { throw .law(error) }
        let effect: Effect
        do {
            effect = try submit(part, by: signer, at: time, proofs: proofs, law.ruling)
        } catch { throw .transitions(error) }
        note(law, of: part.transition.header.agent, at: time)
        return effect
    }

    /// Accepts all transitions of a series or changes nothing: they are tried on a draft first, by
    /// the same rules, and the proof is looked at where all of them pass.
    private mutating func carryOut(
        _ series: TransitionSeries, of operation: SignedOperation, by signer: Signer,
        at time: Instant, proofs: ProofState
    ) throws(LedgerFailure) -> Effect {
        try attempt(series, of: operation, by: signer, at: time)
        if proofs == .open {
            do { try verify(series) } catch { throw .transitions(error) }
        }
        return try carryOutEach(series, of: operation, by: signer, at: time)
    }

    private func attempt(
        _ series: TransitionSeries, of operation: SignedOperation, by signer: Signer,
        at time: Instant
    ) throws(LedgerFailure) {
        var draft = drafted
        _ = try draft.carryOutEach(series, of: operation, by: signer, at: time)
    }

    fileprivate mutating func carryOutEach(
        _ series: TransitionSeries, of operation: SignedOperation, by signer: Signer,
        at time: Instant
    ) throws(LedgerFailure) -> Effect {
        guard (2...TransitionSeries.mostMembers).contains(series.members.count) else {
            throw .transitions(.overLimit)
        }
        var last: Effect?
        for part in series.parts {
            let header = part.transition.header
            guard header.agent == series.agent else { throw .transitions(.agentUnknown) }
            // What the ledger answers is not known while a series is made.
            if case .transitionAccepted(let height, _) = last,
                instance(height.agent)?.call != nil
            {
                throw .transitions(.wrongEnd)
            }
            last = try carryOut(part, of: operation, by: signer, at: time, proofs: .judged)
        }
        guard let last else { throw .transitions(.overLimit) }
        return last
    }

    /// Throws where a transition, or the transfer in it, is not within the law of its agent.
    private func judge(
        _ transition: Transition, of operation: SignedOperation, at time: Instant
    ) throws(LawFailure) -> TransitionLaw {
        guard let agent = agent(transition.header.agent) else { return TransitionLaw() }
        let conduct = conduct(agent.id) ?? Conduct(agent: agent.id, since: time)
        let move = transition.move
        do {
            var deed = Self.deed
            if let move {
                deed.kinds.insert(.transfer)
                (deed.count, deed.gas, deed.value) = (2, 2 * deed.gas, move.amount)
            }
            let action = (move.map(LawCommand.transfer)?.intent)?.action
            try constitution(agent.id)?.check(deed, action, after: conduct, at: time)
        } catch { throw .limits(error) }
        do throws(ForbiddenFailure) {
            try checkChain()
            let rulings = try checkStops(of: agent.id, owner: agent.owner)
            let ruling = rulings?.ruling(.transition, at: time) ?? .ordinary
            if ruling == .deny { throw .denied(.transition) }
            if conduct.isSafe, ruling != .allow { throw .safeMode }
        } catch { throw .forbidden(error) }
        guard let move else { return TransitionLaw() }
        return try judge(move, of: agent, asked: operation, at: time)
    }

    /// A transfer by a program is one by its agent, whoever submits it.
    private func judge(
        _ move: Transfer, of agent: Agent, asked operation: SignedOperation, at time: Instant
    ) throws(LawFailure) -> TransitionLaw {
        guard case .action(let action) = LawCommand.transfer(move).intent else {
            return TransitionLaw()
        }
        let signer = try admitted(
            .law(.transfer(move)), by: Signer(owner: agent.owner, key: agent.key))
        switch try judge(action, by: signer, at: time, approved: .no) {
        case .free: return TransitionLaw()
        case .lawful(let record): return TransitionLaw(transfer: record)
        case .unusual(let finding, _): return TransitionLaw(ruling: .refused, finding: finding)
        case .waits(let law, let conduct):
            var writer = ByteWriter()
            Command.law(.transfer(move)).write(to: &writer)
            let approval = Approval(
                id: operation.digest, agent: agent.id, key: agent.key, owner: agent.owner,
                command: writer.bytes,
                expires: time.advanced(byNanoseconds: law.approvals.lifetime))
            return TransitionLaw(ruling: .waits(approval, law, conduct))
        }
    }

    /// Adds a transition that was carried out, and a transfer in it that was done, to the conduct
    /// of its agent.
    private mutating func note(_ ruled: TransitionLaw, of id: AgentID, at time: Instant) {
        guard let law = constitution(id) else { return }
        var conduct = conduct(id) ?? Conduct(agent: id, since: time)
        var finding = conduct.finding(in: Self.deed, by: law.watch, at: time)
        conduct.note(Self.deed, at: time)
        if rulings(id)?.ruling(.transition, at: time) == .allow { finding = nil }
        if let transfer = ruled.transfer, instance(id)?.call?.answer?.status == .done {
            conduct.note(transfer.deed, at: time)
        }
        if let finding = ruled.finding ?? finding {
            enterSafeMode(conduct, for: finding, at: time)
        } else {
            set(conduct)
        }
    }

    /// Tells an agent whose transfer waited for people what they decided.
    mutating func tell(_ approval: Approval, _ status: HostAnswer.Status) {
        guard var instance = instance(approval.agent), instance.status == .running,
            instance.call?.approval == approval.id, instance.call?.answer == nil
        else { return }
        instance.call?.answer = LedgerAnswer(status: status, words: [], by: nil)
        set(instance)
    }
}

extension Intent {
    fileprivate var action: Action? {
        if case .action(let action) = self { return action }
        return nil
    }
}

extension Transition {
    /// The transfer that it ends with.
    fileprivate var move: Transfer? {
        guard case .transfer(let payee, let amount)? = exchange.outstanding else { return nil }
        return Transfer(
            from: AccountID(header.agent), to: AccountID(payee),
            amount: Amount(microCredits: amount))
    }
}
