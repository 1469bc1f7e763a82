// The thread on which agents run, beside the node's: what passes between the two goes through here.
import Agents
import Cryptography
import Environment
import Ledger
import Node
import Platform
import Primitives

/// Everything that is done with the agents that run here goes through here.
final class AgentThread: Sendable {
    private let loop: EventLoop
    private let desk: Confined<AgentDesk>
    private let node: NodeThread
    private let isAwake: Confined<Wakefulness>

    /// What is set to happen on the thread.
    private final class Wakefulness {
        var isPosted = false
        var timer: TimerID?
    }

    private static let sweepNanoseconds = Nanoseconds.perSecond

    /// - Returns: nil where the settings let no agent run here.
    init?(
        _ settings: HostingSettings, on chain: HostingChain, node: NodeThread, log: Log
    ) throws(PlatformFailure) {
        guard let directory = settings.directory, let secret = settings.key, settings.count > 0
        else { return nil }
        let files: AgentFiles
        do throws(DiskFailure) {
            files = try AgentFiles(directory)
        } catch {
            throw .system(operation: "directory of agents", code: error.code)
        }
        loop = try EventLoop(name: "agents")
        desk = Confined(
            AgentDesk(settings, files: files, secret: secret, on: chain, log: log), to: loop)
        isAwake = Confined(Wakefulness(), to: loop)
        self.node = node
    }

    /// Starts the thread and takes in the agents that are to run here.
    func start() throws(PlatformFailure) {
        node.post { [self] desk in
            desk.instancesChanged = { [self] agents in look(agents, desk) }
        }
        node.ask { [self] desk in lookAtAll(desk) }
        loop.post { [self] in sweep() }
        try loop.start()
    }

    /// Answers who waits; who comes now is told that the node stops.
    func close() { loop.post { [self] in desk.value.close() } }

    /// Ends the thread.
    func stop() { loop.stop() }

    /// Runs `body` with the agents, and then what they want.
    func post(_ body: @escaping @Sendable (AgentDesk) -> Void) {
        loop.post { [self] in
            body(desk.value)
            goOn()
        }
    }

    /// Gives a message to an agent once its place was looked at.
    func call(_ agent: AgentID, _ call: OutsideCall, in desk: NodeDesk) {
        let look = Self.look([agent], desk)
        post { agents in
            if let look { agents.take(look) }
            agents.call(agent, call)
        }
    }

    // MARK: The node's thread

    private func look(_ agents: [AgentID], _ desk: NodeDesk) {
        guard let look = Self.look(agents, desk) else {
            return post { desk in
                for agent in agents {
                    desk.ask(.retry(agent, afterNanoseconds: Self.sweepNanoseconds))
                }
            }
        }
        post { $0.take(look) }
    }

    private func lookAtAll(_ desk: NodeDesk) {
        guard let instances = try? desk.node.instances() else {
            loop.schedule(afterNanoseconds: Self.sweepNanoseconds) { [self] in
                node.ask { [self] desk in lookAtAll(desk) }
            }
            return
        }
        look(instances.map(\.agent), desk)
    }

    private static func look(_ agents: [AgentID], _ desk: NodeDesk) -> AgentLook? {
        do {
            var places: [AgentPlace] = []
            for agent in agents {
                guard let instance = try desk.node.instance(agent),
                    let view = try desk.node.agent(agent),
                    let program = try desk.node.program(instance.program)
                else { continue }
                places.append(
                    AgentPlace(
                        instance: instance, owner: view.agent.owner, key: view.agent.key,
                        program: program))
            }
            return AgentLook(places: places, time: try desk.node.consensusTime())
        } catch {
            // The disk fails: it is looked at again later.
            return nil
        }
    }

    // MARK: The agents' thread

    private func goOn() {
        let desk = desk.value
        desk.run()
        for request in desk.takeRequests() { perform(request) }
        let wakefulness = isAwake.value
        if desk.runtime.waiting > 0 {
            guard !wakefulness.isPosted else { return }
            wakefulness.isPosted = true
            loop.post { [self] in
                isAwake.value.isPosted = false
                goOn()
            }
        } else if let time = desk.runtime.nextTimer {
            if let earlier = wakefulness.timer { loop.cancel(earlier) }
            let delay = time.nanoseconds(since: desk.clock.now())
            wakefulness.timer = loop.schedule(afterNanoseconds: delay) { [self] in
                isAwake.value.timer = nil
                goOn()
            }
        }
    }

    private func sweep() {
        desk.value.sweep()
        goOn()
        loop.schedule(afterNanoseconds: Self.sweepNanoseconds) { [self] in sweep() }
    }

    private func perform(_ request: HostingRequest) {
        switch request {
        case .look(let agents): node.ask { [self] desk in look(agents, desk) }
        case .retry(let agent, let delay):
            loop.schedule(afterNanoseconds: delay) { [self] in
                perform(.look([agent]))
            }
        case .submit(let operation): node.post { [self] desk in submit(operation, desk) }
        }
    }

    private func submit(_ wish: HostedOperation, _ desk: NodeDesk) {
        guard let next = try? desk.node.nextSequence(of: wish.key.publicKey) else {
            return post { $0.answered(wish.agent, .undecided) }
        }
        let operation = SignedOperation(
            chain: desk.node.genesis.digest, owner: wish.owner, sequence: next,
            command: .transition(wish.command), key: wish.key)
        desk.node.submit(operation) { [self] outcome in
            let verdict = LedgerVerdict(outcome)
            post { $0.answered(wish.agent, verdict) }
        }
    }
}
