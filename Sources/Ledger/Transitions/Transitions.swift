// The transitions' chapter: programs, agents that run them, and the states they reach on their own.
import Agents
import Cryptography
import ExecutionProof
import Primitives
import Records

/// What a chain accepts of agents.
struct AgentRules: Hashable, Sendable {
    /// Kinds of evidence that count.
    var evidence: Set<Evidence.Kind>
    /// Gas of one transition, at most.
    var gasLimit: UInt64

    init(_ settings: ChainSettings) {
        evidence = []
        if settings.evidence.contains(.reexecution) { evidence.insert(.reexecution) }
        if settings.evidence.contains(.proof) { evidence.insert(.proof) }
        gasLimit = settings.transitionGas
    }
}

/// The slice of state this chapter reads and writes.
protocol TransitionsState: AccountsState, ApprovalsState {
    var chain: Digest { get }
    var agentRules: AgentRules { get }
    func program(_ identity: Digest) -> RegisteredProgram?
    /// The same, ready to run.
    func decodedProgram(_ identity: Digest) -> AgentProgram?
    /// The same as it is proven.
    func provableProgram(_ identity: Digest) -> ProvableAgent?
    func instance(_ agent: AgentID) -> AgentInstance?
    mutating func set(_ program: RegisteredProgram)
    mutating func set(_ instance: AgentInstance)
}

extension LedgerState: TransitionsState {}

/// After how long without an answer a call may be given up, in nanoseconds.
public let callPatience: UInt64 = 60 * Nanoseconds.perSecond

extension TransitionsState {
    /// Carries out `command`, signed by `key` in the name of `owner`.
    ///
    /// - Parameters:
    ///   - proofs: where they are judged, neither the program is run nor a transition's signature
    ///     verified again: both depend on the operation and the program alone.
    ///   - ruling: what the law says to the transfer that a transition ends with.
    mutating func apply(
        _ command: TransitionCommand, by signer: Signer, at time: Instant, proofs: ProofState,
        _ ruling: TransferRuling
    ) throws(TransitionsFailure) -> Effect {
        let key = signer.key
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        switch command {
        case .register(let program):
            guard owner.holds(key) else { throw .notAllowed }
            return try register(program, at: time)
        case .spawn(let wish):
            let agent = try ownAgent(wish.agent, of: owner)
            guard owner.holds(key) else { throw .notAllowed }
            return try spawn(wish, agent, at: time)
        case .deposit(let agent, let amount):
            let agent = try ownAgent(agent, of: owner)
            guard owner.holds(key) else { throw .notAllowed }
            return try deposit(amount, to: agent)
        case .withdraw(let agent, let amount):
            let agent = try ownAgent(agent, of: owner)
            guard owner.holds(key) else { throw .notAllowed }
            return try withdraw(amount, from: agent)
        case .end(let agent):
            let agent = try ownAgent(agent, of: owner)
            guard owner.holds(key) else { throw .notAllowed }
            return try end(agent)
        case .show(let agent, let reader, let proof):
            let agent = try ownAgent(agent, of: owner)
            try checkSpeaker(key, for: agent, of: owner)
            return try show(agent.id, to: reader, proof)
        case .submit(let transition):
            let part = (transition, transition.encoded.count)
            return try submit(part, by: signer, at: time, proofs: proofs, ruling)
        case .series: preconditionFailure("a series is carried out one by one")
        case .abandonCall(let agent):
            let agent = try ownAgent(agent, of: owner)
            try checkSpeaker(key, for: agent, of: owner)
            return try abandonCall(of: agent.id, at: time)
        case .report(let one, let other):
            guard owner.holds(key) else { throw .notAllowed }
            return try report(one, other, by: owner.id)
        }
    }

    /// Accepts a transition that pays for so many bytes, signed for as `signer` says, or changes
    /// nothing.
    mutating func submit(
        _ part: (transition: Transition, bytes: Int), by signer: Signer, at time: Instant,
        proofs: ProofState, _ ruling: TransferRuling
    ) throws(TransitionsFailure) -> Effect {
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        let agent = try ownAgent(part.transition.header.agent, of: owner)
        try checkSpeaker(signer.key, for: agent, of: owner)
        return try submit(part, of: agent, at: time, proofs: proofs, ruling)
    }

