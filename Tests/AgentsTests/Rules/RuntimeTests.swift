// Turns go round, what an agent uses too much waits, and one that fails is seen by nobody else.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct RuntimeTests {
    private let start = Household.start

    private func agent(_ number: Int) -> AgentID {
        AgentID(Words.bytes([UInt64(number), 0, 0, 0])) ?? AgentID()
    }

    private func instance(_ number: Int, _ source: String) throws -> Instance {
        let never = SubmissionPolicy(interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)
        let identity = InstanceIdentity(
            chain: Digest(), agent: agent(number), policy: never, gasLimit: AgentLimits.gas)
        return Instance(identity, of: try Programs.agent(source), at: start)
    }

    private static let spinner = "here:\n add_imm_64 r2, r2, 1\n jump here"

    @Test func turnsGoRound() throws {
        var runtime = Runtime(RuntimeLimits())
        for number in 0..<5 { try runtime.add(instance(number, Self.spinner), at: start) }
        var actions: [RuntimeAction] = []
        for _ in 0..<50 {
            let isRunning = runtime.runNext(at: start, into: &actions)
            #expect(isRunning)
        }
        let used = (0..<5).compactMap { runtime.instance(agent($0))?.gasUsed }
        #expect(Set(used).count == 1 && used[0] > 0 && actions.isEmpty)
    }

    @Test func aFailureIsSeenByNobodyElse() throws {
        var runtime = Runtime(RuntimeLimits())
        var alone = Runtime(RuntimeLimits())
        let bad = [
            "trap", "ecalli 77", "here:\n ecalli 1\n jump here", "load_u8 r1, 0x9000000\n trap",
        ]
        for (number, source) in bad.enumerated() {
            try runtime.add(instance(number, source), at: start)
        }
        try runtime.add(instance(9, TestPrograms.adder), at: start)
        try alone.add(instance(9, TestPrograms.adder), at: start)
        var (actions, quiet): ([RuntimeAction], [RuntimeAction]) = ([], [])
        for word in 1...3 as ClosedRange<UInt64> {
            let message = InstanceInput.message(Message([word]))
            runtime.step(message, for: agent(9), at: start, into: &actions)
            alone.step(message, for: agent(9), at: start, into: &quiet)
        }
        for _ in 0..<100 {
            _ = runtime.runNext(at: start, into: &actions)
            _ = alone.runNext(at: start, into: &quiet)
        }
        runtime.step(.requested, for: agent(9), at: start, into: &actions)
        alone.step(.requested, for: agent(9), at: start, into: &quiet)
        for _ in 0..<10 {
            _ = runtime.runNext(at: start, into: &actions)
            _ = alone.runNext(at: start, into: &quiet)
        }
        #expect(actions.filter { $0.action == .crashed }.count == bad.count)
        #expect(actions.filter { $0.agent == agent(9) } == quiet && !quiet.isEmpty)
    }

    @Test func whoUsesTooMuchWaits() throws {
        var limits = RuntimeLimits()
        (limits.quantum, limits.gasPerSecond) = (1_000, 10_000)
        var runtime = Runtime(limits)
        try runtime.add(instance(0, Self.spinner), at: start)
        var actions: [RuntimeAction] = []
        while runtime.runNext(at: start, into: &actions) {}
        let first = try #require(runtime.instance(agent(0))).gasUsed
        #expect((9_000...10_000).contains(first))
        let next = try #require(runtime.nextTimer)
        #expect(next.nanoseconds(since: start) == Nanoseconds.perSecond / 10 + 1)
        while runtime.runNext(at: next, into: &actions) {}
        let second = try #require(runtime.instance(agent(0))).gasUsed
        #expect((first + 900...first + 1_100).contains(second))
    }

    @Test func limits() throws {
        var limits = RuntimeLimits()
        limits.agents = 2
        limits.imageBytes = 5 * (128 + 4096)
        var runtime = Runtime(limits)
        try runtime.add(instance(0, ".stack 4096\n trap"), at: start)
        #expect(throws: RuntimeFailure.alreadyHere) {
            try runtime.add(instance(0, "trap"), at: start)
        }
        #expect(throws: RuntimeFailure.outOfMemory) {
            try runtime.add(instance(1, TestPrograms.adder), at: start)
        }
        try runtime.add(instance(1, ".stack 4096\n trap"), at: start)
        #expect(throws: RuntimeFailure.tooManyAgents) {
            try runtime.add(instance(2, "trap"), at: start)
        }
    }

    @Test(arguments: propertySeeds) func timersComeInOrder(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var heap = TimerHeap()
        let times = (0..<50).map { _ in chance.next() % 40 }
        for (number, time) in times.enumerated() {
            heap.insert(.init(time: Instant(nanoseconds: time), number: number))
        }
        var found: [UInt64] = []
        while let timer = heap.popFirst(dueAt: Instant(nanoseconds: 29)) {
            found.append(timer.time.nanoseconds)
        }
        #expect(found == times.filter { $0 <= 29 }.sorted())
    }
}
