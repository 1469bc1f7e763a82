// A signed request to change shared state: who asks, for which owner, in which order
// (docs/spec/ledger.md §2).
import Cryptography
import Primitives
import Records

/// A command with its signature.
public struct SignedOperation: Hashable, Sendable {
    public static let version: UInt16 = 1
    /// Bytes of an encoded operation, at most.
    public static let mostBytes = 256 << 10

    public var chain: Digest
    /// The key that signs.
    public var key: PublicKey
    /// 1 for the key's first operation on this chain, then one more each.
    public var sequence: UInt64
    /// The owner in whose name the command is given.
    public var owner: OwnerID
    public var command: Command
    public var signature: Signature

    /// Signs `command`.
    public init(
        chain: Digest, owner: OwnerID, sequence: UInt64, command: Command, key: SigningKey
    ) {
        self.chain = chain
        self.key = key.publicKey
        self.sequence = sequence
        self.owner = owner
        self.command = command
        signature = Signature()
        signature = key.sign(signedBytes)
    }

    private var unsigned: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.write(Self.version)
        writer.write(chain)
        writer.write(key)
        writer.write(sequence)
        writer.write(owner)
        command.write(to: &writer)
        return writer.bytes
    }

    /// The canonical encoding; the signature comes last.
    public var encoded: [UInt8] { unsigned + signature.bytes }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        guard bytes.count <= Self.mostBytes else { throw DecodingFailure(.overLimit, at: 0) }
        var reader = ByteReader(bytes)
        guard try reader.read(UInt16.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        chain = try reader.read()
        key = try reader.read()
        sequence = try reader.read()
        owner = try reader.read()
        command = try Command(from: &reader)
        signature = try reader.read()
        try reader.finish()
    }

    /// The digest, which does not depend on the signature.
    public var digest: Digest { Domains.operation.hash(unsigned) }

    /// The bytes that are signed: `althing operation v1` ‖ digest.
    public var signedBytes: [UInt8] { SignatureTag.operation + digest.bytes }
}

/// The hash domains of the ledger.
public enum LedgerDomains {
    public static let owner = HashDomain("althing 2026 owner v1")
    public static let agent = HashDomain("althing 2026 agent v1")
    public static let submitter = HashDomain("althing 2026 submitter v1")
    public static let stateKey = Domains.stateKey
    public static let stateValue = Domains.stateValue
}

extension Bytes32 where Kind == OwnerKind {
    /// The owner whose first key is `key`.
    public init(firstKey key: PublicKey) { self.init(LedgerDomains.owner.hash(key.bytes)) }
}

extension Bytes32 where Kind == SubmitterKind {
    /// The submitter that signs with `key`.
    public init(key: PublicKey) { self.init(LedgerDomains.submitter.hash(key.bytes)) }
}

extension Bytes32 where Kind == AgentKind {
    /// The agent of that name under that owner.
    public init(owner: OwnerID, name: String) {
        var writer = ByteWriter()
        writer.write(owner)
        writer.write(name)
        self.init(LedgerDomains.agent.hash(writer.bytes))
    }
}
