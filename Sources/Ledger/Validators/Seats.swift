// The entries of the validators' chapter: the committee, votes on its seats, and proven faults.
import Primitives
import Records

/// A validator with a seat.
public struct CommitteeMember: Hashable, Sendable {
    public var key: PublicKey
    /// Where it can be reached; empty where the genesis named it and it has not said.
    public var address: String

    public init(key: PublicKey, address: String) {
        self.key = key
        self.address = address
    }
}

/// Who has the seats in one epoch; all seats are equal.
public struct EpochCommittee: Hashable, Sendable {
    public var epoch: UInt64
    /// Of the epoch.
    public var start: Instant
    /// By seat: 1...`Limits.validatorsPerCommittee`, all keys different. None where the genesis is
    /// not known.
    public var members: [CommitteeMember]

    init(epoch: UInt64, start: Instant, members: [CommitteeMember]) {
        self.epoch = epoch
        self.start = start
        self.members = members
    }

    /// The keys by seat; nil where there are no members.
    public var committee: Committee? { Committee(members.map(\.key)) }

    /// f: the most seats that may be faulty.
    public var faults: Int { max(0, members.count - 1) / 3 }

    /// Changes of seats from one epoch to the next, at most.
    ///
    /// With f changes every quorum of the next committee still holds f + 1 members of this one, so
    /// an honest one, whoever is new (docs/spec/ledger.md §7). Small committees have f = 0 and must
    /// grow: one at a time.
    public var mostChanges: Int { max(1, faults) }

    func has(_ key: PublicKey) -> Bool { members.contains { $0.key == key } }
}

/// What validators vote on.
public enum SeatChange: Hashable, Sendable {
    /// A new member takes the last seat.
    case add(PublicKey, address: String)
    case remove(PublicKey)
    /// A new member, or the old one under a new key, takes the seat.
    case replace(PublicKey, by: PublicKey, address: String)

    /// The key that comes in.
    public var newcomer: PublicKey? {
        switch self {
        case .add(let key, _), .replace(_, let key, _): key
        case .remove: nil
        }
    }

    /// The key that goes.
    public var leaver: PublicKey? {
        switch self {
        case .remove(let key), .replace(let key, _, _): key
        case .add: nil
        }
    }

    /// Where the newcomer can be reached.
    public var address: String? {
        switch self {
        case .add(_, let address), .replace(_, _, let address): address
        case .remove: nil
        }
    }

    /// Makes the change; one that does not fit is left out.
    func apply(to members: inout [CommitteeMember]) {
        let seat = leaver.flatMap { key in members.firstIndex { $0.key == key } }
        switch self {
        case .add(let key, let address):
            members.append(CommitteeMember(key: key, address: address))
        case .remove:
            if let seat { members.remove(at: seat) }
        case .replace(_, let key, let address):
            if let seat { members[seat] = CommitteeMember(key: key, address: address) }
        }
    }
}

/// What a quorum of one epoch's committee wants in the next.
public struct AdoptedChanges: Hashable, Sendable {
    /// The epoch in which they were adopted; in a later one they count no more.
    public var epoch: UInt64
    /// In order of adoption.
    public var changes: [SeatChange]
}

/// The one open vote of a validator.
public struct Ballot: Hashable, Sendable {
    public var voter: PublicKey
    /// In which it was given; in a later one it counts no more.
    public var epoch: UInt64
    public var change: SeatChange
    /// True once the change was adopted.
    public var isSpent: Bool
}

/// What was proven against a validator.
public enum FaultKind: UInt8, CaseIterable, Sendable {
    /// Two blocks of one round.
    case twinBlocks = 1
    /// Two lock votes for one place of a chain.
    case twinVotes
    /// Signatures of two checkpoints of one height.
    case twinCheckpoints
    /// A share of the coin that does not verify.
    case wrongShare
    /// A dealing of the key generation with a bad share.
    case badDealing
    /// A vote or confirm after its own end of the epoch.
    case lateVote
    /// A promise for an update that no honest validator would make.
    case falseVote
}

/// A validator's first proven fault.
public struct Fault: Hashable, Sendable {
    public var key: PublicKey
    public var kind: FaultKind
    /// Epoch and time at which the evidence was ordered.
    public var epoch: UInt64
    public var time: Instant
    /// Key of the validator that brought it; zero where nobody is named.
    public var reporter: PublicKey
}
