// Agents with programs in the ledger's tests: two of Ada that run, with instances that make their
// transitions.
import Agents
import Cryptography
import PVM
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

extension World {
    /// Keys of what the transitions' chapter keeps.
    static let agentKeys: [StateKey] = [
        .program(Digest(repeating: 0x51)), .instance(scout), .instance(idle),
    ]
}

/// A world in which programs run; commands are signed by Ada's key.
struct AgentWorld {
    static let agentKeys = [TestKey.key(21), TestKey.key(22), TestKey.key(23)]
    /// A transition for each step, and everybody may read the state.
    static let policy: SubmissionPolicy = {
        var policy = SubmissionPolicy(interval: 0, steps: 1, touchedBytes: 0, isOnRequest: true)
        policy.isReadable = true
        return policy
    }()
    static let account = InstanceAccount(deposit: 10_000_000, transferLimit: 5_000)
    static let names = ["scout", "caller", "third"]
    /// What Ada has before the first agent is spawned.
    static let money = Amount.credits(1_000)

    static func agent(_ number: Int) -> AgentID {
        AgentID(owner: World.ada, name: names[number])
    }

    static func program(_ source: String) throws -> [UInt8] {
        try StandardProgram(
            Assembly(source, revision: .grayPaper071).parts, revision: .grayPaper071
        ).encoded
    }

    var state: LedgerState
    var instances: [Instance] = []
    var now = World.time
    /// Drafts made and not submitted, by agent.
    var drafts: [Int: TransitionDraft] = [:]

    /// One agent for each source: `agent(0)`, `agent(1)`, and so on.
    init(_ sources: [String], accepting evidence: AcceptedEvidence = .reexecution) throws {
        var settings = ChainSettings.standard
        settings.evidence = evidence
        state = try World.state(settings)
        state.set(Account(id: World.adaAccount, balance: Self.money))
        for (number, source) in sources.enumerated() {
            let bytes = try Self.program(source)
            let program = try AgentProgram(decoding: bytes)
            if number > 0 {
                try run(.agent(.register(name: Self.names[number], profile: AgentProfile())))
            }
            let key = Self.agentKeys[number]
            let proof = key.sign(
                KeyProof.message(for: .agent, chain: World.chain, owner: World.ada))
            try run(.agent(.setKey(Self.agent(number), key.publicKey, proof: proof)))
            if state.program(program.identity) == nil {
                try run(.transition(.register(program: bytes)))
            }
            var wish = Self.spawn(number, program.identity)
            wish.policy.evidence = evidence.contains(.reexecution) ? .reexecution : .proof
            try run(.transition(.spawn(wish)))
            let identity = InstanceIdentity(
                chain: World.chain, agent: Self.agent(number), policy: Self.policy,
                gasLimit: 100_000)
            instances.append(Instance(identity, of: program, at: World.time))
        }
        _ = state.takeChanges()
    }

    static func spawn(_ number: Int, _ program: Digest) -> Spawn {
        Spawn(agent: agent(number), program: program, policy: policy, account: account)
    }

    /// Sets an agent's constitution, and what its account holds.
    mutating func allow(
        _ number: Int, _ credits: UInt128 = 0, _ change: (inout Constitution) -> Void = { _ in }
    ) {
        let agent = Self.agent(number)
        let version = (state.constitution(agent)?.version ?? 0) + 1
        var law = Constitution(agent: agent, version: version)
        (law.limits, law.allowed) = (.none, .all)
        change(&law)
        state.set(law)
        state.set(Account(id: AccountID(agent), balance: .credits(credits)))
    }

    func balance(_ number: Int) -> Amount { state.balance(of: AccountID(Self.agent(number))) }

    @discardableResult
    mutating func run(_ command: Command) throws -> Effect {
        let operation = SignedOperation(
            chain: World.chain, owner: World.ada,
            sequence: state.lastSequence(of: TestKey.ada.publicKey) + 1, command: command,
            key: TestKey.ada)
        return try Ledger.apply(operation, at: now, to: &state)
    }

    /// Tells an agent something and runs it until it makes a transition or rests.
    mutating func tell(_ number: Int, _ input: InstanceInput) {
        var inputs = [input]
        var runs = 0
        while let next = inputs.popLast() {
            var actions: [InstanceAction] = []
            instances[number].step(next, at: now, into: &actions)
            for action in actions {
                switch action {
                case .submit(let draft): drafts[number] = draft
                case .schedule where runs < 50:
                    runs += 1
                    inputs = [.run(quantum: 10_000)]
                default: break
                }
            }
        }
    }

    /// The next transition of an agent, signed.
    func transition(_ number: Int) throws -> Transition {
        try #require(drafts[number]).signed(by: Self.agentKeys[number])
    }

    /// Submits what the agent made, and again what it makes then, until it makes nothing more.
    ///
    /// - Returns: all words that it wrote.
    @discardableResult
    mutating func submitAll(_ number: Int) throws -> [UInt64] {
        var output: [UInt64] = []
        while drafts[number] != nil {
            let transition = try transition(number)
            drafts[number] = nil
            try run(.transition(.submit(transition)))
            output += transition.exchange.output
            let place = try #require(state.instance(Self.agent(number)))
            tell(number, .ledger(sequence: place.sequence, root: place.root))
        }
        return output
    }

    mutating func say(_ number: Int, _ words: [UInt64]) {
        tell(number, .message(Message(words)))
    }

    /// Gives an agent's call to the one called, as its shell does.
    mutating func deliver(from caller: Int, to callee: Int, _ words: [UInt64]) throws {
        let place = try #require(state.instance(Self.agent(caller)))
        let height = AgentHeight(agent: place.agent, sequence: place.sequence)
        tell(
            callee,
            .message(
                Message(from: place.agent, words),
                from: Dependency(height: height, root: place.root)))
    }

    /// Gives an agent the ledger's answer.
    mutating func answer(_ number: Int, _ words: [UInt64]) throws {
        let answer = try #require(state.instance(Self.agent(number))?.call?.answer)
        #expect(answer.words == words)
        tell(number, .answered(HostAnswer(answer.status, answer.words), by: answer.by))
    }
}
