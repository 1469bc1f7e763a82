// Validators that do not sign: without a key, without a seat, not ready yet, or after amnesia.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct ObserverTests {
    private static let committee = ValidatorTests.committee

    /// Full rounds by all four seats.
    private static func rounds(_ count: UInt64) throws -> [CheckedBlock] {
        try Array(BlockStoreTests.fullRounds(count).joined())
    }

    private func feed(_ validator: inout Validator, _ blocks: [CheckedBlock])
        -> [Validator.Action]
    {
        var actions: [Validator.Action] = []
        for block in blocks {
            validator.step(ValidatorTests.from(block), at: ValidatorTests.at(9), into: &actions)
        }
        validator.step(.tick, at: ValidatorTests.at(5_000), into: &actions)
        return actions
    }

    @Test func anObserverCommitsAndSaysNothing() throws {
        var settings = ValidatorSettings(commits: .standard)
        settings.idleDelay = 0
        for key in [nil, TestCommittee(5).keys[4]] {
            var observer = Ambient.validator(
                Self.committee.view, key, settings, ValidatorTests.fresh)
            #expect(observer.seat == nil)
            let blocks = try Self.rounds(8)
            let actions = feed(&observer, blocks)
            #expect(actions.persisted == blocks)
            #expect(actions.broadcast == [])
            #expect(observer.head.round == Round(6))
            #expect(actions.commits.count == 6)
            var answers: [Validator.Action] = []
            let question = Validator.Input.wanted(
                [blocks[5].reference], above: Round(8), by: .seat(Seat(2)))
            observer.step(question, at: ValidatorTests.at(5_000), into: &answers)
            #expect(answers.sent == [blocks[5]])
        }
    }

    @Test func nothingIsSignedBeforeItIsReady() throws {
        var recovery = ValidatorTests.fresh
        recovery.startsReady = false
        var validator = ValidatorTests.validator(recovery: recovery)
        let others = try Self.rounds(1).filter { $0.author != Seat(0) }
        #expect(feed(&validator, others).broadcast == [])
        var actions: [Validator.Action] = []
        validator.step(.ready, at: ValidatorTests.at(5_001), into: &actions)
        #expect(actions.broadcast.map(\.round) == [Round(1)])
    }

    /// The disk is older than what was sent: a block of ours that is not here, above or beside.
    @Test func aSeatThatForgotItsBlocksNeverSignsAgain() throws {
        let blocks = try Self.rounds(2)
        let twin = try Self.committee.block(0, 1, Self.committee.view.genesis, payload: [[8]])
        for (kept, shown) in [([], blocks[0]), ([], blocks[4]), ([blocks[0]], twin)] {
            var recovery = ValidatorTests.fresh
            recovery.blocks = kept
            recovery.startsReady = false
            var validator = ValidatorTests.validator(recovery: recovery)
            let actions = feed(&validator, [shown] + blocks)
            #expect(actions.halts == [.amnesia])
            var more: [Validator.Action] = []
            validator.step(.ready, at: ValidatorTests.at(6_000), into: &more)
            validator.step(.payload([[1]]), at: ValidatorTests.at(6_000), into: &more)
            #expect(more.broadcast == [])
            #expect(validator.store.quorumRound == Round(2))
        }
    }

    @Test func itsOwnBlockFromElsewhereIsNoAmnesia() throws {
        var (validator, first) = try ValidatorTests.afterFirstRound()
        let actions = feed(&validator, first)
        #expect(actions.halts == [])
        #expect(actions.broadcast.map(\.round).last == Round(2))
    }

    /// A seat that starts at the head of another fetches the graph below it and goes on.
    @Test func itStartsAtTheHeadOfAnother() throws {
        var network = SmallNetwork(4) { $0.commits.depth = 16 }
        for item in 0..<40 as Range<UInt8> {
            network.submit([item], to: 1)
            network.run(milliseconds: 20)
        }
        let head = network.validators[1].head
        let sequenced = network.validators[1].committer.sequencedReferences
        #expect(head.round > Round(100))
        network.validators[0] = Ambient.validator(
            network.committee.view, nil, network.validators[1].settings,
            Recovery(head: head, sequenced: sequenced, blocks: [], startsReady: true))
        network.commits[0] = []
        for item in 40..<60 as Range<UInt8> {
            network.submit([item], to: 1)
            network.run(milliseconds: 20)
        }
        #expect(network.validators[0].head.index > head.index + 10)
        let expected = network.commits[1].filter { $0.commit.index > head.index }
        #expect(
            network.commits[0].map(\.commit.head)
                == expected.prefix(network.commits[0].count).map(\.commit.head))
    }

    /// A committee of four lives on the fourth's blocks while the first is away; then the fourth is
    /// seen to make twins. Without its old blocks the first can name no quorum of the round of its
    /// head, and without the first the others can go no further.
    @Test func aSeatThatWasAwayStandsOnOldBlocksOfATwinMaker() throws {
        var network = SmallNetwork(4) {
            $0.idleDelay = 5 * Nanoseconds.perMillisecond
            $0.leaderWait = 5 * Nanoseconds.perMillisecond
        }
        network.absent = [0]
        network.submit([1], to: 1)
        network.run(milliseconds: 150)
        let head = network.validators[1].head
        #expect(head.round > Round(2) && head.round < Round(60))
        network.absent = [3]
        let twin = try network.committee.block(
            3, 1, network.committee.view.genesis, payload: [[7]])
        for seat in 0..<3 {
            let input = Validator.Input.block(twin, from: .seat(Seat(1)))
            network.queue.push(.input(seat, input), at: network.now)
        }
        network.submit([2], to: 1)
        network.run(milliseconds: 2_000)
        for seat in 0..<3 {
            #expect(network.validators[seat].store.exposed.contains(Seat(3)))
            #expect(network.validators[seat].head.round > head.round + 10)
        }
    }

    /// A seat that was away for many times the depth of the graph catches up from the archives of
    /// the others.
    @Test func aSeatThatWasAwayCatchesUp() throws {
        var network = SmallNetwork(4) {
            $0.commits.depth = 8
            $0.idleDelay = 5 * Nanoseconds.perMillisecond
            $0.leaderWait = 10 * Nanoseconds.perMillisecond
        }
        network.run(milliseconds: 50)
        network.absent = [2]
        for item in 0..<40 as Range<UInt8> {
            network.submit([item], to: 0)
            network.run(milliseconds: 10)
        }
        let away = network.validators[2].head.round
        #expect(network.validators[0].head.round > away + 50)
        network.absent = []
        network.queue.push(.input(2, .tick), at: network.now)
        network.run(milliseconds: 600)
        #expect(network.validators[2].head.round + 10 > network.validators[0].head.round)
        let digests = network.commits.map { $0.map(\.commit.head.digest) }
        #expect(digests[0].starts(with: digests[2]) || digests[2].starts(with: digests[0]))
    }
}
