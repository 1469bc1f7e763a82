// The agents that run here, on their thread: each hears what the ledger says of it, its transitions
// are submitted, and the messages of outside and of other agents reach it.
import Agents
import Cryptography
import Environment
import Ledger
import Primitives

/// One thread. What it wants of the node it leaves in `requests`.
final class AgentDesk {
    let settings: HostingSettings
    let chain: Digest
    let gasLimit: UInt64
    let clock: any Clock
    let log: Log
    let files: AgentFiles
    let secret: SigningKey
    var runtime: Runtime
    var hosted: [AgentID: HostedAgent] = [:]
    /// Agents here that wait with a call, by the agent called.
    private var waiting: [AgentID: Set<AgentID>] = [:]
    /// What programs are told for the time.
    private(set) var time = Instant(nanoseconds: 0)
    private(set) var requests: [HostingRequest] = []
    private var isClosed = false

    /// Runs of agents before other work of the thread has its turn.
    private static let runsAtOnce = 8
    /// Nanoseconds before the ledger is asked again where it did not decide.
    static let retryNanoseconds = 200 * Nanoseconds.perMillisecond
    /// Nanoseconds before it is asked again where it refused for something that may change.
    private static let refusedNanoseconds = 10 * Nanoseconds.perSecond
    /// Nanoseconds after which nobody is expected to answer a call (docs/spec/agents.md §2).
    private static let abandonNanoseconds = 60 * Nanoseconds.perSecond

    init(
        _ settings: HostingSettings, files: AgentFiles, secret: SigningKey, on chain: HostingChain,
        log: Log
    ) {
        self.settings = settings
        self.files = files
        self.secret = secret
        self.log = log
        (self.chain, gasLimit, clock) = (chain.digest, chain.gasLimit, log.clock)
        runtime = Runtime(settings.limits)
    }

    func ask(_ request: HostingRequest) { requests.append(request) }

    func takeRequests() -> [HostingRequest] {
        defer { requests.removeAll() }
        return requests
    }

    // MARK: Running

    /// Runs agents for a while.
    func run() {
        guard !isClosed else { return }
        var actions: [RuntimeAction] = []
        for _ in 0..<Self.runsAtOnce {
            guard runtime.runNext(at: clock.now(), into: &actions) else { break }
        }
        for action in actions { obey(action.action, of: action.agent) }
    }

    func tell(_ agent: AgentID, _ input: InstanceInput) {
        var actions: [RuntimeAction] = []
        runtime.step(input, for: agent, at: clock.now(), into: &actions)
        for action in actions { obey(action.action, of: action.agent) }
    }

    private func obey(_ action: InstanceAction, of agent: AgentID) {
        switch action {
        case .submit(let draft): submit(draft, of: agent)
        case .settled(let sequence, let output, _): settle(agent, sequence, output)
        case .failed(let failure, let dropped):
            note(agent, "agent run failed", "\(failure)")
            guard let dropped, dropped.caller == nil else { return }
            finish(agent, .failure(Problem(
                .agentFailed, "The program failed on the message, and the agent is as it was: "
                    + "\(failure).")))
        case .crashed: stop(agent, "the program fails without reading anything")
        case .ended: stop(agent, "the program has ended")
        case .overtaken(let sequence, _):
            stop(agent, "the ledger has transition \(sequence), which is not of this node")
        case .schedule, .wake: break
        }
    }

    private func submit(_ draft: TransitionDraft, of agent: AgentID) {
        guard let instance = runtime.instance(agent), var host = hosted[agent] else { return }
        host.pending = draft
        hosted[agent] = host
        guard !host.isSending else { return }
        do throws(DiskFailure) {
            try files.keep(instance.kept, of: agent)
        } catch {
            // It is not sent before it is safe.
            note(agent, "agent not kept", "\(error.operation.rawValue) failed: \(error.code)")
            hosted[agent]?.resolution = .resend
            return ask(.retry(agent, afterNanoseconds: Nanoseconds.perSecond))
        }
        hosted[agent]?.isSending = true
        ask(
            .submit(
                HostedOperation(
                    agent: agent, owner: host.place.owner, key: host.key,
                    command: .submit(draft.signed(by: host.key)))))
    }

    private func settle(_ agent: AgentID, _ sequence: UInt64, _ output: [UInt64]) {
        guard var host = hosted[agent] else { return }
        let draft = host.pending
        (host.pending, host.refusals, host.resolution) = (nil, 0, nil)
        let steps = draft?.header.effort.steps ?? 0
        host.steps &+= steps
        guard var current = host.current, let draft else {
            hosted[agent] = host
            return giveNext(agent)
        }
        if draft.exchange.messages.contains(where: { $0.caller == nil }) { current.isRead = true }
        if current.isRead {
            current.answer.output += output
            current.answer.transitions += 1
            current.answer.steps &+= steps
        }
        (current.answer.sequence, current.answer.root) = (sequence, draft.header.newRoot)
        host.current = current
        hosted[agent] = host
        if current.isRead, draft.header.end != .unanswered {
            finish(agent, .success(current.answer))
        } else {
            tell(agent, .requested)
        }
    }

