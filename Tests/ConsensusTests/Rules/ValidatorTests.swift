// One validator step by step: what it keeps before it speaks, when it waits, what it asks for.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct ValidatorTests {
    static let committee = TestCommittee(4)
    static let start = Instant(nanoseconds: Nanoseconds.perSecond)
    static let fresh = Recovery(genesisTime: Instant(nanoseconds: 0), startsReady: true)

    static func validator(
        _ seat: Int? = 0, recovery: Recovery = fresh,
        change: (inout ValidatorSettings) -> Void = { _ in }
    ) -> Validator {
        var settings = ValidatorSettings(commits: .standard)
        change(&settings)
        return Ambient.validator(
            committee.view, seat.map { committee.keys[$0] }, settings, recovery)
    }

    static func at(_ milliseconds: UInt64) -> Instant {
        start.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
    }

    static func from(_ block: CheckedBlock) -> Validator.Input {
        .block(block, from: .seat(block.author))
    }

    @Test func itSpeaksAfterWhatItKeeps() throws {
        var validator = Self.validator()
        var actions: [Validator.Action] = []
        validator.step(.payload([[1]]), at: Self.at(0), into: &actions)
        let block = try #require(actions.persisted.first)
        #expect(block.round == Round(1) && block.block.payload == [[1]])
        #expect(actions.withoutWakes == [.persist(block), .broadcast(block)])
        #expect(actions.wake == Self.at(200))
        actions = []
        validator.step(.tick, at: Self.at(199), into: &actions)
        #expect(actions == [])
        validator.step(.tick, at: Self.at(200), into: &actions)
        #expect(actions.withoutWakes == [.broadcast(block)])
    }

    /// A validator that made its block of round 1, and blocks of the others.
    static func afterFirstRound() throws -> (Validator, [CheckedBlock]) {
        var validator = validator()
        var actions: [Validator.Action] = []
        validator.step(.tick, at: at(0), into: &actions)
        let own = try #require(actions.broadcast.first)
        let genesis = committee.view.genesis
        let others = try (1..<4).map { try committee.block($0, 1, genesis) }
        return (validator, [own] + others)
    }

    @Test func itWaitsForTheLeadersButNotForEver() throws {
        var (validator, first) = try Self.afterFirstRound()
        var actions: [Validator.Action] = []
        validator.step(.payload([[1]]), at: Self.at(4), into: &actions)
        for block in first[1...2] {
            validator.step(Self.from(block), at: Self.at(5), into: &actions)
        }
        #expect(actions.persisted == Array(first[1...2]))
        #expect(actions.wake == Self.at(55))
        actions = []
        validator.step(.tick, at: Self.at(54), into: &actions)
        #expect(actions.persisted == [])
        var patient = validator
        patient.step(.tick, at: Self.at(55), into: &actions)
        #expect(actions.broadcast.first?.header.parents.count == 3)
        actions = []
        validator.step(Self.from(first[3]), at: Self.at(20), into: &actions)
        #expect(actions.broadcast.last?.header.parents.count == 4)
    }

    @Test func itAsksTheSenderAndThenOthersForParents() throws {
        var (validator, first) = try Self.afterFirstRound()
        let child = try Self.committee.block(1, 2, first[1...].map(\.reference))
        let grandchild = try Self.committee.block(
            1, 3, [child.reference] + (2..<4).map {
                BlockReference(
                    round: Round(2), author: Seat(UInt8($0)), digest: Digest(repeating: 5))
            })
        let wanted = first[1...].map(\.reference)
        var actions: [Validator.Action] = []
        validator.step(Self.from(child), at: Self.at(100), into: &actions)
        #expect(actions.asked == [])
        validator.step(.tick, at: Self.at(104), into: &actions)
        #expect(actions.contains(.request(wanted, above: .genesis, from: .seat(Seat(1)))))
        actions = []
        validator.step(
            .block(grandchild, from: .seat(Seat(2))), at: Self.at(105), into: &actions)
        validator.step(.tick, at: Self.at(109), into: &actions)
        let deep = Array(grandchild.header.parents.dropFirst())
        #expect(actions.contains(.request(deep, above: .genesis, from: .seat(Seat(2)))))
        actions = []
        for time in [600, 900] as [UInt64] {
            validator.step(.tick, at: Self.at(time), into: &actions)
        }
        #expect(Set(actions.asked).count == 2 && !actions.asked.contains(.seat(Seat(0))))
        #expect(actions.contains(
            .request(wanted.sorted() + deep, above: .genesis, from: actions.asked[0])))
    }

    /// What arrives within `fetchDelay` is not asked for.
    @Test func parentsOnTheirWayAreNotAskedFor() throws {
        var (validator, first) = try Self.afterFirstRound()
        let child = try Self.committee.block(1, 2, first[1...].map(\.reference))
        var actions: [Validator.Action] = []
        validator.step(Self.from(child), at: Self.at(10), into: &actions)
        for block in first[1...] {
            validator.step(Self.from(block), at: Self.at(13), into: &actions)
        }
        validator.step(.tick, at: Self.at(14), into: &actions)
        #expect(actions.asked == [])
        #expect(actions.persisted.contains(child))
    }

    @Test func itAnswersWithAncestorsFirst() throws {
        var (validator, first) = try Self.afterFirstRound()
        let child = try Self.committee.block(1, 2, first.map(\.reference))
        var actions: [Validator.Action] = []
        for block in first[1...] + [child] {
            validator.step(Self.from(block), at: Self.at(5), into: &actions)
        }
        actions = []
        let asker = Peer.observer(7)
        let question = Validator.Input.wanted([child.reference], above: .genesis, by: asker)
        validator.step(question, at: Self.at(6), into: &actions)
        let expected = first.sorted { $0.reference < $1.reference } + [child]
        #expect(actions.withoutWakes == expected.map { .send($0, to: asker) })
    }

    @Test func itNeverNamesATwinMakerAgain() throws {
        var (validator, first) = try Self.afterFirstRound()
        let twin = try Self.committee.block(3, 1, Self.committee.view.genesis, payload: [[7]])
        var actions: [Validator.Action] = []
        for block in [first[3], twin] + first[1...2] {
            validator.step(Self.from(block), at: Self.at(9), into: &actions)
        }
        validator.step(.payload([[1]]), at: Self.at(10), into: &actions)
        let accusation = Evidence(first: first[3].block, second: twin.block)
        #expect(actions.filter { $0 == .accuse(accusation) }.count == 1)
        let own = try #require(actions.broadcast.last)
        #expect(own.round == Round(2))
        #expect(own.header.parents == first[0...2].map(\.reference))
    }

    @Test func payloadOverTheLimitIsRefused() throws {
        var validator = Self.validator { $0.queueBytes = 100 }
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(0), into: &actions)
        let item = [UInt8](repeating: 1, count: 60)
        validator.step(.payload([item]), at: Self.at(1), into: &actions)
        actions = []
        validator.step(.payload([item]), at: Self.at(1), into: &actions)
        #expect(actions.withoutWakes == [.refuse([item])])
    }

    @Test func aSeatThatComesBackMakesNoTwin() throws {
        let (_, first) = try Self.afterFirstRound()
        var recovery = Self.fresh
        recovery.blocks = first
        var validator = Self.validator(recovery: recovery)
        #expect(validator.nextRound == Round(2))
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(50), into: &actions)
        #expect(actions.broadcast.map(\.round) == [Round(2)])
        #expect(actions.broadcast.first?.header.parents == first.map(\.reference))
    }

    /// A twin that an accepted block names is there again after a restart, without being fetched.
    @Test func aTwinThatWasAcceptedComesBack() throws {
        let (_, first) = try Self.afterFirstRound()
        let twin = try Self.committee.block(3, 1, Self.committee.view.genesis, payload: [[7]])
        let names = first[0...2].map(\.reference) + [twin.reference]
        let child = try Self.committee.block(1, 2, names)
        var recovery = Self.fresh
        recovery.blocks = first + [twin, child]
        let validator = Self.validator(recovery: recovery)
        #expect(validator.store.contains(twin.reference))
        #expect(validator.store.contains(child.reference))
        #expect(validator.store.missing == [])
    }

    @Test func blocksFromTheFutureWait() throws {
        var (validator, _) = try Self.afterFirstRound()
        func block(_ milliseconds: UInt64, _ payload: BlockPayload = []) throws -> CheckedBlock {
            let header = BlockHeader(
                epoch: 1, round: Round(1), author: Seat(1), parents:
                    [Self.committee.view.genesis[1]] + [0, 2, 3].map {
                        Self.committee.view.genesis[$0]
                    }, at: Self.at(milliseconds))
            return try CheckedBlock(
                signing: header, payload: payload, in: Self.committee.view,
                with: Self.committee.keys[1])
        }
        let early = try block(620)
        var actions: [Validator.Action] = []
        validator.step(Self.from(early), at: Self.at(100), into: &actions)
        validator.step(Self.from(early), at: Self.at(100), into: &actions)
        #expect(actions.persisted == [])
        #expect(actions.wake == Self.at(120))
        validator.step(.tick, at: Self.at(119), into: &actions)
        #expect(actions.persisted == [])
        validator.step(.tick, at: Self.at(120), into: &actions)
        #expect(actions.persisted == [early])
        for number in 0..<40 as Range<UInt64> {
            let far = try block(9_000 + number, [[UInt8(number)]])
            validator.step(Self.from(far), at: Self.at(130), into: &actions)
        }
        #expect(validator.early.count == validator.settings.earlyBlocks)
    }

    /// A block at a time of its own choosing.
    private static func block(
        _ author: UInt8, _ round: UInt64, _ parents: [BlockReference], at milliseconds: UInt64
    ) throws -> CheckedBlock {
        let header = BlockHeader(
            epoch: 1, round: Round(round), author: Seat(author), parents: parents,
            at: at(milliseconds))
        return try CheckedBlock(
            signing: header, payload: [], in: committee.view, with: committee.keys[Int(author)])
    }

    /// A clock was an hour ahead: once its seat makes a block in time, what that builds on counts,
    /// whether it came before or is fetched afterwards.
    @Test(arguments: [true, false])
    func blocksOfAClockThatWasSetRightAreTaken(comesFirst: Bool) throws {
        var (validator, first) = try Self.afterFirstRound()
        let genesis = Self.committee.view.genesis
        let ahead = try Self.block(
            1, 1, [genesis[1], genesis[0], genesis[2], genesis[3]], at: 3_600_000)
        let names = [first[0], first[2], first[3]].map(\.reference)
        let right = try Self.block(1, 2, [ahead.reference] + names, at: 110)
        let others = try [2, 3].map { seat in
            try Self.committee.block(seat, 2, names)
        }
        var actions: [Validator.Action] = []
        for block in [first[2], first[3]] + (comesFirst ? [ahead] : []) {
            validator.step(Self.from(block), at: Self.at(100), into: &actions)
        }
        #expect(!validator.store.contains(ahead.reference))
        validator.step(Self.from(right), at: Self.at(110), into: &actions)
        if !comesFirst { validator.step(Self.from(ahead), at: Self.at(120), into: &actions) }
        #expect(validator.store.contains(ahead.reference))
        #expect(validator.store.contains(right.reference))
        for block in others { validator.step(Self.from(block), at: Self.at(130), into: &actions) }
        let next = try Self.block(
            1, 3, [right.reference] + others.map(\.reference), at: 3_600_002)
        validator.step(Self.from(next), at: Self.at(140), into: &actions)
        #expect(!validator.store.contains(next.reference))
    }

    /// The own clock was an hour ahead when the last own block was made.
    @Test func theNextOwnBlockHasTheTimeOfTheClockThatWasSetRight() throws {
        let (_, first) = try Self.afterFirstRound()
        let genesis = Self.committee.view.genesis
        var recovery = Self.fresh
        recovery.blocks = try [Self.block(0, 1, genesis, at: 3_600_000)] + first[1...]
        var validator = Self.validator(recovery: recovery)
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(50), into: &actions)
        #expect(actions.broadcast.map(\.round) == [Round(2)])
        #expect(actions.broadcast.map(\.header.time) == [Self.at(50)])
    }

    /// Others have a quorum of the round already: the block is late by less than `lateRounds`.
    @Test func aSeatThatIsLateStillCarriesPayload() throws {
        var (validator, first) = try Self.afterFirstRound()
        var actions: [Validator.Action] = []
        let second = try (1..<4).map { seat in
            try Self.committee.block(seat, 2, first.map(\.reference))
        }
        validator.step(.payload([[1]]), at: Self.at(1), into: &actions)
        for block in second + first[1...] {
            validator.step(Self.from(block), at: Self.at(1), into: &actions)
        }
        #expect(actions.broadcast.first { $0.round == Round(2) }?.block.payload == [[1]])
    }

    @Test func systemItemsGoFirstAndWhilePayloadIsHeldBack() throws {
        var validator = Self.validator { $0.payloadRounds = 0 }
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(0), into: &actions)
        validator.step(.payload([[1]]), at: Self.at(1), into: &actions)
        validator.step(.system([[2]]), at: Self.at(1), into: &actions)
        actions = []
        for block in try (1..<4).map({
            try Self.committee.block($0, 1, Self.committee.view.genesis)
        }) { validator.step(Self.from(block), at: Self.at(2), into: &actions) }
        #expect(actions.broadcast.map(\.block.payload) == [[[2]]])
    }
}
