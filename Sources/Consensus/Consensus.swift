// The door of Consensus: what it orders, how it agrees, and where each part stands.

// Seats of one committee build a graph of signed blocks in rounds. A block names at least a quorum
// of blocks of the round before; by naming them it votes for them. Nobody sends votes of another
// sort: every seat reads the same verdicts out of the same graph (Mysticeti, NDSS 2025, and
// Mahi-Mahi, ICDCS 2025; specification: docs/spec/consensus.md).
//
// `Block`       what a seat signs; `CheckedBlock` is one that keeps every rule it can be held to
//               alone.
// `BlockStore`  the graph as one seat sees it: accepted and waiting blocks, twins.
// `Committer`   reads slots, verdicts and commits out of a graph. It has no clock and no chance.
// `Validator`   one seat as a machine: inputs in, actions out.
//
// What is ordered is opaque here: a payload is a list of byte strings.
