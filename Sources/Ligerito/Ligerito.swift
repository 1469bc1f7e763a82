// The door of Ligerito: polynomial commitments over GF(2^128), and what checks their openings.
//
// `Parameters/`  sizes, rates, queries, and the soundness that follows, in integers.
// `Transcript/`  messages in, challenges out; reading a proof; why one is refused.
// `Commitment/`  the tree over the rows of a codeword.
// `Verifier/`    the opening of <P, B> = sigma, and of a single evaluation.
//
// After "Ligerito: A Small and Concretely Fast Polynomial Commitment Scheme" (Novakovic and
// Angeris, eprint 2025/1187), with these differences: elements of level 0 are in GF(2^128) too; the
// generator's rows use normalised subspace polynomials, so there is no scaling; the consistency
// claims of each level join the one running sumcheck; queries are counted for unique decoding and
// for the union of all levels. Normative: `docs/spec/proof-protocol.md`.
