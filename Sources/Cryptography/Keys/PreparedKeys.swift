// Which keys are worth a table: those under which good signatures keep coming.
import Primitives

/// At most `most` prepared keys. A key is prepared after its third good signature, so that keys
/// that come once cost nothing, and takes the place of the one that was used longest ago.
struct PreparedKeys {
    /// 6.4 MB of tables. A committee has at most 128 seats; submitters compete with them by use.
    static let most = 128
    /// Good signatures before a key is prepared.
    static let sightings = 3
    /// Beyond that many keys on the way there, all are forgotten.
    static let mostCandidates = 1024

    private struct Place {
        var key: PreparedKey
        /// The value of `uses` when the key was last looked up.
        var lastUse: UInt64
    }

    private var places: [PublicKey: Place] = [:]
    private var candidates: [PublicKey: Int] = [:]
    private var uses: UInt64 = 0

    /// The prepared key, and notes that it was used.
    mutating func use(_ key: PublicKey) -> PreparedKey? {
        guard let index = places.index(forKey: key) else { return nil }
        uses += 1
        places.values[index].lastUse = uses
        return places.values[index].key
    }

    /// A signature by `key`, which is not prepared, was found good.
    mutating func note(_ key: PublicKey) {
        let count = candidates[key, default: 0] + 1
        guard count >= Self.sightings else {
            if count == 1, candidates.count >= Self.mostCandidates { candidates.removeAll() }
            candidates[key] = count
            return
        }
        candidates[key] = nil
        guard let prepared = PreparedKey(key) else { return }
        // No two have the same last use: which one leaves does not depend on the order of keys.
        if places.count >= Self.most,
            let oldest = places.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            places[oldest.key] = nil
        }
        uses += 1
        places[key] = Place(key: prepared, lastUse: uses)
    }

    var count: Int { places.count }
}
