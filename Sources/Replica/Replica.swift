// The door of Replica.
