// Obeys an agent for as long as a command lasts: runs it, keeps it, submits for it.
import Agents
import ExecutionProof
import JSON
import Ledger
import Primitives
import Prover

struct AgentShell {
    private(set) var instance: Instance
    private let home: AgentHome
    private let sender: OperationSender
    private let owner: OwnerID
    /// What the programs are told for the consensus time.
    private let now: Instant
    /// All words of accepted transitions.
    private(set) var output: [UInt64] = []
    private(set) var accepted: [TransitionHeader] = []
    /// Digests of the operations that they came in, by which there are receipts of them.
    private(set) var operations: [String] = []
    private(set) var failures: [RunFailure] = []
    /// Transitions that wait for others to share a proof with, each with the state before it; nil
    /// where each is submitted alone.
    private var held: [(draft: TransitionDraft, image: Image)]?

    /// Gas of one turn of the loop below.
    private static let quantum: UInt64 = 1_000_000
    /// Turns of the loop, which ends a program that never rests.
    private static let mostRuns = 1_000

    init(
        _ home: AgentHome, agent: AgentID, owner: OwnerID, sender: OperationSender
    ) throws(CommandFailure) {
        (self.home, self.owner, self.sender) = (home, owner, sender)
        let place = try Self.place(of: agent, sender)
        // The last checkpoint's time, or that of the agent's last transition where it is later.
        let last = try sender.client.get("/v1/checkpoints", query: [("limit", "1")])
            .list("items").first?.number("time") ?? 0
        now = Instant(nanoseconds: max(last, place.number("time")))
        guard let root = Digest(hex: place.text("root")) else {
            throw .failed("the answer of the node names no root")
        }
        instance = try home.instance(
            agent, chain: sender.chain, gasLimit: Self.gasLimit, at: now,
            place: (place.number("sequence"), root))
    }

    /// A program that needs more is refused by the standard settings anyway.
    private static let gasLimit: UInt64 = 1_000_000

    private static func place(
        of agent: AgentID, _ sender: OperationSender
    ) throws(CommandFailure) -> JSONValue {
        let answer = try sender.client.get("/v1/agents/\(agent.hex)/instance")
        guard let place = answer["instance"], place.object != nil else {
            throw .refused("agent \(agent.hex) runs no program")
        }
        return place
    }

    /// Brings the instance to where the ledger says it is, then tells it something and submits.
    mutating func take(
        _ message: Message?, from dependency: Dependency? = nil
    ) throws(CommandFailure) {
        try tell(try ledgerPlace(), runs: 0)
        try answerIfThere()
        if let message {
            try tell(.message(message, from: dependency), runs: Self.mostRuns)
        }
        try tell(.requested, runs: Self.mostRuns)
        try answerIfThere()
    }

    /// Gives messages whose transitions share one proof and come in one operation.
    ///
    /// What they lead to is kept beside what the agent is, for whoever does not hear the ledger's
    /// verdict; refused, the agent is where it was, and signs other attempts.
    mutating func take(together messages: [Message]) throws(CommandFailure) {
        guard try home.evidence() == .proof else {
            throw .refused("transitions of an agent without proofs cannot share one")
        }
        try tell(try ledgerPlace(), runs: 0)
        try answerIfThere()
        instance.firstAttempt = UInt16.random(in: 0x4000...0x7FFF)
        held = []
        for message in messages {
            try tell(.message(message), runs: Self.mostRuns)
            try tell(.requested, runs: Self.mostRuns)
        }
        try submitHeld()
        held = nil
        try answerIfThere()
    }

    private func ledgerPlace() throws(CommandFailure) -> InstanceInput {
        let place = try Self.place(of: instance.identity.agent, sender)
        guard let root = Digest(hex: place.text("root")) else {
            throw .failed("the answer of the node names no root")
        }
        return .ledger(sequence: place.number("sequence"), root: root)
    }

    /// Passes on the answer that the ledger has for the agent's open call.
    private mutating func answerIfThere() throws(CommandFailure) {
        let place = try Self.place(of: instance.identity.agent, sender)
        guard let answer = place["call"]?["answer"], answer.object != nil else { return }
        let name = answer.text("status")
        let status = HostAnswer.Status.allCases.first { String(describing: $0) == name }
        guard let status else { throw .failed("the node names no status of an answer") }
        let by = answer["by"].flatMap(Self.dependency)
        let words = answer.list("words").compactMap { $0.string.flatMap { UInt64($0) } }
        try tell(.answered(HostAnswer(status, words), by: by), runs: Self.mostRuns)
        try tell(.requested, runs: Self.mostRuns)
    }

    /// `{"agent", "sequence", "root"}`.
    private static func dependency(_ value: JSONValue) -> Dependency? {
        guard let agent = AgentID(hex: value.text("agent")),
            let root = Digest(hex: value.text("root"))
        else { return nil }
        let height = AgentHeight(agent: agent, sequence: value.number("sequence"))
        return Dependency(height: height, root: root)
    }

