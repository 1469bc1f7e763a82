// The door of Gateway.
