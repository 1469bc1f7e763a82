// The door of Environment.
