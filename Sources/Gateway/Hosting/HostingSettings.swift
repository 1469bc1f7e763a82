// What a node may spend on the agents that run on it, and where their states are kept.
import Agents
import Cryptography
import Primitives

/// The settings of the agents that a node runs.
public struct HostingSettings: Sendable {
    /// Gas that one agent may use in a second, on average.
    public var gasPerSecond: UInt64 = 100_000_000
    /// Agents that run here, at most; 0: none do.
    public var count = 10_000
    /// Bytes of all their images, at most: of accepted states and of runs.
    public var imageBytes = 4 << 30
    /// Threads that run agents, 1 to 256; each has an equal share of the other limits.
    public var threads = 2
    /// Messages from outside that wait for one agent, at most; more is 429.
    public var waiting = 1_024
    /// Nanoseconds after which a message that was not answered is given up.
    public var answerNanoseconds = 30 * Nanoseconds.perSecond
    /// Directory of what is kept of each agent; nil for a node that runs none.
    public var directory: String?
    /// From which the agents' keys are derived; nil for a node that runs none.
    public var key: SigningKey?

    public init() {}

    var limits: RuntimeLimits {
        var limits = RuntimeLimits()
        (limits.gasPerSecond, limits.agents) = (gasPerSecond, max(1, count / threads))
        limits.imageBytes = imageBytes / threads
        return limits
    }
}

extension SigningKey {
    private static let domain = HashDomain("althing 2026 hosted agent key v1")

    /// The key with which a node whose hosting key this is signs for an agent of that owner: nobody
    /// else can name it, and it follows from what the node keeps anyway.
    func agentKey(_ agent: AgentID, of owner: OwnerID) -> SigningKey? {
        SigningKey(seed: Self.domain.hash(seed + owner.bytes + agent.bytes).bytes)
    }
}
