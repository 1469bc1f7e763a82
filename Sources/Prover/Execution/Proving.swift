// What a prover tells while it works, and why it makes no proof.
import ExecutionProof

/// Where the making of a proof is: each stage is told once, when it begins, in this order.
public enum ProvingStage: String, CaseIterable, Hashable, Sendable {
    /// The rows of all tables.
    case tables
    /// Code words and their hashes.
    case commitment
    /// The products over all channels.
    case channels
    /// The zero test of all constraints.
    case constraints
    /// All claims become one about the committed elements.
    case merging
    /// The opening of the commitment.
    case opening
}

/// Why there is no proof of a run.
public enum ProvingFailure: Error, Hashable, Sendable {
    /// Statement and disclosure cannot be true together; a traced run has none of these but rows
    /// over the limits of its tables.
    case claim(ClaimFailure)
    /// More rows than can be committed.
    case tooManyRows
    /// It would take more memory than the prover may, in bytes; nothing was taken yet.
    case memory(needed: UInt64, limit: UInt64)
}
