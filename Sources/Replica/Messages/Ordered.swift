// What validators put into blocks for the common order, and its encoding.
import Consensus
import Primitives

/// One item of a block's payload. Consensus orders it as bytes; the replica acts on it at its place.
public enum Ordered: Sendable {
    /// The items that it certifies are carried out here.
    case certificate(Certificate)
    /// The votes for a place of a chain may be split: settle it.
    case unlock(Conflict)
    case unlockVote(UnlockVote)
    /// A seat made two blocks in one round.
    case twins(Evidence)
    /// A seat locked two updates in one place.
    case doubleLock(LockEvidence)
    /// A seat signed two checkpoints of one height.
    case twinCheckpoints(CheckpointVote, CheckpointVote)
    /// The author of the block has put everything it confirmed into the order.
    case endOfEpoch
    /// Nothing but the passing of time: a checkpoint is due.
    case heartbeat

    private var kind: UInt8 {
        switch self {
        case .certificate: 1
        case .unlock: 2
        case .unlockVote: 3
        case .twins: 4
        case .doubleLock: 5
        case .endOfEpoch: 6
        case .heartbeat: 7
        case .twinCheckpoints: 8
        }
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(kind)
        switch self {
        case .certificate(let certificate): writer.append(certificate.encoded)
        case .unlock(let conflict): writer.append(conflict.encoded)
        case .unlockVote(let vote): writer.append(vote.encoded)
        case .twins(let evidence):
            writer.writeCounted(evidence.first.encoded)
            writer.writeCounted(evidence.second.encoded)
        case .doubleLock(let evidence): writer.append(evidence.encoded)
        case .endOfEpoch, .heartbeat: break
        case .twinCheckpoints(let first, let second):
            writer.writeCounted(first.encoded)
            writer.writeCounted(second.encoded)
        }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let kind = try reader.read(UInt8.self)
        switch kind {
        case 1: self = .certificate(try Certificate(decoding: reader.rest()))
        case 2: self = .unlock(try Conflict(decoding: reader.rest()))
        case 3: self = .unlockVote(try UnlockVote(decoding: reader.rest()))
        case 4:
            let first = try Block(decoding: reader.readCounted(limit: Block.mostBytes))
            let second = try Block(decoding: reader.readCounted(limit: Block.mostBytes))
            try reader.finish()
            self = .twins(Evidence(first: first, second: second))
        case 5: self = .doubleLock(try LockEvidence(decoding: reader.rest()))
        case 6:
            try reader.finish()
            self = .endOfEpoch
        case 7:
            try reader.finish()
            self = .heartbeat
        case 8:
            let first = try CheckpointVote(decoding: reader.readCounted(limit: 1024))
            let second = try CheckpointVote(decoding: reader.readCounted(limit: 1024))
            try reader.finish()
            self = .twinCheckpoints(first, second)
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
    }
}

extension Block {
    /// Bytes of an encoded block, at most.
    public static let mostBytes = payloadLimit + 16_384
}
