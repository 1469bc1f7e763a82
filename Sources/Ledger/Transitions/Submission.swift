// How a transition is judged and carried out: continuity, calls, causal order, fee, and the run.
import Agents
import ExecutionProof
import Primitives

extension TransitionsState {
    /// Accepts a transition of `agent`, or changes nothing.
    mutating func submit(
        _ part: (transition: Transition, bytes: Int), of agent: Agent, at time: Instant,
        proofs: ProofState, _ ruling: TransferRuling
    ) throws(TransitionsFailure) -> Effect {
        let (transition, header) = (part.transition, part.transition.header)
        guard agent.isActive else { throw .agentNotActive }
        var instance = try running(agent.id)
        try checkPlace(of: header, in: instance, at: time)
        guard header.exchange == transition.exchange.digest else { throw .wrongExchange }
        if proofs == .open, !transition.signed.isSigned(by: agent.key) { throw .invalidSignature }
        try checkAnswer(transition.exchange.answer, for: instance)
        let served = try servedCall(transition, by: instance)
        let isOpen = transition.exchange.outstanding != nil
        guard isOpen == (header.end == .unanswered) else { throw .wrongEnd }
        try checkOrder(of: header, after: instance, served: served)
        let fee = try fee(of: transition, bytes: part.bytes, for: instance)
        if proofs == .open { try verify(transition) }
        try ask(ruling, for: transition.exchange.outstanding, of: instance)

        instance.advance(by: header, fee: fee)
        credit(fee, to: .fees)
        instance.serving = served
        if let request = transition.exchange.outstanding {
            open(request, of: &instance, at: time, ruling)
        } else if let served {
            answer(served, with: transition.exchange.output, by: &instance)
        }
        if header.end == .exited { end(&instance, of: agent) }
        set(instance)
        return .transitionAccepted(
            AgentHeight(agent: agent.id, sequence: header.sequence), root: header.newRoot)
    }

    private func checkPlace(
        of header: TransitionHeader, in instance: AgentInstance, at time: Instant
    ) throws(TransitionsFailure) {
        guard header.chain == chain else { throw .wrongChain }
        guard header.program == instance.program else { throw .wrongProgram }
        let (next, overflow) = instance.sequence.addingReportingOverflow(1)
        guard !overflow, header.sequence >= next,
            header.sequence > next || header.oldRoot == instance.root
        else { throw .stale(sequence: instance.sequence, root: instance.root) }
        guard header.sequence == next else {
            throw .gap(sequence: instance.sequence, root: instance.root)
        }
        guard (1...AgentLimits.turns).contains(Int(header.effort.turns)),
            header.effort.gas <= agentRules.gasLimit, header.effort.steps <= header.effort.gas
        else { throw .overLimit }
        guard header.time >= instance.time, header.time <= time else { throw .wrongTime }
    }

    /// The answer taken over is the one that the ledger has, if it waits for one.
    private func checkAnswer(
        _ answer: HostAnswer?, for instance: AgentInstance
    ) throws(TransitionsFailure) {
        guard let call = instance.call else {
            if answer != nil { throw .wrongAnswer }
            return
        }
        guard let known = call.answer, let answer, answer.status == known.status,
            answer.words == known.words
        else { throw .wrongAnswer }
    }

    /// The agent that the turn of this transition answers, if there is one.
    private func servedCall(
        _ transition: Transition, by instance: AgentInstance
    ) throws(TransitionsFailure) -> AgentHeight? {
        let messages = transition.exchange.messages
        let called = messages.first { $0.caller != nil }
        guard called != nil || instance.serving != nil else { return nil }
        guard transition.header.effort.turns == 1,
            messages.count == (instance.serving == nil ? 1 : 0)
        else { throw .mixedCall }
        guard let called, let id = called.caller else { return instance.serving }
        guard let caller = self.instance(id), let call = caller.call, call.isOpenCall,
            call.callee == instance.agent, call.words == called.words
        else { throw .callUnknown(id) }
        return AgentHeight(agent: id, sequence: caller.sequence)
    }

    private func checkOrder(
        of header: TransitionHeader, after instance: AgentInstance, served: AgentHeight?
    ) throws(TransitionsFailure) {
        var dependencies = instance.call?.answer?.by.map { [$0] } ?? []
        if let served, instance.serving == nil, let caller = self.instance(served.agent) {
            dependencies.append(Dependency(height: served, root: caller.root))
        }
        guard header.dependencies == dependencies else { throw .wrongDependencies }
        let clock = TransitionHeader.clock(instance.clock, after: dependencies)
        guard header.clock == clock else { throw .wrongClock }
    }

    private func fee(
        of transition: Transition, bytes: Int, for instance: AgentInstance
    ) throws(TransitionsFailure) -> UInt64 {
        guard agentRules.evidence.contains(transition.evidence.kind) else {
            throw .evidenceNotAccepted
        }
        let steps = transition.header.effort.steps
        let fee = TransitionFee.of(steps: steps, bytes: bytes) ?? .max
        guard fee <= instance.account.deposit else { throw .depositTooSmall(fee: fee) }
        return fee
    }

