// The settings of one seat's fast path: when it waits and resends, how much it holds.
import Primitives

/// Times in nanoseconds. They change how fast a seat is, never what is certified.
public struct FastPathSettings: Hashable, Sendable {
    /// How long a gateway collects updates for one proposal; 0 is not at all.
    public var window: UInt64 = Nanoseconds.perMillisecond
    /// Own proposals without a certificate beyond which further updates are collected for longer:
    /// each costs all seats signatures, so that a crowd travels together.
    public var uncertified = 1
    /// How long they are collected then, at most.
    public var crowdedWindow: UInt64 = 16 * Nanoseconds.perMillisecond
    /// Updates of one proposal, 1...`Proposal.itemLimit`.
    public var proposalItems = Proposal.itemLimit
    /// Bytes of the bodies of one proposal, unless one alone has more.
    public var proposalBytes = 16 << 20
    /// Proposals of this gateway under way at a time.
    public var proposals = 256
    /// Updates that wait here for a proposal, or for the update before them.
    public var waitingUpdates = 65_536
    /// How long an update waits here for the one before it.
    public var patience: UInt64 = 500 * Nanoseconds.perMillisecond
    /// A proposal or certificate without an answer is sent again after so long, then after twice,
    /// then each four times as long: seats that are slow because of much to do get no more of it.
    public var retryAfter: UInt64 = 200 * Nanoseconds.perMillisecond
    /// How often it is sent again.
    public var retries = 16
    /// A holder puts a certificate that is not carried out into its own block after so long, and
    /// again each time; the gateway does so at once.
    public var referenceAfter: UInt64 = 2 * Nanoseconds.perSecond
    /// Sequences above the head of one chain that may be locked.
    public var run: UInt64 = 4_096
    /// Locks held for the proposals of one gateway.
    public var locksPerGateway = 262_144
    /// Certificates held of one gateway.
    public var certificatesPerGateway = 8_192

    public init() {}
}
