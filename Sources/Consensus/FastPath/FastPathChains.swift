// What others may ask of the locks of a chain.

extension FastPath {
    /// The last update of an unbroken run of locks or certificates above the head of a chain, or
    /// the head; nil where nothing of the chain is kept.
    public func lockedHead(of chain: ChainKey) -> ChainHead? {
        guard let locks = chains[chain] else { return nil }
        var head = locks.head
        while let slot = locks.slots[head.sequence + 1],
            let digest = slot.certified?.digest ?? slot.lock?.update.digest
        {
            head.sequence += 1
            head.digest = digest
        }
        return head
    }

    /// Whether this seat locked the place of `update` for it.
    public func isLocked(_ update: Update) -> Bool {
        chains[update.chain]?.slots[update.sequence]?.lock?.update.digest == update.digest
    }
}
