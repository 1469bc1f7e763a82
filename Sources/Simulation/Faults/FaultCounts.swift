// What was done to a run, by kind.

/// Everything the simulator can do to a run; the text is its name in reports.
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
    // The network
    case delayed = "messages delayed long"
    case dropped = "messages dropped"
    case duplicated = "messages duplicated"
    case reordered = "messages reordered"
    case partitioned = "messages into a partition"
    case partitions = "partitions"
    case oneWay = "links cut one way"
    case flaps = "links that flap"
    // Disks
    case diskErrors = "disk errors"
    case diskFull = "disks full"
    case slowSync = "slow syncs"
    case bitRot = "bits rotted"
    case misdirected = "misdirected writes"
    case tornWrites = "power lost while writing"
    // Processes
    case crashes = "crashes"
    case restarts = "restarts"
    case pauses = "pauses"
    case wipedDisks = "disks lost"
    case olderDisks = "disks restored from a backup"
    // Clocks
    case clocks = "clocks set"
    // Faulty seats
    case twins = "seats run twice"
    case withheld = "messages withheld"
    case spoiled = "messages spoiled"
    case forged = "messages forged with a seat's key"
    case repeated = "old messages repeated"
    // Clients
    case retries = "submissions retried elsewhere"
    case doubleSigned = "conflicting submissions"
    // The committee
    case seatChanges = "seat changes asked for"
}

/// How often each kind happened.
public struct FaultCounts: Hashable, Sendable {
    private var counts = [UInt64](repeating: 0, count: FaultKind.allCases.count)

    public init() {}

    private static let places: [FaultKind: Int] = Dictionary(
        uniqueKeysWithValues: FaultKind.allCases.enumerated().map { ($1, $0) })

    public subscript(kind: FaultKind) -> UInt64 {
        get { counts[Self.places[kind] ?? 0] }
        set { counts[Self.places[kind] ?? 0] = newValue }
    }

    public static func += (left: inout FaultCounts, right: FaultCounts) {
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
    }

    /// Kinds that happened at least once, in the order of `FaultKind`.
    public var happened: [(kind: FaultKind, count: UInt64)] {
        FaultKind.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }
    }
}
