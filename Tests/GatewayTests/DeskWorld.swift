// A desk of agents with a ledger of its own and a shell that remembers everything: no node, no
// disk, no thread, no clock.
import Agents
import Cryptography
import Environment
import PVM
import Primitives
import Testing

@testable import Gateway
@testable import Ledger

/// The ledger here accepts every transition that follows the last one, without looking at it.
struct DeskWorld {
    static let owner = OwnerID(repeating: 0x0A)
    static let secret = SigningKey(seed: [UInt8](repeating: 4, count: 32))!

    var desk: AgentDesk
    var time = HostingTime(
        now: Instant(nanoseconds: 1_700_000_000 * Nanoseconds.perSecond), monotonic: 0)
    /// The ledger.
    var places: [AgentID: AgentPlace] = [:]
    /// What is kept on the disk.
    var kept: [AgentID: [UInt8]] = [:]
    /// How many writes still succeed.
    var writes = Int.max
    /// What the ledger says to the next transitions that read a message, before it accepts.
    var verdicts: [LedgerVerdict] = []
    /// Whether transitions that read a message are answered; else they are only noted.
    var isReachable = true
    /// Whether records are.
    var recordsAnswered = true
    /// Whether looks that are asked for later are left out.
    var holdsRetries = false

    var submitted: [HostedOperation] = []
    var recorded: [EmittedRecords] = []
    var recordings: [RecordingVerdict] = []
    var proofs: [ProvingJob] = []
    /// Whether what is to be proven has its proof at once.
    var provesAtOnce = false
    var replies: [UInt64: Result<CallAnswer, Problem>] = [:]
    var notes: [String] = []
    /// What the accepted transition wrote that read the message with this first word.
    var heard: [UInt64: [UInt64]] = [:]
    /// First words that were read in two accepted transitions.
    var repeated: [UInt64] = []
    private var lastTicket: UInt64 = 0

    init(firstAttempt: UInt16 = 0, _ change: (inout HostingSettings) -> Void = { _ in }) {
        var settings = HostingSettings()
        settings.threads = 1
        change(&settings)
        var chain = HostingChain(
            digest: Digest(repeating: 0xC1), gasLimit: 1_000_000, secret: Self.secret)
        chain.firstAttempt = firstAttempt
        desk = AgentDesk(settings, on: chain, shard: RuntimeShard(0, of: 1))
    }

    static let proof: [UInt8] = [1, 2]

    static func agent(_ number: UInt8) -> AgentID { AgentID(repeating: number) }

    /// Spawns an agent in the ledger, with a key of this node.
    mutating func spawn(
        _ number: UInt8, _ source: String, _ change: (inout AgentPlace) -> Void = { _ in }
    ) throws {
        let parts = try Assembly(source, revision: .grayPaper071).parts
        let program = try AgentProgram(
            decoding: StandardProgram(parts, revision: .grayPaper071).encoded)
        let agent = Self.agent(number)
        let key = try #require(Self.secret.agentKey(agent, of: Self.owner))
        var policy = SubmissionPolicy(interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)
        policy.isReadable = true
        var place = AgentPlace(
            instance: AgentInstance(
                agent: agent, program: program.identity, policy: policy,
                root: program.initialRoot, time: time.now,
                account: InstanceAccount(deposit: 1_000_000, transferLimit: 0)),
            owner: Self.owner, name: "agent \(number)", key: key.publicKey,
            program: program.encoded)
        change(&place)
        places[agent] = place
    }

    /// Begins again from what was kept, as a new process does.
    mutating func restart(firstAttempt: UInt16 = 0) {
        var other = DeskWorld(firstAttempt: firstAttempt)
        (other.places, other.kept, other.time) = (places, kept, time)
        other.provesAtOnce = provesAtOnce
        (other.heard, other.repeated) = (heard, repeated)
        self = other
        lookAtAll()
    }

    mutating func lookAtAll() {
        step(look(places.keys.sorted()))
    }

    /// Tells the desk something, obeys it, and lets agents run until they rest.
    mutating func step(_ input: HostingInput) {
        var inputs = [input]
        var steps = 0
        while steps < 2_000 {
            guard !inputs.isEmpty || desk.isBusy else { return }
            let next = inputs.isEmpty ? .run : inputs.removeFirst()
            var actions: [HostingAction] = []
            desk.step(next, at: time, into: &actions)
            for action in actions { inputs += obey(action) }
            steps += 1
        }
        Issue.record("the desk does not come to rest")
    }

    /// - Returns: the ticket.
    @discardableResult
    mutating func call(_ number: UInt8, _ words: [UInt64]) -> UInt64 {
        lastTicket += 1
        let call = OutsideCall(words: words, arrival: time.monotonic, ticket: lastTicket)
        step(.call(Self.agent(number), call))
        return lastTicket
    }

