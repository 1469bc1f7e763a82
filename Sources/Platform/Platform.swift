// The door of Platform.
