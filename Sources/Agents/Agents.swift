// The door of agents that are programs: what their state is, how they run, and what a transition of
// one must hold for everybody else to accept it (docs/spec/agents.md).
//
// Everything here is a function of public bytes: no clock, disk, network or chance.
import Cryptography
import Primitives

/// The limits of agents as programs; decoders refuse more before they allocate.
public enum AgentLimits {
    /// Bytes of an image: registers, heap window and stack window.
    public static let imageBytes = 1 << 20
    /// Bytes of an encoded program that can be registered.
    public static let programBytes = 60_000
    /// Turns of one transition.
    public static let turns = 100
    /// Words of one message, request or answer.
    public static let wordsPerFrame = 4_096
    /// Words of one record that an agent emits.
    public static let wordsPerRecord = 512
    /// Words of each of the lists of a transition: input, output, requests, answers.
    public static let wordsPerList = 6_144
    /// Gas of one transition, whatever a chain allows.
    public static let gas: UInt64 = 1 << 40
    /// Messages that wait for an agent.
    public static let inbox = 1_024
    /// Messages of one transition.
    public static let messages = 128
    /// Agents whose states one transition depends on.
    public static let dependencies = 2
    /// Agents in a vector clock.
    public static let clockEntries = 16
    /// Leaves that one transition may touch.
    public static let leaves = 4_096
    /// Leaves of another agent's state that one request may ask for.
    public static let leavesPerRead = 64
    /// Digests of one multiproof.
    public static let siblings = 4_096
    /// Bytes of a proof: that of 5,000 steps which all multiply has room.
    public static let proofBytes = 208 << 10
    /// Bytes of an encoded transition, or of a series of them.
    public static let transitionBytes = 240 << 10
}

/// The hash domains of agents.
public enum AgentDomains {
    public static let exchange = HashDomain("althing 2026 agent exchange v1")
    public static let transition = HashDomain("althing 2026 agent transition v1")
}
