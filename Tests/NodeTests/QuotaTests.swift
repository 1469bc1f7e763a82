// Limits at a node: the records over them are refused by name, the others are taken.
import Ledger
import Node
import Primitives
import Records
import Replica
import Testing

@Suite struct QuotaTests {
    let cast = Cast()
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func limit(
        _ account: AccountID, in node: Node, _ sequence: UInt64, _ change: (inout Quota) -> Void
    ) throws {
        var quota = Quota()
        change(&quota)
        try give(.limit(account, quota), in: node, sequence)
    }

    private func give(_ command: LawCommand, in node: Node, _ sequence: UInt64) throws {
        let operation = SignedOperation(
            chain: cast.genesis.digest, owner: cast.ownerID, sequence: sequence,
            command: .law(command), key: cast.owner)
        var outcomes: [LedgerOutcome] = []
        node.submit(operation) { outcomes.append($0) }
        guard case .accepted = try #require(outcomes.first) else {
            Issue.record("\(outcomes)")
            return
        }
    }

    private func record(
        _ submissions: [Submission], in node: Node
    ) throws -> SubmissionOutcome.Recorded {
        var outcomes: [SubmissionOutcome] = []
        node.submit(submissions, owner: cast.ownerID) { outcomes.append($0) }
        cast.clock.move(milliseconds: 21)
        node.advance()
        guard case .recorded(let recorded) = try #require(outcomes.first) else {
            Issue.record("\(outcomes)")
            return .init()
        }
        return recorded
    }

    private var alpha: AgentID { AgentID(owner: cast.ownerID, name: "alpha") }

    @Test func onlyTheRecordsOverALimitAreRefused() throws {
        let node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
        #expect(try record([cast.submission(1)], in: node).recorded == 1)
        try limit(AccountID(alpha), in: node, 3) { $0.hour.records = 3 }
        let mixed = (2...7).map { cast.submission($0, agent: $0 % 2 == 0 ? "alpha" : "beta") }
        let recorded = try record(mixed, in: node)
        #expect(recorded.recorded == 5)
        #expect(recorded.refused.map(\.index) == [4])
        guard case .limit(.quota(let reached))? = recorded.refused.first?.reason else {
            Issue.record("\(recorded.refused)")
            return
        }
        #expect(reached.account == AccountID(alpha) && reached.limit == 3)
        let usage = try node.usage(of: AccountID(cast.ownerID))
        #expect(usage.total.records == 6 && usage.hour.records == 6 && usage.quota == nil)
        #expect(try node.usage(of: AccountID(alpha)).quota?.hour.records == 3)

        // There is room when the refusal says.
        let opens = try #require(reached.opens)
        let wait = opens.nanoseconds(since: cast.clock.now()) / Nanoseconds.perMillisecond
        cast.clock.move(milliseconds: wait - 30)
        #expect(try record([mixed[4]], in: node).recorded == 0)
        cast.clock.move(milliseconds: 10)
        #expect(try record([mixed[4]], in: node).recorded == 1)
        node.close()
    }

    /// A stop of one agent does not take the batch of all others down with it.
    @Test func aStopRefusesTheRecordsOfOneAgent() throws {
        let node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
        let both = [cast.submission(1), cast.submission(2, agent: "beta")]
        #expect(try record(both, in: node).recorded == 2)
        try give(.stop(.agent(alpha)), in: node, 3)
        let after = try record(
            [cast.submission(3), cast.submission(4, agent: "beta")], in: node)
        #expect(after.recorded == 1 && after.refused.map(\.index) == [0])
        guard case .limit(.forbidden(.agentStopped))? = after.refused.first?.reason else {
            Issue.record("\(after.refused)")
            return
        }
        try give(.resume(.agent(alpha)), in: node, 4)
        #expect(try record([cast.submission(3)], in: node).recorded == 1)
        node.close()
    }

    /// What waits in the open batch counts, also over a restart.
    @Test func theOpenBatchCounts() throws {
        var node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
        #expect(try record([cast.submission(1)], in: node).recorded == 1)
        try limit(AccountID(cast.ownerID), in: node, 3) { $0.day.tokens = 39 }
        var answers: [SubmissionOutcome] = []
        for number in [2, 3, 4] as [UInt8] {
            node.submit([cast.submission(number)], owner: cast.ownerID) { answers.append($0) }
        }
        node.close()
        let refused = answers.map { answer in
            guard case .recorded(let recorded) = answer else { return -1 }
            return recorded.refused.count
        }
        #expect(refused.reduce(0, +) == 1 && refused.count == 3)
        node = try cast.node(at: scratch.path)
        #expect(try node.usage(of: AccountID(cast.ownerID)).day.tokens == 39)
        #expect(try record([cast.submission(5)], in: node).refused.count == 1)
        node.close()
    }

    /// A limit holds over several gateways: what another has in flight counts as soon as its batch
    /// is here, long before it is carried out.
    @Test(arguments: [24, 30, 40, 60]) func aLimitHoldsOverGateways(milliseconds: Int) throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        let cast = cluster.cast
        var outcomes: [SubmissionOutcome] = []
        func submit(_ numbers: ClosedRange<UInt8>, to index: Int) {
            let submissions = numbers.map { cast.submission(run: UInt8(index), $0) }
            cluster.node(index).submit(submissions, owner: cast.ownerID) { outcomes.append($0) }
        }
        submit(1...1, to: 0)
        #expect(try cluster.run(milliseconds: 3_000) { outcomes.count == 1 })
        var quota = Quota()
        quota.hour.records = 4
        var isSet = false
        let operation = SignedOperation(
            chain: cluster.genesis.digest, owner: cast.ownerID, sequence: 6,
            command: .law(.limit(AccountID(alpha), quota)), key: cast.owner)
        cluster.node(0).submit(operation) { if case .accepted = $0 { isSet = true } }
        #expect(try cluster.run(milliseconds: 3_000) { isSet } && cluster.settle())
        submit(2...3, to: 1)
        try cluster.run(milliseconds: milliseconds)
        submit(4...9, to: 2)
        #expect(try cluster.run(milliseconds: 5_000) { outcomes.count == 3 })
        #expect(try cluster.settle())
        let refused = outcomes.map { outcome in
            guard case .recorded(let recorded) = outcome else { return -1 }
            return recorded.refused.count
        }
        #expect(refused == [0, 0, 5])
        let usage = try cluster.node(3).usage(of: AccountID(alpha))
        #expect(usage.hour.records == 4)
        for index in 0..<4 { cluster.close(index) }
    }
}
