// All agents that run on a node: divided among threads, beside the node's and one that proves.
import Agents
import Cryptography
import Environment
import Ledger
import Node
import Platform
import Primitives

/// Everything that is done with the agents that run here goes through here.
final class AgentThreads: Sendable {
    /// An agent for the list of those that run here.
    struct View: Sendable {
        var host: HostedAgent
        /// Gas that all its runs were charged.
        var gas: UInt64
    }

    let chain: HostingChain
    private let threads: [AgentThread]
    private let prover: ProvingThread
    private let node: NodeThread
    private let watch: AgentWatch

    /// - Returns: nil where the settings let no agent run here.
    init?(
        _ settings: HostingSettings, on chain: Digest, gasLimit: UInt64, node: NodeThread, log: Log
    ) throws(PlatformFailure) {
        guard let directory = settings.directory, let secret = settings.key, settings.count > 0
        else { return nil }
        let files: AgentFiles
        do throws(DiskFailure) {
            files = try AgentFiles(directory)
        } catch {
            throw .system(operation: "directory of agents", code: error.code)
        }
        var surroundings = HostingChain(digest: chain, gasLimit: gasLimit, secret: secret)
        let random = SigningKey.generate().publicKey.bytes
        // Below the highest, so that there are attempts left.
        surroundings.firstAttempt = (UInt16(random[0]) << 8 | UInt16(random[1])) & 0x7FFF
        let (prover, watch) = (try ProvingThread(), AgentWatch(node))
        var threads: [AgentThread] = []
        for index in 0..<settings.threads {
            let shard = RuntimeShard(index, of: settings.threads)
            threads.append(
                try AgentThread(
                    AgentDesk(settings, on: surroundings, shard: shard),
                    AgentThread.Surroundings(
                        node: node, prover: prover, files: files, log: log,
                        look: { watch.look($0) })))
        }
        watch.threads.withLock { $0 = threads }
        (self.chain, self.threads, self.prover) = (surroundings, threads, prover)
        (self.node, self.watch) = (node, watch)
    }

    /// Starts the threads and takes in the agents that are to run here.
    func start() throws(PlatformFailure) {
        node.post { [watch] desk in
            desk.instancesChanged = { [watch] agents in watch.look(agents, desk) }
        }
        try prover.start()
        for thread in threads { try thread.start() }
        watch.lookAtAll()
    }

    /// Answers who waits; who comes now is told that the node stops.
    func close() { for thread in threads { thread.take(.close) } }

    /// Ends the threads.
    func stop() {
        for thread in threads { thread.stop() }
        prover.stop()
        watch.threads.withLock { $0 = [] }
    }

    /// Gives a message to an agent once its place was looked at.
    func call(
        _ agent: AgentID, _ words: [UInt64], arrival: UInt64, in desk: NodeDesk,
        reply: @escaping AgentThread.Reply
    ) {
        let look = AgentWatch.places(of: [agent], desk)
        for (index, thread) in threads.enumerated()
        where RuntimeShard(index, of: threads.count).holds(agent) {
            thread.call(agent, words, arrival: arrival, after: look, reply: reply)
        }
    }

    /// The agents behind `after`, at most `limit`, ascending, and whether there are more.
    func list(
        after: AgentID?, limit: Int, _ body: @escaping @Sendable ([View], Bool) -> Void
    ) {
        collect([], threads[...], after: after, limit: limit, body)
    }

    private func collect(
        _ found: [View], _ rest: ArraySlice<AgentThread>, after: AgentID?, limit: Int,
        _ body: @escaping @Sendable ([View], Bool) -> Void
    ) {
        guard let thread = rest.first else {
            let all = found.sorted { $0.host.place.agent < $1.host.place.agent }
            return body(Array(all.prefix(limit)), all.count > limit)
        }
        thread.show { [self] desk in
            let behind = desk.hosted.keys.filter { agent in after.map { $0 < agent } ?? true }
            let views = behind.sorted().prefix(limit + 1).compactMap { agent in
                desk.hosted[agent].map {
                    View(host: $0, gas: desk.runtime.instance(agent)?.gasUsed ?? 0)
                }
            }
            collect(found + views, rest.dropFirst(), after: after, limit: limit, body)
        }
    }
}
