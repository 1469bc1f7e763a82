// Proof that the holder of a chain's key signed two updates for one place, which is what may split
// the votes of honest seats.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records

/// One signed update, without the records of a batch.
public enum SignedClaim: Hashable, Sendable {
    case batch(BatchHeader, Signature)
    case operation(SignedOperation)

    public init(_ body: Body) {
        switch body {
        case .batch(let batch): self = .batch(batch.batch.header, batch.batch.signature)
        case .operation(let operation): self = .operation(operation)
        }
    }

    var encoded: [UInt8] {
        switch self {
        case .batch(let header, let signature): [2] + header.encoded + signature.bytes
        case .operation(let operation): [3] + operation.encoded
        }
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        switch try reader.read(UInt8.self) {
        case 2:
            let header = try BatchHeader(decoding: reader.read(count: BatchHeader.width))
            self = .batch(header, try reader.read())
            try reader.finish()
        case 3: self = .operation(try SignedOperation(decoding: reader.rest()))
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
    }

    /// The update of attempt 0.
    var update: Update {
        switch self {
        case .batch(let header, _):
            Update(
                slot: UpdateSlot(
                    chain: Digest(header.submitter), sequence: header.sequence, attempt: 0),
                previous: header.previous, digest: header.digest, isShared: false)
        case .operation(let operation): Body.operation(operation).update(attempt: 0)
        }
    }

    func isSigned(chain: Digest) -> Bool {
        switch self {
        case .batch(let header, let signature):
            header.chain == chain && header.submitter == SubmitterID(key: header.key)
                && Ed25519.isValid(signature, of: header.signedBytes, by: header.key)
        case .operation(let operation):
            operation.chain == chain
                && Ed25519.isValid(
                    operation.signature, of: operation.signedBytes, by: operation.key)
        }
    }
}

/// Two updates of one place of a chain.
public struct Conflict: Hashable, Sendable {
    public var first: SignedClaim
    public var second: SignedClaim

    public init(_ first: SignedClaim, _ second: SignedClaim) {
        self.first = first
        self.second = second
    }

    /// The first one, of attempt 0: chain and sequence are those of both.
    var update: Update { first.update }

    /// Whether both are signed for the same place and are not the same.
    public func isProven(chain: Digest) -> Bool {
        let (one, other) = (first.update, second.update)
        return one.slot == other.slot && one.isShared == other.isShared
            && one.digest != other.digest && first.isSigned(chain: chain)
            && second.isSigned(chain: chain)
    }

    /// Both, counted.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted(first.encoded)
        writer.writeCounted(second.encoded)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let limit = SignedOperation.mostBytes + 1
        first = try SignedClaim(decoding: reader.readCounted(limit: limit))
        second = try SignedClaim(decoding: reader.readCounted(limit: limit))
        try reader.finish()
    }
}
