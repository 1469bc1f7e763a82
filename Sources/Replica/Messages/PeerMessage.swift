// Everything that validators say to each other, and its encoding.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records

/// One message between validators, or between a validator and an observer. Who sent it is known
/// from
/// the link.
public enum PeerMessage: Sendable {
    case block(Block)
    /// Asks for blocks, and for their ancestors above a round.
    case blocksWanted(epoch: UInt64, [BlockReference], above: Round)
    /// Asks for votes; with the bodies of the items, in order.
    case proposal(Proposal, [Body])
    case vote(LockReply)
    case certificate(Certificate)
    case confirm(Confirm)
    case bodiesWanted([Digest])
    case bodies([Body])
    indirect case checkpointVote(CheckpointVote)
    indirect case status(SeatStatus)
    /// Asks for certified checkpoints from a height on.
    case checkpointsWanted(from: UInt64)
    case checkpoints([Checkpoint])
    /// Asks for what a seat needs that is too far behind to follow the graph.
    case snapshotWanted(SnapshotRequest)
    indirect case snapshot(SnapshotPart)

    /// Whether other messages should overtake it on a link.
    public var isBulk: Bool {
        switch self {
        case .proposal(_, let bodies): bodies.contains { $0.records > 64 }
        case .bodies, .snapshot, .checkpoints: true
        default: false
        }
    }
}

/// One seat's signature of a checkpoint.
public struct CheckpointVote: Hashable, Sendable {
    public var header: CheckpointHeader
    public var signature: Signature

    public init(header: CheckpointHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }

    /// Whether `key` signed it.
    public func isSigned(by key: PublicKey) -> Bool {
        Ed25519.isValid(signature, of: header.signedBytes, by: key)
    }
}

/// How far a seat is; exchanged when a link comes up and once a second.
public struct SeatStatus: Sendable {
    public var epoch: UInt64
    /// L, and the number of commits.
    public var head: Round
    public var commits: UInt64
    /// Blocks up to this round are not kept any more.
    public var floor: Round
    /// The last certified checkpoint.
    public var height: UInt64
    /// The newest block of the receiver that the sender holds in this epoch, for a receiver whose
    /// disk came back older than it was.
    public var yours: Block?
    /// Whether the sender waits for such statuses before it signs anything.
    public var isAsking: Bool
}

/// Asks for a part of a snapshot.
public struct SnapshotRequest: Hashable, Sendable {
    /// The height of the checkpoint; 0 asks for the newest there is, with the epoch steps to it.
    public var height: UInt64
    /// The epoch whose committee the asking side trusts.
    public var epoch: UInt64
    /// Number of the part, from 0.
    public var part: UInt32
}

/// A part of the state at a certified checkpoint.
public struct SnapshotPart: Sendable {
    public var checkpoint: Checkpoint
    /// From the asked epoch to that of the checkpoint; in part 0 only.
    public var steps: [EpochStep]
    public var part: UInt32
    public var isLast: Bool
    /// In the order of keys; at most `SnapshotPart.mostBytes` of them unless one alone is larger.
    public var entries: [SnapshotEntry]

    public static let mostBytes = 1 << 20
    /// Epoch steps in one part; who needs more asks again.
    public static let mostSteps = 1024

    public init(
        checkpoint: Checkpoint, steps: [EpochStep], part: UInt32, isLast: Bool,
        entries: [SnapshotEntry]
    ) {
        self.checkpoint = checkpoint
        self.steps = steps
        self.part = part
        self.isLast = isLast
        self.entries = entries
    }
}

/// One entry of the state in a snapshot.
public struct SnapshotEntry: Hashable, Sendable {
    public var key: StateKey
    public var value: [UInt8]

    public init(key: StateKey, value: [UInt8]) {
        self.key = key
        self.value = value
    }
}
