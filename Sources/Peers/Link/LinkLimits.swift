// Every limit of a link, with its unit.
import Primitives

/// What one peer may cost us in memory, time and bytes.
public struct LinkLimits: Hashable, Sendable {
    /// Bytes of an urgent message, before compression: a block is at most 1 MiB and its header.
    public var urgentMessageBytes = 4 << 20
    /// Bytes of a bulk message, before compression: a batch is at most 64 MiB and its envelope.
    public var bulkMessageBytes = 80 << 20
    /// Bytes that wait to be sent; what passes it is dropped, bulk first.
    public var sendQueueBytes = 128 << 20
    /// Bytes a second that are read, on average.
    public var receiveBytesPerSecond: UInt64 = 256 << 20
    /// Bytes that may come at once above the average.
    public var receiveBurstBytes: UInt64 = 256 << 20
    /// Messages that the owner holds; at so many the link is not read on.
    public var heldMessages = 1_024
    /// Nanoseconds from the first byte to the end of the handshake.
    public var handshakeNanoseconds = 5 * Nanoseconds.perSecond
    /// Nanoseconds between two pings.
    public var pingNanoseconds = Nanoseconds.perSecond
    /// Nanoseconds without an authentic record after which the peer is dead.
    public var silentNanoseconds = 5 * Nanoseconds.perSecond
    /// Nanoseconds in which the peer takes nothing of what waits after which it is dead.
    public var stallNanoseconds = 10 * Nanoseconds.perSecond

    public init() {}

    func messageBytes(_ priority: LinkPriority) -> Int {
        switch priority {
        case .urgent: urgentMessageBytes
        case .bulk: bulkMessageBytes
        }
    }
}
