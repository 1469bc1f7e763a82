// The door of Records.
