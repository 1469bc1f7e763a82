// The agents that run on one thread, as a value: each hears what the ledger says of it, its
// transitions are submitted, and the messages of outside and of other agents reach it.
//
// It knows no node, disk, clock or thread: a shell tells it what happens and obeys.
import Agents
import Cryptography
import Ledger
import Primitives

/// What is the same for all agents of a node.
struct HostingChain: Sendable {
    var digest: Digest
    /// Gas of one transition.
    var gasLimit: UInt64
    /// From which the agents' keys are derived.
    var secret: SigningKey
    /// What attempts begin with: drawn at random for each process.
    var firstAttempt: UInt16 = 0
}

struct AgentDesk: Sendable {
    let settings: HostingSettings
    let chain: HostingChain
    /// Which of the threads this is.
    let shard: RuntimeShard
    var runtime: Runtime
    var hosted: [AgentID: HostedAgent] = [:]
    /// Agents here that wait with a call, by the agent called.
    var waiting: [AgentID: Set<AgentID>] = [:]
    /// Agents of which it was asked what was kept, with those that wait for them.
    var restoring: [AgentID: Set<AgentID>] = [:]
    /// Agents with transitions that are to share a proof, until the ledger has decided.
    var sharing: Set<AgentID> = []
    /// What programs are told for the time.
    var consensusTime = Instant(nanoseconds: 0)
    var isClosed = false
    /// Those of the present step.
    private(set) var time = HostingTime(now: Instant(nanoseconds: 0), monotonic: 0)
    private var actions: [HostingAction] = []

    /// Runs of agents before other work of the thread has its turn.
    private static let runsAtOnce = 8
    /// Nanoseconds before the ledger is asked again where it did not decide.
    static let retryNanoseconds = 200 * Nanoseconds.perMillisecond
    /// Nanoseconds before it is asked again where it refused for something that may change.
    static let refusedNanoseconds = 10 * Nanoseconds.perSecond

    init(_ settings: HostingSettings, on chain: HostingChain, shard: RuntimeShard) {
        (self.settings, self.chain, self.shard) = (settings, chain, shard)
        runtime = Runtime(settings.limits)
    }

    /// Whether agents wait for their turn to run.
    var isBusy: Bool { !isClosed && runtime.waiting > 0 }

    mutating func step(
        _ input: HostingInput, at time: HostingTime, into actions: inout [HostingAction]
    ) {
        self.time = time
        switch input {
        case .look(let look): take(look)
        case .restored(let place, let kept): adopt(place, kept)
        case .call(let agent, let call): self.call(agent, call)
        case .kept(let agent): goOn(agent)
        case .notKept(let agent, let reason): hold(agent, reason)
        case .proven(let agent, let last, let proof): take(agent, last, proof)
        case .answered(let agent, let verdict): answered(agent, verdict)
        case .recorded(let agent, let sequence, let verdict): recorded(agent, sequence, verdict)
        case .run: run()
        case .sweep: sweep()
        case .close: close()
        }
        gatherRested()
        actions += self.actions
        self.actions.removeAll()
    }

    mutating func ask(_ action: HostingAction) { actions.append(action) }

    mutating func note(_ agent: AgentID, _ event: String, _ detail: String) {
        ask(.note(agent, event: event, detail: detail))
    }

    // MARK: Running

    private mutating func run() {
        guard !isClosed else { return }
        var actions: [RuntimeAction] = []
        runtime.run(Self.runsAtOnce, at: time.now, into: &actions)
        for action in actions { obey(action.action, of: action.agent) }
    }

    mutating func tell(_ agent: AgentID, _ input: InstanceInput) {
        var actions: [RuntimeAction] = []
        runtime.step(input, for: agent, at: time.now, into: &actions)
        for action in actions { obey(action.action, of: action.agent) }
    }

    private mutating func obey(_ action: InstanceAction, of agent: AgentID) {
        switch action {
        case .submit: submit(of: agent)
        case .settled(let sequence, let output, let records):
            settle(agent, sequence, output, records)
        case .failed(let failure, let dropped):
            note(agent, "agent run failed", "\(failure)")
            guard let dropped, dropped.caller == nil, let host = hosted[agent] else { return }
            let problem = Problem(
                .agentFailed, "The program failed on the message, and the agent is as it was: "
                    + "\(failure).")
            finish(agent, at: host.readCount + host.pendingCount, .failure(problem))
        case .crashed: stop(agent, "the program fails without reading anything")
        case .ended: stop(agent, "the program has ended")
        case .overtaken(let sequence, let root): overtaken(agent, sequence, root)
        case .schedule, .wake: break
        }
    }

    /// An agent does not go on; those who wait for it are told.
    mutating func stop(_ agent: AgentID, _ reason: String) {
        guard var host = hosted[agent], host.trouble != reason else { return }
        note(agent, "agent stopped", reason)
        host.trouble = reason
        let calls = host.takeCalls { _ in true }
        hosted[agent] = host
        let problem = Problem(.agentFailed, "The agent rests: \(reason).")
        for call in calls { ask(.reply(ticket: call.ticket, .failure(problem))) }
    }
}
