// Entries whose meaning the ledger does not know: what a replica must agree on with the others.
import Primitives

extension StateKey {
    /// Bytes of an opaque value, at most; 0 for entries that the ledger understands.
    var opaqueLimit: Int {
        switch self {
        case .consensus: LedgerState.consensusBytes
        case .unlock: LedgerState.unlockBytes
        default: 0
        }
    }
}

extension LedgerState {
    /// Bytes of one value of the replica's own, at most: a transcript of a key generation is the
    /// largest.
    public static let consensusBytes = 4 << 20
    /// Bytes of one unlocking, at most.
    public static let unlockBytes = 256

    /// The replica's value number `slot`; empty where there is none.
    public func consensus(_ slot: UInt8) -> [UInt8] { opaque(.consensus(slot)) }

    /// Sets the replica's value number `slot`; an empty one removes it.
    ///
    /// - Returns: false, and nothing has changed, where it has more than `consensusBytes`.
    public mutating func setConsensus(_ slot: UInt8, to value: [UInt8]) -> Bool {
        set(.consensus(slot), to: value)
    }

    /// The unlocking at `place`; empty where there is none.
    public func unlock(_ place: Digest) -> [UInt8] { opaque(.unlock(place)) }

    /// Sets the unlocking at `place`; an empty one removes it.
    ///
    /// - Returns: false, and nothing has changed, where it has more than `unlockBytes`.
    public mutating func setUnlock(_ place: Digest, to value: [UInt8]) -> Bool {
        set(.unlock(place), to: value)
    }

    private mutating func set(_ key: StateKey, to value: [UInt8]) -> Bool {
        guard value.count <= key.opaqueLimit else { return false }
        setOpaque(key, to: value)
        return true
    }
}
