// The door of Telemetry.