    /// Throws unless the agent's key signed every header and the proof shows what they say.
    func verify(_ series: TransitionSeries) throws(TransitionsFailure) {
        guard let agent = agent(series.agent) else { throw .agentUnknown }
        for member in series.members where !member.signed.isSigned(by: agent.key) {
            throw .invalidSignature
        }
        guard let identity = series.members.first?.header.program,
            let program = provableProgram(identity)
        else { throw .programUnknown }
        do throws(TransitionProofFailure) {
            try series.checkProof(program)
        } catch {
            throw .proof(error)
        }
    }

    private func verify(_ transition: Transition) throws(TransitionsFailure) {
        let identity = transition.header.program
        switch transition.evidence.kind {
        case .reexecution:
            guard let program = decodedProgram(identity) else { throw .programUnknown }
            do throws(ReexecutionFailure) {
                try transition.reexecute(program)
            } catch {
                throw .reexecution(error)
            }
        case .proof:
            guard let program = provableProgram(identity) else { throw .programUnknown }
            do throws(TransitionProofFailure) {
                try transition.checkProof(program)
            } catch {
                throw .proof(error)
            }
        }
    }

    /// Takes up a request for the ledger: a transfer is answered now, a call that nobody can answer
    /// too.
    private mutating func open(
        _ request: HostRequest, of instance: inout AgentInstance, at time: Instant,
        _ ruling: TransferRuling
    ) {
        var status: HostAnswer.Status?
        var approval = Digest()
        var call: PendingCall
        switch request {
        case .call(let agent, let words):
            call = PendingCall(kind: .call, callee: agent, words: words, since: time)
            status = isCallable(agent, by: instance.agent) ? nil : .refused
        case .state(let agent, let leaves):
            call = PendingCall(kind: .state, callee: agent, words: leaves.words, since: time)
            status = isReadable(agent, leaves, by: instance.agent) ? nil : .refused
        case .transfer(let agent, let amount):
            call = PendingCall(kind: .transfer, callee: agent, words: [], since: time)
            switch ruling {
            case .allowed: status = transfer(amount, to: agent, from: instance) ? .done : .refused
            case .waits(let wish, _, _) where mayTransfer(amount, to: agent, from: instance):
                approval = wish.id
            case .waits, .refused: status = .refused
            }
        default: return
        }
        call.approval = approval
        call.answer = status.map { LedgerAnswer(status: $0, words: [], by: nil) }
        instance.call = call
    }

    /// Whether `callee` runs and does not wait, itself or through others, for `caller`.
    private func isCallable(_ callee: AgentID, by caller: AgentID) -> Bool {
        var next = callee
        for _ in 0..<Self.callDepth {
            guard next != caller, let instance = instance(next), instance.status == .running
            else { return false }
            guard let call = instance.call, call.isOpenCall else { return true }
            next = call.callee
        }
        return false
    }

    /// Agents in a chain that wait for each other, at most.
    private static var callDepth: Int { 16 }

    private mutating func transfer(
        _ amount: UInt64, to payee: AgentID, from instance: AgentInstance
    ) -> Bool {
        guard mayTransfer(amount, to: payee, from: instance) else { return false }
        let money = Amount(microCredits: amount)
        do throws(AccountsFailure) {
            try transfer(money, from: AccountID(instance.agent), to: AccountID(payee))
            return true
        } catch {
            return false
        }
    }

    /// Whether a transfer can be meant: what the payer has is looked at when it is done.
    private func mayTransfer(
        _ amount: UInt64, to payee: AgentID, from instance: AgentInstance
    ) -> Bool {
        payee != instance.agent && amount > 0 && amount <= instance.account.transferLimit
            && isAccount(AccountID(payee))
    }

    /// Asks people for a transfer that waits for them, where it can be meant.
    private mutating func ask(
        _ ruling: TransferRuling, for request: HostRequest?, of instance: AgentInstance
    ) throws(TransitionsFailure) {
        guard case .waits(let approval, let law, let conduct) = ruling,
            case .transfer(let payee, let amount)? = request,
            mayTransfer(amount, to: payee, from: instance)
        else { return }
        do {
            try self.request(approval, under: law, conduct: conduct)
        } catch { throw .approval(error) }
    }

    /// Gives the caller its answer, unless it gave the call up.
    private mutating func answer(
        _ served: AgentHeight, with output: [UInt64], by instance: inout AgentInstance
    ) {
        instance.serving = nil
        guard var caller = self.instance(served.agent), caller.sequence == served.sequence,
            caller.call?.callee == instance.agent, caller.call?.isOpenCall == true
        else { return }
        let height = AgentHeight(agent: instance.agent, sequence: instance.sequence)
        caller.call?.answer = LedgerAnswer(
            status: .done, words: output,
            by: Dependency(height: height, root: instance.root))
        set(caller)
    }
}

extension AgentInstance {
    /// Moves on to the state that an accepted transition leaves.
    mutating func advance(by header: TransitionHeader, fee: UInt64) {
        (sequence, root, time) = (header.sequence, header.newRoot, header.time)
        clock = header.clock
        account.deposit -= fee
        account.spent &+= fee
        call = nil
    }
}

extension PendingCall {
    /// Whether it is a call of a program that nobody answered yet.
    public var isOpenCall: Bool { answer == nil && kind == .call }

    /// The leaves that are asked for, while nobody showed them.
    public var openLeaves: HostRequest.Leaves? {
        guard kind == .state, answer == nil, words.count == 2 else { return nil }
        return HostRequest.Leaves(first: words[0], count: words[1])
    }
}
