// What the journal holds: everything from which the ledger and the seat's promises follow again, in
// order.
import Consensus
import Ledger
import Primitives
import Records

/// One entry of a validator's journal. Replaying the entries from the genesis gives the order, the
/// state and everything that the validator signed again.
public enum JournalEntry: Sendable {
    indirect case genesis(Genesis)
    /// A batch or operation that came in, and when. What becomes of it follows from the blocks.
    case body(Instant, Body)
    /// A batch that came in, and whose records were pruned since.
    indirect case pruned(Instant, PrunedBatch)
    /// A certified checkpoint.
    indirect case checkpoint(Checkpoint)
    /// Kept beside the ledger.
    case signal(KeptSignal)
    /// A block of the graph, another's or an own one.
    case block(Block)
    /// What this seat locked in an epoch.
    case locks(epoch: UInt64, LockRecord)
    /// A certificate, kept before it is confirmed.
    case certificate(Certificate)
    /// This key promised more than the disk knows of: it signs nothing more.
    case amnesia(PublicKey)

    /// The number of the kind, kept beside the bytes.
    public enum Kind: UInt8, CaseIterable, Sendable {
        case genesis = 1
        case batch, operation, checkpoint, signal, block, locks, certificate, pruned, amnesia
    }

    public var kind: Kind {
        switch self {
        case .genesis: .genesis
        case .body(_, .batch): .batch
        case .body(_, .operation): .operation
        case .pruned: .pruned
        case .checkpoint: .checkpoint
        case .signal: .signal
        case .block: .block
        case .locks: .locks
        case .certificate: .certificate
        case .amnesia: .amnesia
        }
    }

    /// The canonical bytes, without the kind.
    public var encoded: [UInt8] {
        switch self {
        case .genesis(let genesis): return genesis.encoded
        case .checkpoint(let checkpoint): return checkpoint.encoded
        case .signal(let signal): return signal.encoded
        case .block(let block): return block.encoded
        case .locks(let epoch, let locks): return Self.locks(epoch, locks)
        case .certificate(let certificate): return certificate.encoded
        case .amnesia(let key): return key.bytes
        case .pruned(let time, let batch): return Self.timed(time, batch.encoded)
        case .body(let time, .batch(let batch)): return Self.timed(time, batch.batch.encoded)
        case .body(let time, .operation(let operation)):
            return Self.timed(time, operation.encoded)
        }
    }

    /// The canonical bytes, without the kind, in two parts, the second of which follows the first:
    /// the columns of a batch as it holds them, not copied, with their plain BLAKE3 digest.
    public var encodedParts: (head: [UInt8], columns: EncodedColumns?) {
        guard case .body(let time, .batch(let batch)) = self else { return (encoded, nil) }
        let columns = EncodedColumns(
            bytes: batch.batch.body, digest: batch.batch.header.columns)
        return (Self.timed(time, batch.batch.encodedHead), columns)
    }

    /// The columns of a checked batch and their digest, which its header states.
    public struct EncodedColumns: Sendable {
        public var bytes: ArraySlice<UInt8>
        public var digest: Digest
    }

    /// The batch or operation that came in; a pruned batch holds no records.
    public var body: Body? {
        switch self {
        case .body(_, let body): body
        case .pruned(_, let pruned): .batch(pruned.batch)
        default: nil
        }
    }

    private static func locks(_ epoch: UInt64, _ record: LockRecord) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(epoch)
        writer.append(record.encoded)
        return writer.bytes
    }

    private static func timed(_ time: Instant, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: 8 + bytes.count)
        writer.write(time)
        writer.append(bytes)
        return writer.bytes
    }

    /// Decodes an entry; a batch is checked in itself, as it was when it came in.
    public init(kind: Kind, decoding bytes: [UInt8]) throws(BodyFailure) {
        if kind == .batch || kind == .operation {
            self = try Self.body(kind, bytes)
            return
        }
        do throws(DecodingFailure) {
            switch kind {
            case .genesis: self = .genesis(try Genesis(decoding: bytes))
            case .checkpoint: self = .checkpoint(try Checkpoint(decoding: bytes))
            case .signal: self = .signal(try KeptSignal(decoding: bytes))
            case .block: self = .block(try Block(decoding: bytes))
            case .locks:
                var reader = ByteReader(bytes)
                let epoch: UInt64 = try reader.read()
                let rest = try reader.read(count: reader.remaining)
                self = .locks(epoch: epoch, try LockRecord(decoding: rest))
            case .certificate: self = .certificate(try Certificate(decoding: bytes))
            case .pruned:
                var reader = ByteReader(bytes)
                let time = try reader.readInstant()
                let rest = try reader.read(count: reader.remaining)
                self = .pruned(time, try PrunedBatch(decoding: rest))
            case .amnesia:
                var reader = ByteReader(bytes)
                let key: PublicKey = try reader.read()
                try reader.finish()
                self = .amnesia(key)
            case .batch, .operation: throw DecodingFailure(.outOfRange, at: 0)
            }
        } catch { throw .malformed(error) }
    }

    private static func body(_ kind: Kind, _ bytes: [UInt8]) throws(BodyFailure) -> Self {
        var reader = ByteReader(bytes)
        let time: Instant
        let rest: ArraySlice<UInt8>
        do throws(DecodingFailure) {
            time = try reader.readInstant()
            rest = try reader.readSlice(count: reader.remaining)
        } catch { throw .malformed(error) }
        return .body(time, try Body(kind, decoding: rest))
    }
}