    /// The words with which an agent answers a message at once.
    mutating func answer(_ number: UInt8, _ words: [UInt64]) -> [UInt64]? {
        let ticket = call(number, words)
        return output(ticket)
    }

    /// Why a message is not answered.
    mutating func refusal(_ number: UInt8, _ words: [UInt64]) -> Problem? {
        let ticket = call(number, words)
        return problem(ticket)
    }

    /// The words of the answer to a ticket.
    func output(_ ticket: UInt64) -> [UInt64]? { try? replies[ticket]?.get().output }

    func problem(_ ticket: UInt64) -> Problem? {
        if case .failure(let problem)? = replies[ticket] { return problem }
        return nil
    }

    private mutating func obey(_ action: HostingAction) -> [HostingInput] {
        switch action {
        case .restore(let place): return [.restored(place, .success(kept[place.agent]))]
        case .keep(let agent, let bytes):
            guard writes > 0 else { return [.notKept(agent, reason: "full")] }
            writes -= 1
            kept[agent] = bytes
            return [.kept(agent)]
        case .forget(let agent): kept[agent] = nil
        case .prove(let agent, let job):
            proofs.append(job)
            if provesAtOnce { return [.proven(agent, job.last, .success(Self.proof))] }
        case .submit(let operation): return submit(operation)
        case .record(let agent, let emitted, _):
            recorded.append(emitted)
            guard recordsAnswered else { return [] }
            let verdict = recordings.isEmpty ? .final : recordings.removeFirst()
            return [.recorded(agent, sequence: emitted.sequence, verdict)]
        case .look(let agents, let delay):
            return delay > 0 && holdsRetries ? [] : [look(agents)]
        case .reply(let ticket, let result):
            #expect(replies[ticket] == nil, "who waits is answered once")
            replies[ticket] = result
        case .note(_, let event, let detail): notes.append(event + ": " + detail)
        }
        return []
    }

    func look(_ agents: [AgentID]) -> HostingInput {
        .look(AgentLook(places: agents.compactMap { places[$0] }, time: time.now))
    }

    private mutating func submit(_ operation: HostedOperation) -> [HostingInput] {
        submitted.append(operation)
        if operation.transitions.contains(where: { !$0.exchange.messages.isEmpty }) {
            guard isReachable else { return [] }
            if !verdicts.isEmpty { return [.answered(operation.agent, verdicts.removeFirst())] }
        }
        let changed = apply(operation)
        return [.answered(operation.agent, .accepted), look([operation.agent] + changed)]
    }

    /// What the ledger does with an operation that it accepts.
    ///
    /// - Returns: other agents whose place changed.
    @discardableResult
    mutating func apply(_ operation: HostedOperation) -> [AgentID] {
        let agent = operation.agent
        switch operation.command {
        case .submit, .series:
            return operation.transitions.flatMap { accept($0, of: agent) }
        case .abandonCall:
            places[agent]?.instance.call?.answer = LedgerAnswer(
                status: .abandoned, words: [], by: nil)
        case .show(_, let reader, let proof):
            let author = dependency(on: agent)
            places[reader]?.instance.call?.answer = LedgerAnswer(
                status: .done, words: proof.words, by: author)
            return [reader]
        default: break
        }
        return []
    }

    private func dependency(on agent: AgentID) -> Dependency? {
        places[agent].map { Dependency(height: $0.height, root: $0.instance.root) }
    }

    private mutating func accept(_ transition: Transition, of agent: AgentID) -> [AgentID] {
        let header = transition.header
        guard var place = places[agent], header.sequence == place.instance.sequence + 1,
            header.oldRoot == place.instance.root
        else { return [] }
        (place.instance.sequence, place.instance.root) = (header.sequence, header.newRoot)
        (place.instance.time, place.instance.clock) = (header.time, header.clock)
        if header.end == .exited { place.instance.status = .ended }
        place.instance.call = nil
        switch transition.exchange.outstanding {
        case .call(let callee, let words):
            place.instance.call = PendingCall(
                kind: .call, callee: callee, words: words, since: time.now)
        case .state(let callee, let leaves):
            place.instance.call = PendingCall(
                kind: .state, callee: callee, words: leaves.words, since: time.now)
        default: break
        }
        places[agent] = place
        for message in transition.exchange.messages where message.caller == nil {
            guard let word = message.words.first else { continue }
            let before = heard.updateValue(transition.exchange.output, forKey: word)
            if before != nil { repeated.append(word) }
        }
        guard let caller = transition.exchange.messages.lazy.compactMap(\.caller).first else {
            return []
        }
        let author = dependency(on: agent)
        places[caller]?.instance.call?.answer = LedgerAnswer(
            status: .done, words: transition.exchange.output, by: author)
        return [caller]
    }
}
