// The receipt of an operation: that it was carried out, or refused at its place, under a certified
// checkpoint (docs/spec/receipt.md §5).
import Cryptography
import JSON
import Primitives

/// What became of an operation at its place in the order.
public enum OperationOutcome: String, CaseIterable, Sendable {
    /// It was carried out.
    case done
    /// It changed nothing but its key's sequence.
    case refused
}

/// One operation's way to the validators' signatures.
public struct OperationReceipt: CertifiedReceipt {
    /// An operation with its command as bytes; what these mean is the ledger's matter
    /// (docs/spec/ledger.md §2).
    public struct OperationPart: Hashable, Sendable {
        /// Bytes of an encoded operation without its command: version, chain, key, sequence,
        /// owner and signature.
        public static let frameBytes = 2 + 32 + 32 + 8 + 32 + 64
        /// Bytes of a command, at most.
        public static let commandBytes = (256 << 10) - frameBytes

        public var key: PublicKey
        public var sequence: UInt64
        public var owner: OwnerID
        /// At least one, at most `commandBytes`.
        public var command: [UInt8]
        public var signature: Signature

        /// The encoding of the operation on the chain of that digest, without the signature.
        func unsigned(chain: Digest) -> [UInt8] {
            var writer = ByteWriter(capacity: command.count + Self.frameBytes)
            writer.write(UInt16(1))
            writer.write(chain)
            writer.write(key)
            writer.write(sequence)
            writer.write(owner)
            writer.append(command)
            return writer.bytes
        }

        /// Splits an encoded operation; nil where it is no such thing.
        public init?(encoded bytes: [UInt8]) {
            var reader = ByteReader(bytes)
            do throws(DecodingFailure) {
                _ = try reader.read(count: 2 + 32)
                key = try reader.read()
                sequence = try reader.read()
                owner = try reader.read()
                let count = reader.remaining - Signature.width
                guard (1...Self.commandBytes).contains(count) else { return nil }
                command = try reader.read(count: count)
                signature = try reader.read()
            } catch {
                return nil
            }
        }

        init(
            key: PublicKey, place: (sequence: UInt64, owner: OwnerID), command: [UInt8],
            signature: Signature
        ) {
            self.key = key
            (sequence, owner) = place
            self.command = command
            self.signature = signature
        }
    }

    public static let parts: [ReceiptPart] = [
        .format, .genesis, .operation, .operationSignature, .checkpointInclusion, .committee,
        .certificate,
    ]
    /// Bytes of a receipt's text, at most.
    public static let textBytes = 1_048_576

    public var chain: Digest
    public var genesis: Genesis
    public var operation: OperationPart
    /// What the file says the operation's digest is.
    public var digest: Digest
    public var outcome: OperationOutcome
    public var steps: [EpochStep] = []
    public var checkpoint: CheckpointPart

    public init(
        genesis: Genesis, operation: OperationPart, outcome: OperationOutcome,
        checkpoint: CheckpointPart
    ) {
        chain = genesis.digest
        self.genesis = genesis
        self.operation = operation
        digest = Domains.operation.hash(operation.unsigned(chain: chain))
        self.outcome = outcome
        self.checkpoint = checkpoint
    }

    /// The whole operation as the ledger encodes it, the signature last.
    public var encodedOperation: [UInt8] {
        operation.unsigned(chain: chain) + operation.signature.bytes
    }

    public var item: CheckpointItem? {
        outcome == .done ? .operation(digest) : .refused(digest)
    }

    /// Checks a receipt by the rules of docs/spec/receipt.md §5.
    ///
    /// - Parameter trusted: the digest of the genesis the caller trusts; nil accepts any chain.
    public func verify(trusted: Digest? = nil) throws(ReceiptRefusal) {
        try verifyChain(trusted: trusted)
    }

    public func verifyContents() throws(ReceiptRefusal) {
        guard Domains.operation.hash(operation.unsigned(chain: chain)) == digest else {
            throw ReceiptRefusal(.operation, "the operation's fields do not hash to its digest")
        }
        let message = SignatureTag.operation + digest.bytes
        guard Ed25519.isValid(operation.signature, of: message, by: operation.key) else {
            throw ReceiptRefusal(.operationSignature, "the signature of its key is not valid")
        }
    }
}
