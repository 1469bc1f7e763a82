// The arithmetic of a wave: which rounds vote on a slot, which decide it, which may anchor it.

/// The rounds that follow a slot of round r until it is decided. `length` is w.
struct Wave: Hashable, Sendable {
    /// Rounds of one wave, the slot's own included: 3 or more.
    let length: UInt64
    let support: SupportRule
    /// Rounds from a slot to the first that may anchor it: past its decision round.
    let anchorDistance: UInt64

    init(length: UInt64, support: SupportRule, anchorDistance: UInt64) {
        precondition(length >= 3, "a wave proposes, votes and decides")
        self.length = length
        self.support = support
        self.anchorDistance = anchorDistance
    }

    /// Known leaders: three message delays.
    static let known = Wave(length: 3, support: .parent, anchorDistance: 3)
    /// Leaders that a coin elects after the votes are cast.
    static let coin = Wave(length: 5, support: .history, anchorDistance: 5)

    /// v = r + w - 2.
    func votingRound(of round: Round) -> Round { round + (length - 2) }
    /// d = r + w - 1.
    func decisionRound(of round: Round) -> Round { round + (length - 1) }
    func firstAnchorRound(of round: Round) -> Round { round + anchorDistance }
}
