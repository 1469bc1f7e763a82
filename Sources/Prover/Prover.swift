// The door of Prover: what makes the proofs that Ligerito and ExecutionProof check.
//
// `Workers/`    one loop over several threads.
// `Commitment/` codewords, trees, and the opening of a committed vector.
//
// Nothing here is trusted: a wrong prover makes proofs that are refused.
