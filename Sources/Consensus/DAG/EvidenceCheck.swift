// Whether two blocks prove that their author is faulty: a pure function of the two and the
// committee.

extension Evidence {
    /// Why evidence proves nothing.
    public enum Flaw: Error, Hashable, Sendable {
        /// A block that breaks a rule, so is nobody's.
        case block(BlockFault)
        /// Of different authors or rounds.
        case unrelated
        /// One block, shown twice.
        case same
    }

    /// The seat that signed two blocks in one round.
    public func check(in committee: CommitteeView) throws(Flaw) -> Seat {
        let one: CheckedBlock
        let other: CheckedBlock
        do {
            one = try CheckedBlock(first, in: committee)
            other = try CheckedBlock(second, in: committee)
        } catch { throw .block(error) }
        guard one.author == other.author, one.round == other.round else { throw .unrelated }
        guard one.reference != other.reference else { throw .same }
        return one.author
    }
}
