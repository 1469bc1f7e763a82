// Seeds for property tests: fixed ones, so that a failure says which seed to replay.

/// The seeds every property test runs; print the seed in the failure message.
public let propertySeeds: [UInt64] = Array(1...32)
