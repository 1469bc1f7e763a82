// How a validator takes in, one by one, the blocks that it kept before it stopped.

extension Validator {
    /// Takes a block that was persisted before; commits follow as they did then. Nothing is sent or
    /// persisted again.
    public mutating func replay(_ block: CheckedBlock, into actions: inout [Action]) {
        recover(block)
        var made: [Action] = []
        advance(into: &made)
        for action in made {
            switch action {
            case .commit, .halt: actions.append(action)
            default: break
            }
        }
    }

    /// Makes no more blocks, until it is said to be ready again.
    public mutating func fallSilent() { isReady = false }

    /// Makes no more blocks at all: the key promised more than is known here.
    public mutating func giveUpKey() { halted = halted ?? .amnesia }

    /// Whether `block` or a later own one was kept here.
    public var lastOwnRound: Round { lastOwn?.round ?? .genesis }

    /// The last own block; nil before the first.
    public var newestOwn: CheckedBlock? { lastOwnBlock }
}
