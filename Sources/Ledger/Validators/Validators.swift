// The validators' chapter: the committee changes its own seats by vote, from epoch to epoch.
import Cryptography
import Primitives
import Records

/// The slice of state this chapter reads and writes.
protocol ValidatorsState {
    var chain: Digest { get }
    var committee: EpochCommittee { get }
    var adopted: AdoptedChanges? { get }
    func ballot(_ key: PublicKey) -> Ballot?
    func fault(_ key: PublicKey) -> Fault?
    mutating func set(_ committee: EpochCommittee)
    mutating func set(_ changes: AdoptedChanges)
    mutating func set(_ ballot: Ballot)
}

extension LedgerState: ValidatorsState {}

/// Why a validator's command is refused. Within one command the checks are made in this order.
///
/// Seats are looked up in the committee as it would be with the changes adopted so far.
public enum ValidatorsFailure: Error, Hashable, Sendable {
    /// The signing key has no seat, or `owner` is not the identifier that the key gives.
    case notValidator
    /// The address is empty, too long or holds a control character.
    case invalidAddress
    /// The key that should go has no seat.
    case seatUnknown
    /// The key that should come in has a seat.
    case seatTaken
    /// Something was proven against the key that should come in.
    case keyFaulty
    /// `EpochCommittee.mostChanges` are adopted already.
    case tooManyChanges
    /// There would be more than `Limits.validatorsPerCommittee`.
    case tooManySeats
    /// There would be none.
    case lastSeat
    /// The proof is not the new key's signature; for a removal, not zero.
    case invalidProof
}

extension ValidatorsState {
    /// Carries out `command`, signed by `key`, which needs no registered owner.
    mutating func apply(
        _ command: ValidatorCommand, owner: OwnerID, key: PublicKey, proofs: ProofState
    ) throws(ValidatorsFailure) -> Effect {
        guard committee.has(key), owner == OwnerID(firstKey: key) else { throw .notValidator }
        switch command {
        case .vote(let change, let proof):
            try check(change)
            guard proofs == .judged || isProven(change, by: proof) else { throw .invalidProof }
            return vote(change, by: key)
        case .setAddress(let address): return try setAddress(address, of: key)
        }
    }

    /// The changes adopted in this epoch, in order.
    private var changes: [SeatChange] {
        adopted.flatMap { $0.epoch == committee.epoch ? $0.changes : nil } ?? []
    }

    /// The members with the changes adopted so far.
    private var changedMembers: [CommitteeMember] {
        changes.reduce(into: committee.members) { members, change in change.apply(to: &members) }
    }

    private mutating func vote(_ change: SeatChange, by voter: PublicKey) -> Effect {
        let epoch = committee.epoch
        set(Ballot(voter: voter, epoch: epoch, change: change, isSpent: false))
        let voters = committee.members.map(\.key).filter { key in
            ballot(key) == Ballot(voter: key, epoch: epoch, change: change, isSpent: false)
        }
        guard let quorum = committee.committee?.quorum, voters.count >= quorum else {
            return .seatVoted(change, by: voter)
        }
        for key in voters {
            set(Ballot(voter: key, epoch: epoch, change: change, isSpent: true))
        }
        set(AdoptedChanges(epoch: epoch, changes: changes + [change]))
        return .seatChangeAdopted(change)
    }

    private func check(_ change: SeatChange) throws(ValidatorsFailure) {
        let members = changedMembers
        func isSeated(_ key: PublicKey) -> Bool { members.contains { $0.key == key } }
        if let address = change.address, !isValidName(address) { throw .invalidAddress }
        if let leaver = change.leaver, !isSeated(leaver) { throw .seatUnknown }
        if let newcomer = change.newcomer {
            if isSeated(newcomer) { throw .seatTaken }
            if fault(newcomer) != nil { throw .keyFaulty }
        }
        guard changes.count < committee.mostChanges else { throw .tooManyChanges }
        switch change {
        case .add:
            guard members.count < Limits.validatorsPerCommittee else { throw .tooManySeats }
        case .remove:
            guard members.count > 1 else { throw .lastSeat }
        case .replace: break
        }
    }

    private func isProven(_ change: SeatChange, by proof: Signature) -> Bool {
        guard let newcomer = change.newcomer else { return proof == Signature() }
        let message = KeyProof.message(
            for: .validator, chain: chain, owner: OwnerID(firstKey: newcomer))
        return Ed25519.isValid(proof, of: message, by: newcomer)
    }

    private mutating func setAddress(
        _ address: String, of key: PublicKey
    ) throws(ValidatorsFailure) -> Effect {
        guard isValidName(address) else { throw .invalidAddress }
        var committee = committee
        for seat in committee.members.indices where committee.members[seat].key == key {
            committee.members[seat].address = address
        }
        set(committee)
        return .addressChanged(key)
    }

    /// Who would have the seats if the next epoch began now: the adopted changes are made, then
    /// members with a proven fault are left out, the first proven first, while at least
    /// `leastWithoutFaulty` stay.
    var nextMembers: [CommitteeMember] {
        let members = changedMembers
        let faulty = members.indices.compactMap { seat in
            fault(members[seat].key).map { (time: $0.time, seat: seat) }
        }
        let order = faulty.sorted { ($0.time, $0.seat) < ($1.time, $1.seat) }
        let room = max(0, members.count - EpochCommittee.leastWithoutFaulty)
        let left = order.prefix(room).map(\.seat)
        return members.indices.filter { !left.contains($0) }.map { members[$0] }
    }
}

extension EpochCommittee {
    /// Seats that stay although something was proven against one of them: three tolerate no
    /// stopped seat, and a fourth that was faulty may still answer.
    public static let leastWithoutFaulty = 4
}

// What the replica does at its own places in the order.
extension LedgerState {
    /// Who would have the seats if the next epoch began now.
    public var nextCommittee: [CommitteeMember] { nextMembers }

    /// Begins an epoch. Ballots and adopted changes of the one before count no more.
    ///
    /// - Parameters:
    ///   - number: one more than the present epoch.
    ///   - members: by seat; `nextCommittee` at the place in the order where it was decided.
    public mutating func beginEpoch(
        _ number: UInt64, at time: Instant, members: [CommitteeMember]
    ) {
        let next = EpochCommittee(epoch: number, start: time, members: members)
        precondition(number > committee.epoch, "epochs go up")
        precondition(next.committee != nil, "a committee has members, each once")
        set(next)
    }

    /// Notes a proven fault of a validator.
    ///
    /// - Returns: false, and nothing has changed, where the key has no seat in this epoch or has a
    ///   fault already.
    public mutating func punish(
        _ key: PublicKey, for kind: FaultKind, reporter: PublicKey, at time: Instant
    ) -> Bool {
        guard committee.has(key), fault(key) == nil else { return false }
        set(
            Fault(
                key: key, kind: kind, epoch: committee.epoch, time: time, reporter: reporter))
        return true
    }
}
