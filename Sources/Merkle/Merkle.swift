// The door of Merkle.
