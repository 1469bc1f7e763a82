// What a seat that is not wholly honest does in a run; at most f seats of a run have such a role.

/// Why a seat counts among the f faulty ones.
enum Role: Hashable, Sendable {
    case honest
    /// Two machines hold its key; each is honest towards a part of the others.
    case twins
    /// Its program is honest, what leaves it is not.
    case saboteur(Sabotage)
    /// Its disk is lost or comes back older than it was.
    case forgetful
    /// Its clock is up to an hour off.
    case lost

    var name: String {
        switch self {
        case .honest: "honest"
        case .twins: "twins"
        case .saboteur: "saboteur"
        case .forgetful: "forgetful"
        case .lost: "lost in time"
        }
    }
}

/// What becomes of the messages of a saboteur, in parts of a thousand.
struct Sabotage: Hashable, Sendable {
    var withholds: UInt64 = 0
    /// Seats that get nothing at all, as bits.
    var ignored: UInt64 = 0
    var spoils: UInt64 = 0
    var forges: UInt64 = 0
    var repeats: UInt64 = 0
}
