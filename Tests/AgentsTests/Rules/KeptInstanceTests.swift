// A process may end at any moment: what was kept goes on, and nothing is submitted twice.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct KeptInstanceTests {
    private func restored(_ instance: Instance) throws -> Instance {
        try Instance(
            restoring: instance.kept, instance.identity, of: instance.program,
            at: Household.start)
    }

    @Test func whatWasNotAcceptedIsSubmittedAsItWas() throws {
        var house = try Household(TestPrograms.adder)
        try house.take(.message(Message([1])))
        house.accepts = false
        try house.take(.message(Message([2])))
        let lost = try #require(house.transitions.last)
        let place = (sequence: house.instance.sequence, root: house.instance.root)
        house.instance = try restored(house.instance)
        house.accepts = true
        try house.take(.ledger(sequence: place.sequence, root: place.root))
        let header = lost.header
        let again = house.transitions.filter { $0.header.sequence == header.sequence }
        #expect(again.map(\.encoded) == [lost.encoded, lost.encoded])
        try house.take(.message(Message([4])))
        #expect(house.outputs.last { !$0.isEmpty } == [7])
    }

    @Test func whatWasAcceptedIsNotSubmittedAgain() throws {
        var house = try Household(TestPrograms.adder)
        try house.take(.message(Message([1])))
        house.accepts = false
        try house.take(.message(Message([2])))
        let last = try #require(house.transitions.last).header
        house.instance = try restored(house.instance)
        let count = house.transitions.count
        house.accepts = true
        try house.take(.ledger(sequence: last.sequence, root: last.newRoot))
        #expect(house.instance.sequence >= last.sequence)
        let later = house.transitions[count...]
        #expect(later.allSatisfy { $0.header.sequence > last.sequence })
        try house.take(.message(Message([4])))
        #expect(house.outputs.last { !$0.isEmpty } == [7])
    }

    @Test func aRefusedTransitionIsAnotherAttempt() throws {
        var house = try Household(TestPrograms.adder)
        try house.take(.message(Message([1])))
        house.accepts = false
        try house.take(.message(Message([2])))
        let place = (sequence: house.instance.sequence, root: house.instance.root)
        house.accepts = true
        try house.take(.refused(sequence: place.sequence, root: place.root))
        let tries = house.transitions.filter { $0.header.sequence == place.sequence + 1 }
        #expect(tries.map(\.header.attempt) == [0, 1])
        #expect(house.outputs.last { !$0.isEmpty } == [3])
    }

    @Test func whatARejectedTransitionReadIsNotReadAgain() throws {
        var house = try Household(TestPrograms.adder)
        try house.take(.message(Message([1])))
        house.accepts = false
        try house.take(.message(Message([2])))
        let place = (sequence: house.instance.sequence, root: house.instance.root)
        house.accepts = true
        try house.take(.rejected(sequence: place.sequence, root: place.root))
        #expect(house.instance.root == place.root)
        try house.take(.message(Message([4])))
        #expect(house.outputs.last { !$0.isEmpty } == [5])
        #expect(house.transitions.last { $0.header.attempt == 1 } != nil)
    }

    @Test func theTimeOfTheLedgerIsTold() throws {
        var house = try Household(TestPrograms.adder)
        let time = Instant(nanoseconds: Household.start.nanoseconds - 5)
        house.instance.consensusTime = time
        try house.take(.message(Message([1])))
        #expect(house.transitions.last?.header.time == time)
    }

    @Test func somebodyElsesStateIsTold() throws {
        var house = try Household(TestPrograms.adder)
        var actions: [InstanceAction] = []
        house.instance.step(
            .ledger(sequence: 9, root: Digest()), at: house.now, into: &actions)
        #expect(actions.contains(.overtaken(sequence: 9, root: Digest())))
    }

    @Test func everyTruncationIsRefused() throws {
        var house = try Household(TestPrograms.adder)
        house.accepts = false
        try house.take(.message(Message([2])))
        let bytes = house.instance.kept
        for length in stride(from: 0, to: bytes.count, by: 61) {
            #expect(throws: DecodingFailure.self) {
                try Instance(
                    restoring: Array(bytes[..<length]), house.instance.identity,
                    of: house.instance.program, at: house.now)
            }
        }
        #expect(try restored(house.instance).kept == bytes)
    }
}
