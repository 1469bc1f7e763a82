// Agents run, submit by their policy, answer, fail and go on.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct InstanceTests {
    @Test func itAddsUpAndStateLivesOn() throws {
        var house = try Household(TestPrograms.adder)
        for message in [[1, 2], [], [40]] as [[UInt64]] {
            try house.take(.message(Message(message)))
        }
        #expect(house.outputs.flatMap { $0 } == [3, 3, 43])
        #expect(house.failures.isEmpty)
        let sequences = house.transitions.map(\.header.sequence)
        #expect(sequences == Array(1...UInt64(sequences.count)))
        for (one, next) in zip(house.transitions, house.transitions.dropFirst()) {
            #expect(one.header.newRoot == next.header.oldRoot)
        }
    }

    @Test func withoutAPolicyAHundredTurnsAreOneTransition() throws {
        let never = SubmissionPolicy(interval: 0, steps: 0, touchedBytes: 0, isOnRequest: false)
        var house = try Household(TestPrograms.adder, policy: never)
        for _ in 0..<AgentLimits.turns { try house.take(.message(Message([1]))) }
        #expect(house.transitions.count == 1)
        let effort = try #require(house.transitions.first).header.effort
        #expect(Int(effort.turns) == AgentLimits.turns)
        #expect(house.outputs == [Array(1...UInt64(AgentLimits.turns))])
    }

    /// One row for each policy: what is told after a message, and how many transitions there are.
    @Test func policies() throws {
        func policy(
            _ interval: UInt64, _ steps: UInt64, _ bytes: UInt32, _ asked: Bool
        ) -> SubmissionPolicy {
            SubmissionPolicy(
                interval: interval, steps: steps, touchedBytes: bytes, isOnRequest: asked)
        }
        let second = Nanoseconds.perSecond
        let rows: [(SubmissionPolicy, InstanceInput?, UInt64, Int)] = [
            (policy(0, 0, 0, true), nil, 0, 0), (policy(0, 0, 0, true), .requested, 0, 1),
            (policy(0, 0, 0, false), .requested, 0, 0),
            (policy(second, 0, 0, false), .tick, second - 1, 0),
            (policy(second, 0, 0, false), .tick, second, 1),
            (policy(0, 10, 0, false), nil, 0, 1), (policy(0, 1_000, 0, false), nil, 0, 0),
            (policy(0, 0, 64, false), nil, 0, 1), (policy(0, 0, 1_000, false), nil, 0, 0),
        ]
        for (row, (policy, input, later, count)) in rows.enumerated() {
            var house = try Household(TestPrograms.adder, policy: policy)
            try house.take(.message(Message([1])))
            house.now = house.now.advanced(byNanoseconds: later)
            if let input { try house.take(input) }
            #expect(house.transitions.count == count, "row \(row)")
            if policy.interval > 0 {
                #expect(house.wakes.contains(Household.start.advanced(byNanoseconds: second)))
            }
        }
    }

    @Test func aSmallQuantumChangesNothing() throws {
        var whole = try Household(TestPrograms.adder)
        var pieces = try Household(TestPrograms.adder)
        try whole.take(.message(Message(Array(0..<50))))
        try pieces.take(.message(Message(Array(0..<50))), quantum: 3)
        #expect(whole.transitions.map(\.encoded) == pieces.transitions.map(\.encoded))
    }

    @Test func aPoisonedMessageCostsOnlyItself() throws {
        let never = SubmissionPolicy(interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)
        // Panics where a word is 13.
        let source = TestPrograms.adder.replacing(
            "load_ind_u64 r4, r2, 0",
            with: "branch_eq_imm r7, 13, bad\n load_ind_u64 r4, r2, 0")
            + "\nbad:\n trap"
        var house = try Household(source, policy: never)
        for word in [1, 2, 13, 4] as [UInt64] { try house.take(.message(Message([word]))) }
        try house.take(.requested)
        #expect(house.dropped == [Message([13])] && !house.hasCrashed)
        #expect(house.outputs.flatMap { $0 } == [1, 3, 7])
    }

    /// A program, and why it fails; nothing is ever submitted, and the root stays.
    @Test(arguments: [
        (".stack 4096\n trap", "panic"), ("ecalli 9", "unknownCall"), ("ecalli 5", "nothingAsked"),
        ("here:\n jump here", "outOfGas"), ("load_u8 r1, 0x20000\n trap", "pageFault"),
        ("load_u8 r1, 0x100\n trap", "panic"), ("load_u64 r1, -16908291\n trap", "pageFault"),
        ("load_imm r7, 77\n ecalli 4\n trap", "invalidRequest"),
        ("load_imm_64 r7, 0x100000001\n ecalli 4\n ecalli 2", "unfinished"),
        ("load_imm r7, 1\n ecalli 4\n ecalli 2", "unfinished"),
        ("here:\n ecalli 1\n jump here", "tooLong"),
        (
            "load_imm_64 r7, 0x1000000000000\n here:\n ecalli 4\n jump here",
            "invalidRequest"
        ),
    ])
    func hostile(source: String, fault: String) throws {
        var house = try Household(source)
        let root = house.instance.root
        try house.take(.tick, quantum: 100_000)
        let failure = try #require(house.failures.first)
        #expect("\(failure)".hasPrefix(fault), "\(failure)")
        #expect(house.transitions.isEmpty && house.instance.root == root && house.hasCrashed)
    }

    @Test func growingTheHeapIsRefused() throws {
        let bytes = try Programs.encoded("load_imm r1, 1\n sbrk r2, r1\n trap")
        #expect(throws: ProgramRefusal.self) { try AgentProgram(decoding: bytes) }
        let large = try Programs.encoded(".heap 255\n.stack 1\n trap")
        #expect(throws: ProgramRefusal.imageTooLarge) { try AgentProgram(decoding: large) }
        _ = try AgentProgram(decoding: Programs.encoded(".heap 254\n.stack 1\n trap"))
    }

    /// Touches every leaf of 100 pages, at a step of 64 bytes; `rest` stands in the loop.
    private static func wide(_ rest: String) -> String {
        """
        .heap 100
        .stack 4096
            load_imm r2, 0x20000
            load_imm r3, 0x84000
            fallthrough
        leaf:
            store_ind_u8 r2, r2, 0
            add_imm_64 r2, r2, 64
            \(rest)
            branch_lt_u r2, r3, leaf
            ecalli 3
        """
    }

    @Test func whatTouchesTooMuchInATurnFails() throws {
        var house = try Household(Self.wide("fallthrough"))
        let root = house.instance.root
        try house.take(.tick, quantum: 1_000_000)
        #expect(house.failures == [.tooLong] && house.hasCrashed)
        #expect(house.transitions.isEmpty && house.instance.root == root)
    }

    @Test func manyTurnsAreCutBeforeTheyAreTooMuch() throws {
        let never = SubmissionPolicy(interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)
        let pause = "and_imm r4, r2, 0xfff\n branch_ne_imm r4, 0, on\n ecalli 2\n fallthrough\n on:"
        var house = try Household(Self.wide(pause), policy: never)
        try house.take(.tick, quantum: 1_000_000, most: 1_000)
        #expect(house.failures.isEmpty && house.instance.hasEnded)
        #expect((6...8).contains(house.transitions.count))
        var hungry = try Household(
            "here:\n add_imm_64 r2, r2, 1\n ecalli 2\n jump here", policy: never, gasLimit: 100)
        try hungry.take(.tick, most: 100)
        #expect(hungry.failures.isEmpty && !hungry.transitions.isEmpty)
    }

    @Test func thousandsOfYieldsGoOn() throws {
        var house = try Household("here:\n add_imm_64 r2, r2, 1\n ecalli 2\n jump here")
        try house.take(.tick, most: 50)
        #expect(house.transitions.count == 50)
        #expect(house.instance.sequence == 50)
    }

    @Test func requestsAreAnswered() throws {
        // Asks for identity, time and the digest of "abc", writes all words of the answers.
        let source = """
                load_imm r7, 1
                ecalli 4
                load_imm r7, 2
                ecalli 4
                load_imm_64 r7, 0x200000003
                ecalli 4
                load_imm r7, 3
                ecalli 4
                load_imm r7, 0x636261
                ecalli 4
                load_imm_64 r7, 0x100000004
                ecalli 4
                load_imm r7, 99
                ecalli 4
                load_imm r3, 13
                fallthrough
            word:
                ecalli 5
                ecalli 1
                add_imm_64 r3, r3, -1
                branch_ne_imm r3, 0, word
                ecalli 3
            """
        var house = try Household(source)
        try house.take(.tick)
        let output = try #require(house.outputs.first)
        let agent = Words.of([UInt8](repeating: 0xA1, count: 32))
        #expect(output[0] == 4 << 32 && Array(output[1...4]) == agent)
        #expect(output[5] == 1 << 32 && output[6] == Household.start.nanoseconds)
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(output[7] == 4 << 32)
        #expect(Hex.encode(Words.bytes(output[8...11])) == digest)
        #expect(output[12] == 0 && house.records == [[99]])
        #expect(house.instance.hasEnded)
    }
}
