// Which keys are worth a table: those under which good signatures keep coming.
import Primitives

/// At most `most` prepared keys. A key is prepared after its third good signature, so that keys
/// that come once cost nothing. It takes the place of the one that was looked for longest ago, if
/// that was long ago: among more keys than there are places, all of which keep coming, preparing
/// one after the other would cost more than it saves.
struct PreparedKeys {
    /// 6.4 MB of tables. A committee has at most 128 seats; submitters compete with them by use.
    static let most = 128
    /// Good signatures before a key is prepared.
    static let sightings = 3
    /// Beyond that many keys on the way there, all are forgotten.
    static let mostCandidates = 1024
    /// Looks for any key after which one that none of them was for gives way.
    static let idleLooks: UInt64 = 2 * UInt64(mostCandidates)

    private struct Place {
        var key: PreparedKey
        /// The value of `looks` when the key was last looked for.
        var lastLook: UInt64
    }

    private var places: [PublicKey: Place] = [:]
    private var candidates: [PublicKey: Int] = [:]
    private var looks: UInt64 = 0

    /// The prepared key, and notes that it was looked for.
    mutating func use(_ key: PublicKey) -> PreparedKey? {
        looks += 1
        guard let index = places.index(forKey: key) else { return nil }
        places.values[index].lastLook = looks
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
        guard makeRoom(), let prepared = PreparedKey(key) else { return }
        places[key] = Place(key: prepared, lastLook: looks)
    }

    private mutating func makeRoom() -> Bool {
        guard places.count >= Self.most else { return true }
        // Which of several leaves changes no result.
        guard let oldest = places.min(by: { $0.value.lastLook < $1.value.lastLook }),
            looks - oldest.value.lastLook >= Self.idleLooks
        else { return false }
        places[oldest.key] = nil
        return true
    }

    var count: Int { places.count }
}
