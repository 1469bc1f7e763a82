// The settings of a chain that decide what is committed: every seat of an epoch has the same.

/// Part of the genesis: two seats that differ in one of these diverge.
public struct CommitSettings: Hashable, Sendable {
    /// Known leaders of a round, 1...n; more than n count as n.
    public var leadersPerRound: Int
    /// D: rounds past the last commit that have known leaders; the coin elects those of later
    /// rounds. Nil for known leaders always, 0 for the coin always.
    public var knownRounds: UInt64?
    /// G: rounds below the last commit that are kept, and from which a commit takes blocks; 4 or
    /// more.
    public var depth: UInt64

    public init(leadersPerRound: Int, knownRounds: UInt64?, depth: UInt64) {
        precondition(leadersPerRound >= 1, "a round has a leader")
        precondition(depth >= 4, "a wave fits the depth")
        self.leadersPerRound = leadersPerRound
        self.knownRounds = knownRounds
        self.depth = depth
    }

    /// What is shipped: two known leaders, no coin, 64 rounds.
    public static let standard = CommitSettings(leadersPerRound: 2, knownRounds: nil, depth: 64)
}
