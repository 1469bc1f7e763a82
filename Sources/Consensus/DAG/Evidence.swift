// Proof that a seat signed two blocks in one round.

/// Two different blocks of one author and round; anybody can check it with `CheckedBlock`.
public struct Evidence: Hashable, Sendable {
    public let first: Block
    public let second: Block

    /// The seat that is proven faulty.
    public var author: Seat { first.header.author }

    public init(first: Block, second: Block) {
        self.first = first
        self.second = second
    }
}
