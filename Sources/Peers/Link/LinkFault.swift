// Why a link ended.
import Primitives

/// Each ends the link at once; nothing that came after the fault is delivered.
public enum LinkFault: Error, Hashable, Sendable {
    /// The first bytes are not those of this protocol and version.
    case foreignProtocol
    /// The peer is a validator of another chain.
    case foreignChain
    /// A message of the handshake was altered or not meant for us.
    case handshake(NoiseFailure)
    /// The peer's signature over the handshake does not hold.
    case falseIdentity
    /// Another peer answers than the one that was dialled.
    case unexpectedPeer(PublicKey)
    /// The handshake took longer than `LinkLimits.handshakeNanoseconds`.
    case slowHandshake
    /// A record was altered, replayed or left out on its way.
    case record(NoiseFailure)
    /// A record's length cannot be.
    case recordLength(Int)
    /// An authentic record that breaks the rules of `Record`.
    case malformedRecord
    /// A message over the limit of its priority, in bytes.
    case oversizeMessage(Int)
    /// Compressed bytes that are not what their header says.
    case badCompression
    /// Nothing came for `LinkLimits.silentNanoseconds`.
    case silent
    /// The peer took nothing for `LinkLimits.stallNanoseconds`.
    case stalled
    /// The connection under the link ended.
    case closed
}
