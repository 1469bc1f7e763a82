// Looks at agents in the ledger, on the node's thread, for all threads that run some.
import Agents
import Ledger
import Node
import Platform
import Primitives
import Synchronization

final class AgentWatch: Sendable {
    private let node: NodeThread
    /// Who is told; nobody any more once the threads end.
    let threads = Mutex<[AgentThread]>([])

    /// Nanoseconds before a disk that fails is asked again.
    private static let retryNanoseconds = Nanoseconds.perSecond

    init(_ node: NodeThread) { self.node = node }

    func look(_ agents: [AgentID]) { node.ask { [self] desk in look(agents, desk) } }

    /// On the node's thread.
    func look(_ agents: [AgentID], _ desk: NodeDesk) {
        let threads = threads.withLock { $0 }
        guard let look = Self.places(of: agents, desk) else {
            threads.first?.lookAgain(agents, afterNanoseconds: Self.retryNanoseconds)
            return
        }
        for thread in threads { thread.take(.look(look)) }
    }

    func lookAtAll() {
        node.ask { [self] desk in
            if let instances = try? desk.node.instances() {
                return look(instances.map(\.agent), desk)
            }
            let first = threads.withLock { $0.first }
            first?.later(afterNanoseconds: Self.retryNanoseconds) { [self] in lookAtAll() }
        }
    }

    /// Nil where the disk fails.
    static func places(of agents: [AgentID], _ desk: NodeDesk) -> AgentLook? {
        do {
            var places: [AgentPlace] = []
            for agent in agents {
                guard let instance = try desk.node.instance(agent),
                    let view = try desk.node.agent(agent),
                    let program = try desk.node.program(instance.program)
                else { continue }
                places.append(
                    AgentPlace(
                        instance: instance, owner: view.agent.owner, name: view.agent.name,
                        key: view.agent.key, program: program))
            }
            return AgentLook(places: places, time: try desk.node.consensusTime())
        } catch {
            return nil
        }
    }
}