    // MARK: The ledger

    /// Takes what the ledger says; agents that are to run here are taken in.
    func take(_ look: AgentLook) {
        time = max(time, look.time)
        for place in look.places {
            if hosted[place.agent] == nil { adopt(place) }
            if hosted[place.agent] != nil { follow(place) }
            let callers = waiting[place.agent] ?? []
            if !callers.isEmpty { ask(.look(callers.sorted())) }
        }
        for place in look.places { deliverCall(of: place) }
    }

    private func adopt(_ place: AgentPlace) {
        guard place.instance.status == .running,
            let key = secret.agentKey(place.agent, of: place.owner), key.publicKey == place.key
        else { return }
        do {
            let program = try AgentProgram(decoding: place.program)
            let identity = InstanceIdentity(
                chain: chain, agent: place.agent, policy: place.instance.policy,
                gasLimit: gasLimit)
            let limit = 4 * AgentLimits.imageBytes
            let now = clock.now()
            let instance =
                if let bytes = try files.kept(of: place.agent, limit: limit) {
                    try Instance(restoring: bytes, identity, of: program, at: now)
                } else {
                    Instance(identity, of: program, at: now)
                }
            var host = HostedAgent(place, key: key)
            host.pending = instance.submitted
            let header = instance.submitted?.header
            if let last = header?.dependencies.last {
                host.delivered[last.height.agent] = last.height.sequence
            }
            try runtime.add(instance, at: now)
            host.resolution = .resend
            hosted[place.agent] = host
            note(place.agent, "agent runs here", "from transition \(place.instance.sequence)")
        } catch {
            note(place.agent, "agent not taken in", "\(error)")
        }
    }

    /// Brings an agent to its place.
    private func follow(_ place: AgentPlace) {
        let agent = place.agent
        guard var host = hosted[agent], let before = runtime.instance(agent) else { return }
        if let callee = host.place.instance.call?.callee { waiting[callee]?.remove(agent) }
        let account = host.place.instance.account
        // It may be what the ledger refused the last transition for.
        let isRefilled = account.deposit < place.instance.account.deposit
        host.place = place
        let resolution = host.isSending ? nil : host.resolution
        if resolution != nil { host.resolution = nil }
        if isRefilled, !before.hasEnded { host.trouble = nil }
        hosted[agent] = host
        runtime.setConsensusTime(max(time, place.instance.time), for: agent)
        guard place.key == host.key.publicKey else { return stop(agent, "it has another key now") }
        let (sequence, root) = (place.instance.sequence, place.instance.root)
        if before.sequence != sequence || resolution == .resend || isRefilled {
            tell(agent, .ledger(sequence: sequence, root: root))
        } else if let resolution {
            tell(
                agent,
                resolution == .again
                    ? .refused(sequence: sequence, root: root)
                    : .rejected(sequence: sequence, root: root))
        }
        takeAnswer(of: place)
    }

    /// Passes on the ledger's answer to what an agent waits with, or waits.
    private func takeAnswer(of place: AgentPlace) {
        guard let call = place.instance.call,
            runtime.instance(place.agent)?.sequence == place.instance.sequence
        else { return }
        guard let answer = call.answer else {
            waiting[call.callee, default: []].insert(place.agent)
            return
        }
        tell(place.agent, .answered(HostAnswer(answer.status, answer.words), by: answer.by))
        tell(place.agent, .requested)
    }

    /// Gives the call with which an agent waits, here or elsewhere, to the agent here it is for.
    private func deliverCall(of place: AgentPlace) {
        guard let call = place.instance.call, call.answer == nil,
            var host = hosted[call.callee], host.trouble == nil, host.isNew(place.height)
        else { return }
        host.delivered[place.agent] = place.instance.sequence
        hosted[call.callee] = host
        tell(
            call.callee,
            .message(
                Message(from: place.agent, call.words),
                from: Dependency(height: place.height, root: place.instance.root)))
        tell(call.callee, .requested)
    }

