// A slot: the place of one leader in one round, and what is decided about it.

/// A place in the order of leaders. A block of the slot's author and round may be committed there.
public struct Slot: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The leader is known from the schedule.
        case known
        /// The leader is elected by the coin of the round.
        case coin
    }

    public let round: Round
    public let kind: Kind
    /// The leader; nil while the coin is not known.
    public let author: Seat?
}

/// What is decided about a slot.
public enum Verdict: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// By a quorum of its own wave.
        case direct
        /// By the history of the first committed block of a later wave.
        case indirect
    }

    case undecided
    case committed(BlockReference, Reason)
    case skipped(Reason)
}

/// A slot and its verdict.
public struct DecidedSlot: Hashable, Sendable {
    public let slot: Slot
    public let verdict: Verdict
}
