// One validator step by step: what it keeps before it speaks, when it waits, what it asks for.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct ValidatorTests {
    static let committee = TestCommittee(4)
    static let start = Instant(nanoseconds: Nanoseconds.perSecond)

    private static func validator(
        _ seat: Int = 0, recovery: Recovery = Recovery(genesisTime: Instant(nanoseconds: 0)),
        change: (inout ValidatorSettings) -> Void = { _ in }
    ) throws -> Validator {
        var settings = ValidatorSettings(commits: .standard)
        change(&settings)
        return try #require(
            Validator(
                committee: committee.view, key: committee.keys[seat], settings: settings,
                genesisTime: Instant(nanoseconds: 0), recovery: recovery))
    }

    private static func at(_ milliseconds: UInt64) -> Instant {
        start.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
    }

    private func persisted(_ actions: [Validator.Action]) -> [CheckedBlock] {
        actions.compactMap { if case .persist(let block) = $0 { block } else { nil } }
    }

    private func broadcast(_ actions: [Validator.Action]) -> [CheckedBlock] {
        actions.compactMap { if case .broadcast(let block) = $0 { block } else { nil } }
    }

    @Test func itSpeaksOnlyWhenDurable() throws {
        var validator = try Self.validator()
        var actions: [Validator.Action] = []
        validator.step(.payload([1]), at: Self.at(0), into: &actions)
        let block = try #require(persisted(actions).first)
        #expect(block.round == Round(1) && block.block.payload == [[1]])
        #expect(broadcast(actions) == [])
        actions = []
        validator.step(.tick, at: Self.at(500), into: &actions)
        #expect(actions == [])
        validator.step(.durable(block.reference), at: Self.at(501), into: &actions)
        #expect(broadcast(actions) == [block])
        #expect(persisted(actions) == [])
        actions = []
        validator.step(.tick, at: Self.at(600), into: &actions)
        #expect(actions == [])
        validator.step(.tick, at: Self.at(701), into: &actions)
        #expect(broadcast(actions) == [block])
    }

    /// A validator that made its block of round 1, and blocks of the others.
    private func afterFirstRound() throws -> (Validator, [CheckedBlock]) {
        var validator = try Self.validator()
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(0), into: &actions)
        let own = try #require(persisted(actions).first)
        validator.step(.durable(own.reference), at: Self.at(0), into: &actions)
        let genesis = Self.committee.view.genesis
        let others = try (1..<4).map { try Self.committee.block($0, 1, genesis) }
        return (validator, [own] + others)
    }

    @Test func itWaitsForTheLeadersButNotForEver() throws {
        var (validator, first) = try afterFirstRound()
        var actions: [Validator.Action] = []
        for block in first[1...2] {
            validator.step(.block(block, from: block.author), at: Self.at(5), into: &actions)
        }
        #expect(persisted(actions) == Array(first[1...2]))
        #expect(actions.contains(.wake(Self.at(55))))
        actions = []
        validator.step(.tick, at: Self.at(54), into: &actions)
        #expect(persisted(actions) == [])
        var patient = validator
        patient.step(.tick, at: Self.at(55), into: &actions)
        #expect(persisted(actions).first?.header.parents.count == 3)
        actions = []
        validator.step(.block(first[3], from: Seat(3)), at: Self.at(20), into: &actions)
        #expect(persisted(actions).last?.header.parents.count == 4)
    }

    @Test func itAsksTheSenderAndThenOthersForParents() throws {
        var (validator, first) = try afterFirstRound()
        let child = try Self.committee.block(1, 2, first[1...].map(\.reference))
        let grandchild = try Self.committee.block(
            1, 3, [child.reference] + (2..<4).map {
                BlockReference(
                    round: Round(2), author: Seat(UInt8($0)), digest: Digest(repeating: 5))
            })
        let wanted = first[1...].map(\.reference)
        var actions: [Validator.Action] = []
        validator.step(.block(child, from: Seat(1)), at: Self.at(100), into: &actions)
        #expect(actions.contains(.request(wanted, above: .genesis, from: Seat(1))))
        actions = []
        validator.step(.block(grandchild, from: Seat(2)), at: Self.at(101), into: &actions)
        let deep = (wanted + grandchild.header.parents.dropFirst()).sorted()
        #expect(actions == [.request(deep, above: .genesis, from: Seat(2))])
        actions = []
        validator.step(.tick, at: Self.at(600), into: &actions)
        validator.step(.tick, at: Self.at(900), into: &actions)
        let asked = actions.compactMap { action -> Seat? in
            if case .request(_, _, let peer) = action { peer } else { nil }
        }
        #expect(asked.count == 2 && Set(asked).count == 2 && !asked.contains(Seat(0)))
    }

    @Test func itAnswersWithAncestorsFirst() throws {
        var (validator, first) = try afterFirstRound()
        let child = try Self.committee.block(1, 2, first.map(\.reference))
        var actions: [Validator.Action] = []
        for block in first[1...] + [child] {
            validator.step(.block(block, from: block.author), at: Self.at(5), into: &actions)
        }
        actions = []
        let question = Validator.Input.wanted([child.reference], above: .genesis, by: Seat(2))
        validator.step(question, at: Self.at(6), into: &actions)
        let sent = actions.compactMap { action -> CheckedBlock? in
            if case .send(let block, to: Seat(2)) = action { block } else { nil }
        }
        #expect(sent == first + [child])
    }

    @Test func itNeverNamesATwinMakerAgain() throws {
        var (validator, first) = try afterFirstRound()
        let twin = try Self.committee.block(3, 1, Self.committee.view.genesis, payload: [[7]])
        var actions: [Validator.Action] = []
        for block in [first[3], twin] + first[1...2] {
            validator.step(.block(block, from: block.author), at: Self.at(9), into: &actions)
        }
        let accusation = Evidence(first: first[3].block, second: twin.block)
        #expect(actions.filter { $0 == .accuse(accusation) }.count == 1)
        let own = try #require(persisted(actions).last)
        #expect(own.round == Round(2))
        #expect(own.header.parents == first[0...2].map(\.reference))
    }

    @Test func payloadOverTheLimitIsRefused() throws {
        var validator = try Self.validator { $0.queueBytes = 100 }
        var actions: [Validator.Action] = []
        let block = try Self.committee.block(1, 1, Self.committee.view.genesis)
        validator.step(.block(block, from: Seat(1)), at: Self.at(0), into: &actions)
        actions = []
        let item = [UInt8](repeating: 1, count: 60)
        validator.step(.payload(item), at: Self.at(1), into: &actions)
        #expect(actions == [])
        validator.step(.payload(item), at: Self.at(1), into: &actions)
        #expect(actions == [.refuse(item)])
    }

    @Test func aSeatThatComesBackMakesNoTwin() throws {
        let (_, first) = try afterFirstRound()
        var recovery = Recovery(genesisTime: Instant(nanoseconds: 0))
        recovery.blocks = first
        var validator = try Self.validator(recovery: recovery)
        #expect(validator.nextRound == Round(2))
        var actions: [Validator.Action] = []
        validator.step(.tick, at: Self.at(50), into: &actions)
        #expect(broadcast(actions) == [first[0]])
        #expect(persisted(actions).map(\.round) == [Round(2)])
        #expect(persisted(actions).first?.header.parents == first.map(\.reference))
    }

    @Test func aCommitteeOfOneOrdersItsPayload() throws {
        let alone = TestCommittee(1)
        var validator = try #require(
            Validator(
                committee: alone.view, key: alone.keys[0],
                settings: ValidatorSettings(commits: .standard),
                genesisTime: Instant(nanoseconds: 0),
                recovery: Recovery(genesisTime: Instant(nanoseconds: 0))))
        var ordered: [[UInt8]] = []
        var input = Validator.Input.payload([42])
        for turn in 0..<10 as Range<UInt64> {
            var actions: [Validator.Action] = []
            validator.step(input, at: Self.at(turn * 10), into: &actions)
            input = persisted(actions).last.map { .durable($0.reference) } ?? .tick
            for case .commit(let commit) in actions {
                ordered += commit.blocks.flatMap(\.block.payload)
            }
        }
        #expect(ordered == [[42]])
        #expect(validator.committer.head.index > 2)
    }

    @Test func aStrangerGetsNoSeat() {
        let stranger = TestCommittee(5).keys[4]
        #expect(
            Validator(
                committee: Self.committee.view, key: stranger,
                settings: ValidatorSettings(commits: .standard),
                genesisTime: Instant(nanoseconds: 0),
                recovery: Recovery(genesisTime: Instant(nanoseconds: 0))) == nil)
    }
}