    private func ownAgent(_ id: AgentID, of owner: Owner) throws(TransitionsFailure) -> Agent {
        guard let agent = agent(id), agent.owner == owner.id else { throw .agentUnknown }
        return agent
    }

    private func checkSpeaker(
        _ key: PublicKey, for agent: Agent, of owner: Owner
    ) throws(TransitionsFailure) {
        guard owner.holds(key) || !agent.key.isZero && agent.key == key else {
            throw .notAllowed
        }
    }

    private mutating func register(
        _ bytes: [UInt8], at time: Instant
    ) throws(TransitionsFailure) -> Effect {
        let program: AgentProgram
        do {
            program = try AgentProgram(decoding: bytes)
        } catch {
            throw .invalidProgram(error)
        }
        guard self.program(program.identity) == nil else { throw .programExists }
        set(
            RegisteredProgram(identity: program.identity, bytes: bytes, registered: time))
        return .programRegistered(program.identity)
    }

    private mutating func spawn(
        _ wish: Spawn, _ agent: Agent, at time: Instant
    ) throws(TransitionsFailure) -> Effect {
        guard let program = decodedProgram(wish.program) else { throw .programUnknown }
        guard agent.isActive else { throw .agentNotActive }
        guard !agent.key.isZero else { throw .noKey }
        let before = instance(agent.id)
        guard before == nil || before?.status == .ended else { throw .instanceExists }
        guard agentRules.evidence.contains(wish.policy.evidence) else {
            throw .evidenceNotAccepted
        }
        guard wish.account.deposit <= InstanceAccount.mostDeposit else { throw .depositTooLarge }
        try take(wish.account.deposit, from: agent)
        let root = program.initialRoot
        var instance = AgentInstance(
            agent: agent.id, program: wish.program, policy: wish.policy, root: root,
            time: time, account: wish.account)
        if let before {
            // Numbers go on: two headers for one place stay proof of two futures.
            (instance.sequence, instance.clock) = (before.sequence, before.clock)
            instance.time = max(time, before.time)
        }
        set(instance)
        return .agentSpawned(agent.id, root: root)
    }

    func running(_ agent: AgentID) throws(TransitionsFailure) -> AgentInstance {
        guard let instance = instance(agent) else { throw .instanceUnknown }
        guard instance.status == .running else { throw .notRunning }
        return instance
    }

    private mutating func abandonCall(
        of agent: AgentID, at time: Instant
    ) throws(TransitionsFailure) -> Effect {
        var instance = try running(agent)
        guard var call = instance.call, call.answer == nil else { throw .notDue }
        if call.approval.isZero {
            guard time.nanoseconds(since: call.since) >= callPatience else { throw .notDue }
        } else if let approval = approval(call.approval) {
            guard time >= approval.expires else { throw .notDue }
            close(approval)
        }
        call.answer = LedgerAnswer(status: .abandoned, words: [], by: nil)
        instance.call = call
        set(instance)
        return .callAbandoned(agent)
    }

    private mutating func report(
        _ one: SignedHeader, _ other: SignedHeader, by reporter: OwnerID
    ) throws(TransitionsFailure) -> Effect {
        guard let agent = agent(one.header.agent) else { throw .agentUnknown }
        var instance = try running(agent.id)
        guard one.header.chain == chain else { throw .wrongChain }
        guard one.contradicts(other) else { throw .noContradiction }
        guard one.isSigned(by: agent.key), other.isSigned(by: agent.key) else {
            throw .invalidSignature
        }
        instance.status = .faulty
        credit(instance.account.deposit, to: .fees)
        instance.account.deposit = 0
        closeCall(of: &instance)
        set(instance)
        return .agentFaulty(agent.id, reporter: reporter)
    }
}

extension Agent {
    /// Whether anything may be done in its name.
    var isActive: Bool { status == .registered || status == .active }
}
