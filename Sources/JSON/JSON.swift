// The door of JSON.
