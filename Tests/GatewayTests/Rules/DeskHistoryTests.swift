// What outlives a process: kept states, old copies of them, ends, and records.
import Agents
import Cryptography
import Primitives
import Telemetry
import TestSupport
import Testing

@testable import Gateway
@testable import Ledger

@Suite struct DeskHistoryTests {
    private let one = DeskWorld.agent(1)

    private func world(_ change: (inout AgentPlace) -> Void = { _ in }) throws -> DeskWorld {
        var world = DeskWorld()
        try world.spawn(1, TestPrograms.adder, change)
        world.lookAtAll()
        return world
    }

    @Test func aNewProcessGoesOnFromWhatWasKept() throws {
        var world = try world()
        world.call(1, [40])
        world.restart()
        let words1 = world.answer(1, [2])
        #expect(words1 == [42])
    }

    /// Killed between the disk and the ledger, and between the ledger and the answer.
    @Test(arguments: [false, true]) func nothingIsDoneTwice(isAccepted: Bool) throws {
        var world = try world()
        world.call(1, [40])
        world.isReachable = false
        world.call(1, [2])
        let sent = try #require(world.submitted.last)
        if isAccepted { world.apply(sent) }
        world.restart()
        let expected = isAccepted ? [] : [sent].compactMap(\.transition)
        #expect(world.submitted.compactMap(\.transition) == expected)
        let words2 = world.answer(1, [0])
        #expect(words2 == [42])
    }

    @Test func anOldCopyStopsTheAgentAndSaysSo() throws {
        var world = try world()
        world.call(1, [1])
        let old = world.kept
        world.call(1, [2])
        world.call(1, [3])
        let place = world.places[one]?.instance
        world.kept = old
        world.restart()
        #expect(world.submitted.isEmpty, "nothing is signed")
        #expect(world.places[one]?.instance == place)
        let reason3 = world.refusal(1, [4])
        let problem = try #require(reason3)
        #expect(problem.detail.contains("old copy"))
        #expect(world.notes.contains { $0.hasPrefix("agent stopped") && $0.contains("old copy") })
        world.kept = [:]
        world.restart()
        let reason4 = world.refusal(1, [4])
        #expect(reason4?.detail.contains("old copy") == true)
        #expect(world.submitted.isEmpty)
    }

    /// The ledger that the node knows may be an old copy too, until it heard from the others: what
    /// it signs then is another attempt, and nobody can say that the key signed two futures.
    @Test func anOldCopyOfTheLedgerSignsNoSecondFuture() throws {
        var world = try world()
        world.call(1, [1])
        let (old, places) = (world.kept, world.places)
        world.call(1, [2])
        let first = try #require(world.submitted.last?.transition)
        (world.kept, world.places) = (old, places)
        world.restart(firstAttempt: 7)
        world.call(1, [3])
        let again = world.submitted.compactMap(\.transition)
        #expect(again.contains { $0.header.sequence == first.header.sequence })
        #expect(again.allSatisfy { !$0.signed.contradicts(first.signed) })
    }

    @Test func anAgentThatEndedGivesItsPlaceToAnother() throws {
        var world = DeskWorld { $0.count = 1 }
        try world.spawn(1, TestPrograms.adder)
        world.lookAtAll()
        world.call(1, [1])
        world.places[one]?.instance.status = .ended
        world.step(world.look([one]))
        #expect(world.desk.hosted.isEmpty && world.desk.runtime.count == 0 && world.kept.isEmpty)
        try world.spawn(2, TestPrograms.adder)
        world.lookAtAll()
        let words5 = world.answer(2, [5])
        #expect(words5 == [5])
    }

    @Test(arguments: [false, true]) func anAgentRunsAgainAfterItsEnd(isSeen: Bool) throws {
        var world = try world()
        world.call(1, [1])
        let before = try #require(world.places[one]).instance
        if isSeen {
            world.places[one]?.instance.status = .ended
            world.step(world.look([one]))
        }
        try world.spawn(1, TestPrograms.adder) {
            ($0.instance.sequence, $0.instance.clock) = (before.sequence, before.clock)
        }
        world.step(world.look([one]))
        let words6 = world.answer(1, [5])
        #expect(words6 == [5])
        #expect(try #require(world.places[one]).instance.sequence > before.sequence)
        world.restart()
        let words7 = world.answer(1, [5])
        #expect(words7 == [10])
    }

    @Test func whoseKeySignedTwiceRests() throws {
        var world = try world()
        world.places[one]?.instance.status = .faulty
        world.step(world.look([one]))
        let reason8 = world.refusal(1, [])
        #expect(reason8?.detail.contains("two transitions") == true)
    }

    // MARK: Records

    static let recorder = """
        .stack 4096
        message:
            ecalli 0
            ecalli 0
            move_reg r3, r7
            load_imm_64 r7, 0x100000004
            ecalli 4
            move_reg r7, r3
            ecalli 4
            ecalli 5
            ecalli 2
            jump message
        """

    private func recorder() throws -> DeskWorld {
        var world = DeskWorld()
        try world.spawn(1, Self.recorder)
        world.lookAtAll()
        return world
    }

    @Test func whatIsEmittedIsRecordedOnce() throws {
        var world = try recorder()
        world.recordings = [.undecided, .final]
        world.call(1, [77])
        #expect(world.recorded.count == 2 && world.recorded[0] == world.recorded[1])
        let emitted = try #require(world.recorded.first)
        #expect(emitted.records == [[77]] && emitted.name == "agent 1")
        let submission = try #require(emitted.submissions.first)
        let span = try Payload.span(submission.payload)
        #expect(span.traceID == submission.run && span.spanID == submission.operation)
        #expect(span.facts.agent.name == "agent 1" && span.start == submission.start)
        let text = String(decoding: submission.payload, as: UTF8.self)
        #expect(text.contains("\"4d00000000000000\"") && text.contains(one.hex))
    }

    @Test func theNextTransitionWaitsForTheRecordsOfTheOneBefore() throws {
        var world = try recorder()
        world.recordings = [.undecided]
        world.isReachable = true
        world.recordsAnswered = false
        world.call(1, [1])
        let count = world.submitted.count
        world.call(1, [2])
        #expect(world.submitted.count == count)
        world.recordsAnswered = true
        world.step(.recorded(one, sequence: world.recorded[0].sequence, .final))
        #expect(world.submitted.count > count)
        #expect(world.recorded.last?.records == [[2]])
    }

    @Test func recordsOfAKilledProcessAreRecordedAgain() throws {
        var world = try recorder()
        world.recordsAnswered = false
        world.call(1, [1])
        let lost = world.recorded
        world.restart()
        #expect(world.recorded == [lost[0]])
        let (again, before) = (world.recorded[0].submissions, lost[0].submissions)
        #expect(again.map(\.operation) == before.map(\.operation))
    }

    @Test func recordsThatAreRefusedHoldNobodyUp() throws {
        var world = try recorder()
        world.recordings = [.refused(reason: "no"), .refused(reason: "no")]
        world.call(1, [1])
        let ticket = world.call(1, [2])
        #expect(world.output(ticket) == [])
        #expect(world.notes.contains("records refused: no"))
    }
}
