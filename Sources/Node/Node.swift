// The door of Node.
