// The identifiers of the house: each is a fixed byte string with a meaning of its own.

public enum DigestKind {}
public enum PublicKeyKind {}
public enum SignatureKind {}
public enum AgentKind {}
public enum OwnerKind {}
public enum SubmitterKind {}
public enum RunKind {}
public enum TaskKind {}
public enum OperationKind {}

/// A BLAKE3 or SHA-256 digest, 32 bytes.
public typealias Digest = Bytes32<DigestKind>

/// An Ed25519 public key (RFC 8032 §5.1.5), 32 bytes.
public typealias PublicKey = Bytes32<PublicKeyKind>

/// An Ed25519 signature (RFC 8032 §5.1.6), 64 bytes.
public typealias Signature = Bytes64<SignatureKind>

/// An agent: the digest of its owner and name, see `docs/spec/ledger.md`.
public typealias AgentID = Bytes32<AgentKind>

/// An owner of agents: the digest of the first public key it registered with.
public typealias OwnerID = Bytes32<OwnerKind>

/// Whoever signs batches: the digest of the first public key it registered with.
public typealias SubmitterID = Bytes32<SubmitterKind>

/// One run of an agent system, 16 bytes: the W3C trace id where there is one.
public typealias RunID = Bytes16<RunKind>

/// A task somebody paid for, 16 bytes; all zero where there is none.
public typealias TaskID = Bytes16<TaskKind>

/// One operation inside a run, 8 bytes: the W3C span id where there is one.
public typealias OperationID = Bytes8<OperationKind>
