// Proven faults: noted once, and left out of the next committee while enough seats stay.
import Primitives
import Testing

@testable import Ledger

@Suite struct FaultTests {
    private func punish(
        _ seats: [Int], at offset: UInt64 = 0, in state: inout LedgerState
    ) -> [Bool] {
        seats.map { seat in
            state.punish(
                World.seat(seat), for: .twinBlocks, reporter: World.seat(0),
                at: World.time.advanced(byNanoseconds: offset))
        }
    }

    @Test func aFaultIsNotedOnce() {
        var state = World.validators(7)
        #expect(punish([3], in: &state) == [true])
        let changes = state.takeChanges()
        #expect(changes.map(\.key) == [.fault(World.seat(3))])
        #expect(punish([3], at: 5, in: &state) == [false])
        #expect(punish([9], in: &state) == [false])
        #expect(state.takeChanges().isEmpty)
        let fault = Fault(
            key: World.seat(3), kind: .twinBlocks, epoch: 0, time: World.time,
            reporter: World.seat(0))
        #expect(state.fault(World.seat(3)) == fault)
    }

    @Test func theFaultyAreLeftOut() {
        var state = World.validators(7)
        _ = punish([5, 2], in: &state)
        #expect(state.nextCommittee.map(\.key) == [0, 1, 3, 4, 6].map(World.seat))
        #expect(state.committee.members.count == 7)
        state.beginEpoch(1, at: World.time, members: state.nextCommittee)
        #expect(state.nextCommittee == state.committee.members)
        #expect(punish([5], in: &state) == [false])
    }

    /// The first proven go first, by seat where the time is the same; four stay.
    @Test func fourSeatsStay() {
        var state = World.validators(6)
        _ = punish([5, 4], at: 1, in: &state)
        _ = punish([1], in: &state)
        #expect(state.nextCommittee.map(\.key) == [0, 2, 3, 5].map(World.seat))
        for count in 1...4 {
            var small = World.validators(count)
            _ = punish([0], in: &small)
            #expect(small.nextCommittee == small.committee.members, "\(count) seats")
        }
    }

    @Test func everyKindHasItsNumber() throws {
        #expect(FaultKind.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7])
        for kind in FaultKind.allCases {
            var state = World.validators(1)
            _ = state.punish(World.seat(0), for: kind, reporter: PublicKey(), at: World.time)
            let bytes = try #require(state.encodedEntry(.fault(World.seat(0))))
            #expect(bytes[32] == kind.rawValue && bytes.count == 81)
        }
    }
}