    /// What came of an operation in the name of `agent`.
    func answered(_ agent: AgentID, _ outcome: LedgerVerdict) {
        guard var host = hosted[agent] else { return }
        host.isSending = false
        switch outcome {
        case .accepted: host.trouble = nil
        case .undecided:
            host.resolution = .resend
            ask(.retry(agent, afterNanoseconds: Self.retryNanoseconds))
        case .refused(let reason, let resolution):
            note(agent, "transition refused", reason)
            host.refusals += 1
            host.resolution = resolution
            let isOften = host.refusals > HostedAgent.mostRefusals
            let isFinal = resolution == .resend || isOften
            ask(
                .retry(
                    agent,
                    afterNanoseconds: isFinal ? Self.refusedNanoseconds : Self.retryNanoseconds))
            hosted[agent] = host
            if isFinal { stop(agent, "the ledger refuses its transition: \(reason)") }
            return
        }
        hosted[agent] = host
    }

    // MARK: Messages from outside

    func call(_ agent: AgentID, _ call: OutsideCall) {
        guard !isClosed else { return call.reply(.failure(Self.closing)) }
        guard let host = hosted[agent] else {
            return call.reply(
                .failure(Problem(.noSuchAgent, "Agent \(agent) does not run on this node.")))
        }
        if let trouble = host.trouble {
            return call.reply(.failure(Problem(.agentFailed, "The agent rests: \(trouble).")))
        }
        guard host.queue.count < settings.waiting else {
            return call.reply(
                .failure(
                    Problem(
                        .overloaded, "Too many messages wait for this agent.",
                        retryAfterSeconds: 1)))
        }
        hosted[agent]?.queue.append(call)
        giveNext(agent)
    }

    private func giveNext(_ agent: AgentID) {
        guard var host = hosted[agent], host.current == nil, !host.queue.isEmpty else { return }
        let call = host.queue.removeFirst()
        host.current = CallUnderWay(call: call)
        hosted[agent] = host
        tell(agent, .message(Message(call.words)))
        tell(agent, .requested)
    }

    private func finish(_ agent: AgentID, _ result: Result<CallAnswer, Problem>) {
        guard let current = hosted[agent]?.current else { return }
        hosted[agent]?.current = nil
        current.call?.reply(result)
        giveNext(agent)
    }

    /// An agent does not go on; those who wait for it are told.
    private func stop(_ agent: AgentID, _ reason: String) {
        note(agent, "agent stopped", reason)
        guard var host = hosted[agent] else { return }
        host.trouble = reason
        let calls = [host.current?.call].compactMap { $0 } + host.queue
        // What the agent was given stays given.
        host.current?.call = nil
        host.queue.removeAll()
        hosted[agent] = host
        let problem = Problem(.agentFailed, "The agent rests: \(reason).")
        for call in calls { call.reply(.failure(problem)) }
    }

    // MARK: Time

    /// Tells those who wait too long, and gives up calls that nobody answers.
    func sweep() {
        let (now, time) = (clock.monotonicNanoseconds(), clock.now())
        let late = Problem(
            .undecided, "The agent has not answered; it may still read the message.",
            retryAfterSeconds: 5)
        for agent in hosted.keys.sorted() {
            guard var host = hosted[agent] else { continue }
            func isLate(_ call: OutsideCall) -> Bool {
                now &- call.arrival >= settings.answerNanoseconds
            }
            var calls = host.queue.filter(isLate)
            if !calls.isEmpty { host.queue.removeAll(where: isLate) }
            if let call = host.current?.call, isLate(call) {
                calls.append(call)
                host.current?.call = nil
            }
            if isDueToAbandon(host, at: time) {
                host.isSending = true
                ask(
                    .submit(
                        HostedOperation(
                            agent: agent, owner: host.place.owner, key: host.key,
                            command: .abandonCall(agent))))
            }
            hosted[agent] = host
            for call in calls { call.reply(.failure(late)) }
        }
    }

    private func isDueToAbandon(_ host: HostedAgent, at now: Instant) -> Bool {
        guard let call = host.place.instance.call, call.answer == nil, !host.isSending,
            host.pending == nil
        else { return false }
        return now.nanoseconds(since: call.since) > Self.abandonNanoseconds
            + 2 * Nanoseconds.perSecond
    }

    /// Tells everybody who waits that the node stops.
    func close() {
        isClosed = true
        for agent in hosted.keys.sorted() {
            guard let host = hosted[agent] else { continue }
            for call in [host.current?.call].compactMap({ $0 }) + host.queue {
                call.reply(.failure(Self.closing))
            }
        }
        hosted.removeAll()
    }

    private static let closing = Problem(
        .unavailable, "The node stops.", retryAfterSeconds: 5)

    private func note(_ agent: AgentID, _ event: String, _ detail: String) {
        log.note(.info, event) {
            $0.member("agent", agent.hex)
            $0.member("detail", detail)
        }
    }
}

/// What the agents' thread has to know of the chain.
struct HostingChain: Sendable {
    var digest: Digest
    /// Gas of one transition.
    var gasLimit: UInt64
}
