// Which of several threads runs an agent.
import Primitives

/// One of the runtimes among which agents are divided by their identifiers, which are digests: each
/// gets about as many.
public struct RuntimeShard: Hashable, Sendable {
    /// From 0.
    public let index: Int
    /// How many there are, at least 1.
    public let count: Int

    /// - Parameters:
    ///   - index: 0 to `count` - 1.
    ///   - count: 1 to 256.
    public init(_ index: Int, of count: Int) {
        precondition((1...256).contains(count) && (0..<count).contains(index), "one of them")
        (self.index, self.count) = (index, count)
    }

    /// Whether the agent is run here.
    public func holds(_ agent: AgentID) -> Bool {
        let low = agent.bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        return low % count == index
    }
}
