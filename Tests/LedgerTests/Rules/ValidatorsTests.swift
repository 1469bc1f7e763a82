// The validators' chapter: votes, their refusals in order, adoption, and the next committee.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct ValidatorsTests {
    private let newcomer = TestKey.newcomer.publicKey
    private var add: SeatChange { .add(newcomer, address: "new:1") }

    private func rung(
        _ expected: ValidatorsFailure, _ spoil: @escaping (inout Request) -> Void
    ) -> Rung<Request> {
        Rung(.validators(expected), spoil)
    }

    /// The last rungs of every command of a validator.
    private func stranger() -> [Rung<Request>] {
        [
            rung(.notValidator) { $0.owner = World.ada },
            rung(.notValidator) { $0.key = TestKey.stranger },
        ] + .beforeChapters(expecting: 1)
    }

    private func proven(_ change: SeatChange) -> Command {
        .validator(.vote(change, proof: Request.seatProof(TestKey.newcomer)))
    }

    /// Votes for `change` by the seats, each vote carried out.
    private func vote(
        _ change: SeatChange, _ seats: Range<Int>, in state: inout LedgerState
    ) -> [Result<Effect, LedgerFailure>] {
        seats.map { seat in
            var request = Request(change, by: seat, state)
            let found = outcome(&request)
            state = request.state
            return found
        }
    }

    /// Entries as `changes` leaves them, put into `request`.
    private func adopt(_ changes: [SeatChange], _ request: inout Request) {
        request.state.set(AdoptedChanges(epoch: 0, changes: changes))
        _ = request.state.takeChanges()
    }

    @Test func additionsRefusedInTheirOrder() {
        let state = World.validators(4)
        let request = Request(add, by: 0, state)
        let new = newcomer
        climb(
            request, to: .seatVoted(add, by: World.seat(0)),
            [
                rung(.invalidProof) {
                    $0.command = .validator(.vote(add, proof: Request.proof(TestKey.newcomer)))
                },
                rung(.tooManyChanges) { adopt([.remove(World.seat(3))], &$0) },
                rung(.keyFaulty) {
                    $0.state.set(
                        Fault(
                            key: new, kind: .twinBlocks, epoch: 0, time: World.time,
                            reporter: PublicKey()))
                    _ = $0.state.takeChanges()
                },
                rung(.seatTaken) { adopt([.add(new, address: "x")], &$0) },
                rung(.invalidAddress) { $0.command = proven(.add(new, address: "")) },
            ] + stranger())
    }

    @Test func removalsRefusedInTheirOrder() {
        let request = Request(.remove(World.seat(2)), by: 1, World.validators(7))
        climb(
            request, to: .seatVoted(.remove(World.seat(2)), by: World.seat(1)),
            [
                rung(.invalidProof) {
                    $0.command = proven(.remove(World.seat(2)))
                },
                rung(.tooManyChanges) {
                    adopt([.remove(World.seat(3)), .remove(World.seat(4))], &$0)
                },
                rung(.seatUnknown) {
                    adopt([.remove(World.seat(2)), .remove(World.seat(4))], &$0)
                },
            ] + stranger())
        let alone = Request(.remove(World.seat(0)), by: 0, World.validators(1))
        var tried = alone
        #expect(outcome(&tried) == .failure(.validators(.lastSeat)))
    }

    @Test func replacementsRefusedInTheirOrder() {
        let change = SeatChange.replace(World.seat(2), by: newcomer, address: "new:1")
        let new = newcomer
        climb(
            Request(change, by: 1, World.validators(4)),
            to: .seatVoted(change, by: World.seat(1)),
            [
                rung(.invalidProof) {
                    $0.command = .validator(.vote(change, proof: Signature()))
                },
                rung(.tooManyChanges) { adopt([.remove(World.seat(3))], &$0) },
                rung(.seatTaken) { adopt([.add(new, address: "x")], &$0) },
                rung(.seatUnknown) { adopt([change], &$0) },
                rung(.invalidAddress) {
                    $0.command = proven(.replace(World.seat(2), by: new, address: "a\n"))
                },
            ] + stranger())
    }

    @Test func seatsAreLimited() {
        var request = Request(add, by: 0, World.validators(128))
        #expect(outcome(&request) == .failure(.validators(.tooManySeats)))
        var fits = Request(add, by: 0, World.validators(127))
        #expect(outcome(&fits) == .success(.seatVoted(add, by: World.seat(0))))
    }

    @Test func addressIsSetAtOnce() throws {
        let command = ValidatorCommand.setAddress("host:7")
        var request = Request(command, by: 2, World.validators(4))
        let spoiled = Command.validator(.setAddress(String(repeating: "a", count: 257)))
        climb(
            request, to: .addressChanged(World.seat(2)),
            [rung(.invalidAddress) { $0.command = spoiled }] + stranger())
        _ = try request.run()
        let members = request.state.committee.members
        #expect(members.map(\.address) == ["", "", "host:7", ""])
        #expect(members.map(\.key) == World.committee(4).members.map(\.key))
        #expect(request.state.takeChanges().map(\.key).first == .committee)
    }

    /// More than two thirds of the seats, at every size.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 10, 31]) func quorumAdopts(count: Int) {
        var state = World.validators(count)
        let quorum = 2 * count / 3 + 1
        let votes = vote(add, 0..<quorum, in: &state)
        for seat in 0..<quorum - 1 {
            #expect(votes[seat] == .success(.seatVoted(add, by: World.seat(seat))))
        }
        #expect(votes[quorum - 1] == .success(.seatChangeAdopted(add)))
        #expect(state.adopted == AdoptedChanges(epoch: 0, changes: [add]))
        let members = World.committee(count).members
        #expect(state.committee.members == members)
        #expect(state.nextCommittee == members + [CommitteeMember(key: newcomer, address: "new:1")])
        let late = vote(add, 0..<1, in: &state)
        #expect(late == [.failure(.validators(.seatTaken))])
    }

    @Test func onlyOneOpenVoteEach() {
        var state = World.validators(4)
        let other = SeatChange.add(newcomer, address: "other:1")
        _ = vote(add, 0..<2, in: &state)
        _ = vote(other, 0..<1, in: &state)
        #expect(vote(add, 2..<3, in: &state) == [.success(.seatVoted(add, by: World.seat(2)))])
        #expect(vote(add, 1..<2, in: &state) == [.success(.seatVoted(add, by: World.seat(1)))])
        #expect(vote(add, 0..<1, in: &state) == [.success(.seatChangeAdopted(add))])
    }

    /// A ballot that helped once does not help again after the change was undone.
    @Test func spentBallotsDoNotCount() {
        var state = World.validators(10)
        #expect(vote(add, 0..<7, in: &state).last == .success(.seatChangeAdopted(add)))
        let undo = SeatChange.remove(newcomer)
        #expect(vote(undo, 3..<10, in: &state).last == .success(.seatChangeAdopted(undo)))
        let again = vote(add, 3..<9, in: &state)
        #expect(again.allSatisfy { (try? $0.get()) != .seatChangeAdopted(add) })
        #expect(vote(add, 0..<1, in: &state) == [.success(.seatChangeAdopted(add))])
        #expect(vote(undo, 0..<1, in: &state) == [.failure(.validators(.tooManyChanges))])
    }

    @Test func votesAndAdoptionsEndWithTheEpoch() {
        var state = World.validators(4)
        _ = vote(add, 0..<2, in: &state)
        state.beginEpoch(1, at: World.time, members: state.nextCommittee)
        #expect(vote(add, 2..<3, in: &state) == [.success(.seatVoted(add, by: World.seat(2)))])
        #expect(vote(add, 0..<2, in: &state).last == .success(.seatChangeAdopted(add)))
        state.beginEpoch(2, at: World.time, members: state.nextCommittee)
        #expect(state.committee.epoch == 2 && state.committee.members.count == 5)
        #expect(state.nextCommittee == state.committee.members)
        let undo = SeatChange.remove(newcomer)
        #expect(vote(undo, 0..<4, in: &state).last == .success(.seatChangeAdopted(undo)))
        #expect(state.adopted == AdoptedChanges(epoch: 2, changes: [undo]))
    }

    @Test func seatsKeepTheirOrder() {
        var state = World.validators(10)
        let changes: [SeatChange] = [
            .replace(World.seat(4), by: newcomer, address: "n"), .remove(World.seat(1)),
            .add(World.seat(1), address: "back"),
        ]
        for change in changes {
            #expect(vote(change, 0..<7, in: &state).last == .success(.seatChangeAdopted(change)))
        }
        let expected = [0, 2, 3].map(World.seat) + [newcomer]
            + [5, 6, 7, 8, 9, 1].map(World.seat)
        #expect(state.nextCommittee.map(\.key) == expected)
    }

    /// While the genesis is in force and nothing changed there is no entry of the committee.
    @Test func theGenesisIsNoEntry() {
        var state = World.validators(4)
        #expect(state.encodedEntry(.committee) == nil)
        _ = vote(add, 0..<3, in: &state)
        #expect(state.encodedEntry(.committee) == nil)
        state.beginEpoch(1, at: World.time, members: state.nextCommittee)
        #expect(state.encodedEntry(.committee) != nil)
        #expect(LedgerState(chain: World.chain).committee.members.isEmpty)
    }

    @Test func ballotsOfOneChange() {
        var state = World.validators(4)
        _ = vote(add, 0..<3, in: &state)
        let keys = state.takeChanges().map(\.key)
        let expected: [StateKey] = (0..<3).flatMap {
            [.ballot(World.seat($0)), .signer(World.seat($0))]
        }
        #expect(keys == expected.dropLast() + [.adopted, .signer(World.seat(2))])
        for seat in 0..<3 { #expect(state.ballot(World.seat(seat))?.isSpent == true) }
    }

    /// At every size and for every mix of as many changes as there may be, the faulty being as many
    /// as may be and x of them
    /// left out: a quorum of the next committee holds an honest member of this one.
    @Test func quorumsKeepAnHonestMember() {
        let members = World.committee(128).members
        for count in 2...128 {
            let committee = EpochCommittee(
                epoch: 0, start: World.time, members: Array(members.prefix(count)))
            let (faults, most) = (committee.faults, committee.mostChanges)
            for added in 0...most {
                for removed in 0...most - added {
                    let replaced = most - added - removed
                    for leftOut in 0...faults {
                        let next = count + added - removed - leftOut
                        guard next >= 1, leftOut == 0 || next >= 4 else { continue }
                        let quorum = next - (next - 1) / 3
                        let honest = quorum - added - replaced - (faults - leftOut)
                        if honest < 1 { Issue.record("\(count): +\(added) -\(removed)") }
                    }
                }
            }
        }
    }
}