    /// Gives the agent the call with which `caller` waits for it.
    mutating func serve(_ caller: AgentID) throws(CommandFailure) {
        let place = try Self.place(of: caller, sender)
        guard let call = place["call"], call.text("callee") == instance.identity.agent.hex,
            call["answer"]?.object == nil, let root = Digest(hex: place.text("root"))
        else { throw .refused("agent \(caller.hex) does not wait for this one") }
        let words = call.list("words").compactMap { $0.string.flatMap { UInt64($0) } }
        let height = AgentHeight(agent: caller, sequence: place.number("sequence"))
        try take(Message(from: caller, words), from: Dependency(height: height, root: root))
    }

    private mutating func tell(
        _ input: InstanceInput, runs: Int
    ) throws(CommandFailure) {
        var inputs = [input]
        var left = runs
        while let next = inputs.popLast() {
            var actions: [InstanceAction] = []
            instance.step(next, at: now, into: &actions)
            for action in actions {
                switch action {
                case .schedule where left > 0 && inputs.isEmpty:
                    left -= 1
                    inputs = [.run(quantum: Self.quantum)]
                case .submit(let draft): inputs.append(try submit(draft))
                case .settled(_, let words, _): output += words
                case .failed(let failure, _): failures.append(failure)
                case .overtaken(let sequence, _):
                    throw .refused(
                        "this agent went on elsewhere, to transition \(sequence)")
                case .crashed, .ended, .wake, .schedule: break
                }
            }
            if case .ledger = next, held?.isEmpty ?? true { try home.keep(instance) }
        }
    }

    /// Submits what is held, and keeps the state that it leaves.
    private mutating func submitHeld() throws(CommandFailure) {
        guard let drafts = held, !drafts.isEmpty else { return }
        let prover = try prover()
        let proof: [UInt8]
        do throws(AgentProofFailure) {
            proof = try prover.proof(of: drafts)
        } catch {
            throw .refused("there is no proof of what the agent did, nothing was sent: \(error)")
        }
        let signed = drafts.map { $0.draft.signed(by: sender.key) }
        let command: TransitionCommand
        if signed.count == 1 {
            var transition = signed[0]
            transition.evidence = .proof(proof)
            command = .submit(transition)
        } else {
            let members = signed.map {
                TransitionSeries.Member(signed: $0.signed, exchange: $0.exchange)
            }
            command = .series(TransitionSeries(members, proof: proof))
        }
        try home.keepNext(instance)
        let answer = try sender.send(.transition(command), owner: owner)
        operations.append(answer.text("digest"))
        accepted += drafts.map(\.draft.header)
        held = []
        try home.keep(instance)
    }

    private mutating func submit(
        _ draft: TransitionDraft
    ) throws(CommandFailure) -> InstanceInput {
        if held != nil { return try hold(draft) }
        try home.keep(instance)
        var draft = draft
        if try home.evidence() == .proof {
            guard let proof = try proof(of: draft) else { return .withdrawn }
            draft.evidence = proof
        }
        let transition = draft.signed(by: sender.key)
        let answer = try sender.send(.transition(.submit(transition)), owner: owner)
        operations.append(answer.text("digest"))
        accepted.append(draft.header)
        return .ledger(sequence: draft.header.sequence, root: draft.header.newRoot)
    }

    /// Goes on as if the ledger had accepted the draft; what only the ledger can answer ends the
    /// series.
    private mutating func hold(_ draft: TransitionDraft) throws(CommandFailure) -> InstanceInput {
        held?.append((draft, instance.image))
        let isLast = draft.header.end == .unanswered || draft.header.end == .exited
        if isLast || held?.count == TransitionSeries.mostMembers { try submitHeld() }
        return .ledger(sequence: draft.header.sequence, root: draft.header.newRoot)
    }

    /// The kept draft has the evidence for re-execution; a proof can be made again at any time.
    ///
    /// - Returns: nil where a proof would be larger than a transition may be.
    private func proof(of draft: TransitionDraft) throws(CommandFailure) -> Evidence? {
        let prover = try prover()
        do throws(AgentProofFailure) {
            return try prover.evidence(of: draft, from: instance.image)
        } catch {
            switch error {
            case .tooLarge, .tooLong, .proving(.tooManyRows), .proving(.memory): return nil
            default: throw .refused("there is no proof of what the agent did: \(error)")
            }
        }
    }

    private func prover() throws(CommandFailure) -> SegmentProver {
        guard let program = try? ProvableAgent(instance.program) else {
            throw .refused("the agent's program has no proofs")
        }
        return SegmentProver(
            program, workers: Workers(count: Self.threads), segmentSteps: 1 << 14)
    }

    private static let threads = 2
}
