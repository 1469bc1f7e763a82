// The world with validators: a committee, a vote, an adopted change, a fault, opaque entries.
import Cryptography
import Primitives

@testable import Ledger

extension TestKey {
    /// The key of the validator that has the seat `number` at first.
    static func validator(_ number: Int) -> SigningKey { key(UInt8(100 + number)) }
    static let newcomer = key(99)
}

extension World {
    static func seat(_ number: Int) -> PublicKey { TestKey.validator(number).publicKey }

    /// `count` seats in the epoch 0, as a genesis gives them.
    static func committee(_ count: Int) -> EpochCommittee {
        EpochCommittee(
            epoch: 0, start: time,
            members: (0..<count).map { CommitteeMember(key: seat($0), address: "") })
    }

    /// The entries of `seated()`, without the opaque ones.
    static let seatedKeys: [StateKey] =
        keys + [.committee, .adopted, .ballot(seat(0)), .fault(seat(3))]
    static let opaqueKeys: [StateKey] = [
        .consensus(0), .consensus(255), .unlock(Digest(repeating: 1)),
    ]

    /// The world in its epoch 1, with no changes left to take.
    static func seated() throws -> LedgerState {
        var state = try state()
        var members = committee(4).members
        members[1].address = "host:1"
        state.beginEpoch(1, at: time, members: members)
        let replace = SeatChange.replace(seat(1), by: seat(5), address: "b:2")
        state.set(
            AdoptedChanges(
                epoch: 1, changes: [.add(seat(6), address: "a:1"), .remove(seat(2)), replace]))
        state.set(Ballot(voter: seat(0), epoch: 1, change: replace, isSpent: true))
        _ = state.punish(seat(3), for: .wrongShare, reporter: seat(0), at: time)
        _ = state.takeChanges()
        return state
    }

    /// A chain with `count` validators and nothing else.
    static func validators(_ count: Int) -> LedgerState {
        LedgerState(chain: chain, first: committee(count))
    }
}

extension Request {
    /// A command of the validator that has the seat `number` at first.
    init(_ command: ValidatorCommand, by number: Int, _ state: LedgerState) {
        self.init(.validator(command), state: state)
        key = TestKey.validator(number)
        owner = OwnerID(firstKey: key.publicKey)
    }

    /// A proof that the holder of `key` wants a seat.
    static func seatProof(_ key: SigningKey) -> Signature {
        proof(key, owner: OwnerID(firstKey: key.publicKey), for: .validator)
    }

    /// A vote with the proof that it needs, of the newcomer's key or of a validator's to be.
    init(_ change: SeatChange, by number: Int, _ state: LedgerState) {
        let keys = [TestKey.newcomer] + (0..<140).map { TestKey.validator($0) }
        let newcomer = change.newcomer.flatMap { key in keys.first { $0.publicKey == key } }
        let proof = newcomer.map(Self.seatProof) ?? Signature()
        self.init(.vote(change, proof: proof), by: number, state)
    }
}
