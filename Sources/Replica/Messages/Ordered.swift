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
    /// A share of a coin; counts when it is seen in a block of its seat, in order or not.
    case coinShare(CoinShare)
    /// A validator's key for what is dealt to it.
    case sealingKey(PublicKey, SealingRegistration)
    /// A message of the generation of the next epoch's coin keys.
    case keyMessage(SignedKeyMessage)
    /// A seat signed a share that is none.
    case wrongShare(CoinEvidence)
    /// Nothing but the passing of time: a checkpoint is due.
    case heartbeat

    static let coinShareKind: UInt8 = 9

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
        case .coinShare: Self.coinShareKind
        case .sealingKey: 10
        case .keyMessage: 11
        case .wrongShare: 12
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
        case .coinShare(let share): share.encode(to: &writer)
        case .sealingKey(let key, let registration):
            writer.write(key)
            registration.encode(to: &writer)
        case .keyMessage(let message): message.encode(to: &writer)
        case .wrongShare(let evidence): evidence.share.encode(to: &writer)
        case .twinCheckpoints(let first, let second):
            writer.writeCounted(first.encoded)
            writer.writeCounted(second.encoded)
        }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let kind = try reader.read(UInt8.self)
        if kind > 8 {
            self = try Self.ofCoin(kind, &reader)
            try reader.finish()
            return
        }
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

    private static func ofCoin(
        _ kind: UInt8, _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Ordered {
        switch kind {
        case coinShareKind: return .coinShare(try CoinShare(from: &reader))
        case 10: return .sealingKey(try reader.read(), try SealingRegistration(from: &reader))
        case 11: return .keyMessage(try SignedKeyMessage(from: &reader))
        case 12: return .wrongShare(CoinEvidence(share: try CoinShare(from: &reader)))
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
    }
}

extension Block {
    /// Bytes of an encoded block, at most.
    public static let mostBytes = payloadLimit + 16_384
}
