// The door of Compression.
