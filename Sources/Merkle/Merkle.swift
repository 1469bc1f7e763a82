// The door of Merkle: which tree stands where, and what a proof of each one says.

// Three trees, none of which does I/O:
//
// `BatchTree`   BLAKE3, over the record digests of one batch or the items of one checkpoint. Built
//               once, hashed level by level with the SIMD kernel. Proof: `InclusionPath`.
// `TileLog`     SHA-256, the log of checkpoints as RFC 6962 and C2SP tlog-tiles define it, so that
//               witnesses and log tools written by others can follow it. Proofs: `LogProof`.
// `StateTree`   BLAKE3, a compact sparse tree from 256-bit keys to value digests: the ledger's
//               state at one moment. Proofs of presence and of absence: `StateProof`.
//
// `BatchTree` and `TileLog` have the same shape (RFC 9162 §2.1.1), which `PathWalk` knows for both.
// `SignedNote` and `CheckpointNote` are the text in which the head of the log is published.
