// An agent with a program and its owner: transitions by two runtimes that know nothing of each
// other, and now and then by a key that signs two futures.
import Agents
import Cryptography
import Ledger
import PVM
import Primitives
import Records
import Replica

struct AgentClient {
    let agent: AgentID
    /// Whether its key signs two transitions for one place.
    let isTwoFaced: Bool
    private let chain: Digest
    private let ownerKey: SigningKey
    private let agentKey: SigningKey
    private let program: AgentProgram
    /// Sequences of the last operations that were carried out.
    private var ownerSequence: UInt64 = 0
    private var agentSequence: UInt64 = 0
    /// As the ledger has it; nil before it was spawned.
    private var accepted: Instance?
    /// What each signed transition leads to, by the digest of its operation.
    private var flights: [Digest: Instance] = [:]
    /// What was signed last for the next place by the first runtime.
    private var first: SignedHeader?
    /// Two futures.
    private var evidence: (SignedHeader, SignedHeader)?
    private var hasReported = false
    private var attempts: UInt16 = 0
    private var words: UInt64 = 0

    /// Operations before the first transition.
    private static let settingUp: UInt64 = 5
    private static let deposit: UInt64 = 50_000_000
    /// Transitions are made when they are asked for.
    private static let policy = SubmissionPolicy(
        interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)

    /// - Parameter ownerKey: of a seat of the genesis, whose owner has money.
    init(_ chain: Digest, ownerKey: SigningKey, seed: UInt64, number: Int) {
        (self.chain, self.ownerKey) = (chain, ownerKey)
        agentKey = .simulated(seed, 5_000 + number)
        isTwoFaced = number == 0
        agent = AgentID(owner: OwnerID(firstKey: ownerKey.publicKey), name: "program")
        program = Self.program(number)
    }

    private var owner: OwnerID { OwnerID(firstKey: ownerKey.publicKey) }

    /// Adds up the words of its messages and counts up: one program for each number.
    private static func program(_ number: Int) -> AgentProgram {
        let source = """
            .heap 1
            .stack 4096
                load_imm r2, 0x20000
                fallthrough
            message:
                ecalli 0
                ecalli 0
                load_ind_u64 r4, r2, 0
                add_64 r4, r4, r7
                add_imm_64 r4, r4, \(number + 1)
                store_ind_u64 r4, r2, 0
                move_reg r7, r4
                ecalli 1
                ecalli 2
                jump message
            """
        guard let parts = try? Assembly(source, revision: .grayPaper071).parts,
            let standard = try? StandardProgram(parts, revision: .grayPaper071),
            let program = try? AgentProgram(decoding: standard.encoded)
        else { preconditionFailure("the program above assembles") }
        return program
    }

    // MARK: Submissions

    /// The owner's next operation: it sets the agent up, submits for it, and reports it.
    mutating func next(at now: Instant) -> Submission? {
        if ownerSequence < Self.settingUp { return submission(settingUp) }
        if let evidence, !hasReported {
            hasReported = true
            return submission(.transition(.report(evidence.0, evidence.1)), mayBeRefused: true)
        }
        guard !hasReported, let transition = transition(at: now, attempt: nil) else { return nil }
        first = transition.signed
        return submission(.transition(.submit(transition)), mayBeRefused: true)
    }

    /// What another runtime of the same agent submits, with the agent's own key.
    mutating func race(at now: Instant, by chance: inout Chance) -> Submission? {
        guard ownerSequence >= Self.settingUp, !hasReported, evidence == nil,
            chance.isLucky(permille: 250)
        else { return nil }
        let rival = isTwoFaced ? first : nil
        guard let transition = transition(at: now, attempt: rival?.header.attempt) else {
            return nil
        }
        if let rival, rival.contradicts(transition.signed) { evidence = (rival, transition.signed) }
        return submission(
            .transition(.submit(transition)), by: agentKey, after: agentSequence,
            mayBeRefused: true)
    }

    private var settingUp: Command {
        switch ownerSequence {
        case 0: return .owner(.register(name: "seat"))
        case 1: return .agent(.register(name: "program", profile: AgentProfile()))
        case 2:
            let message = KeyProof.message(for: .agent, chain: chain, owner: owner)
            return .agent(.setKey(agent, agentKey.publicKey, proof: agentKey.sign(message)))
        case 3: return .transition(.register(program: program.encoded))
        default:
            let account = InstanceAccount(deposit: Self.deposit, transferLimit: 0)
            return .transition(
                .spawn(
                    Spawn(
                        agent: agent, program: program.identity, policy: Self.policy,
                        account: account)))
        }
    }

    private func submission(_ command: Command, mayBeRefused: Bool = false) -> Submission {
        submission(command, by: ownerKey, after: ownerSequence, mayBeRefused: mayBeRefused)
    }

    private func submission(
        _ command: Command, by key: SigningKey, after sequence: UInt64, mayBeRefused: Bool
    ) -> Submission {
        let body = Body.operation(
            SignedOperation(
                chain: chain, owner: owner, sequence: sequence + 1, command: command, key: key))
        return Submission(
            digest: body.digest, bytes: body.encoded, mustBeExecuted: true,
            mayBeRefused: mayBeRefused)
    }

    /// Runs the agent on from its accepted state with a new message.
    private mutating func transition(at now: Instant, attempt: UInt16?) -> Transition? {
        guard var instance = accepted else { return nil }
        attempts += 1
        words += 1
        instance.firstAttempt = attempt ?? attempts
        var inputs: [InstanceInput] = [
            .message(Message([words])), .run(quantum: 10_000), .run(quantum: 10_000), .requested,
            .run(quantum: 10_000),
        ]
        inputs.reverse()
        while let input = inputs.popLast() {
            var actions: [InstanceAction] = []
            instance.step(input, at: now, into: &actions)
            for case .submit(let draft) in actions {
                let transition = draft.signed(by: agentKey)
                flights[draft.header.newRoot] = instance
                return transition
            }
        }
        return nil
    }

    // MARK: The ledger

    /// An operation was carried out, or refused, at its place in the order.
    mutating func heard(_ operation: SignedOperation, _ outcome: Settled, at time: Instant) {
        if operation.key == ownerKey.publicKey {
            ownerSequence = max(ownerSequence, operation.sequence)
        } else if operation.key == agentKey.publicKey {
            agentSequence = max(agentSequence, operation.sequence)
        }
        switch outcome {
        case .done(.agentSpawned(agent, root: _)) where accepted == nil:
            let identity = InstanceIdentity(
                chain: chain, agent: agent, policy: Self.policy, gasLimit: 1_000_000)
            accepted = Instance(identity, of: program, at: time)
            accepted?.consensusTime = time
        case .done(.transitionAccepted(let height, let root)) where height.agent == agent:
            guard var instance = flights[root] else { return }
            flights = [:]
            var actions: [InstanceAction] = []
            instance.step(
                .ledger(sequence: height.sequence, root: root), at: time, into: &actions)
            accepted = instance
        default: break
        }
    }
}
