// Four validators with real stores: what one answers all have, in one order, and a node that dies
// comes back with everything it answered.
import Ledger
import Node
import Primitives
import Records
import Testing

@Suite struct ClusterTests {
    private func submission(_ cluster: Cluster, _ number: Int, agent: String = "alpha")
        -> Submission
    {
        var submission = cluster.cast.submission(
            run: UInt8(1 + number / 200), UInt8(1 + number % 200),
            agent: agent)
        submission.start = cluster.cast.clock.now()
        return submission
    }

    @Test func whatOneAnswersAllHave() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        var outcomes: [SubmissionOutcome] = []
        for index in 0..<4 {
            cluster.node(index).submit(
                [
                    submission(cluster, 10 * index, agent: "agent \(index)"),
                    submission(cluster, 10 * index + 1, agent: "agent \(index)"),
                ], owner: cluster.cast.ownerID
            ) { outcomes.append($0) }
        }
        #expect(outcomes.isEmpty, "nobody is answered before the committee was")
        #expect(try cluster.run(milliseconds: 2_000) { outcomes.count == 4 })
        for outcome in outcomes {
            guard case .recorded(let recorded) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(recorded.recorded == 2 && recorded.refused.isEmpty)
        }
        #expect(try cluster.settle())
        let batches = try (0..<4).map { index in
            try cluster.node(index).batches(after: nil, limit: 10).items.map(\.digest)
        }
        #expect(batches[0].count == 4)
        for index in 1..<4 { #expect(batches[index] == batches[0]) }
        guard case .receipt(let receipt) = try cluster.node(3).receipt(RecordID(batch: 2, row: 0))
        else {
            Issue.record("no receipt")
            return
        }
        try receipt.verify(trusted: cluster.genesis.digest)
        #expect(receipt.checkpoint.certificate.count >= 3)
    }

    @Test func aNodeThatDiesComesBackWithEverythingItAnswered() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        var answered: Set<OperationID> = []
        func submit(_ numbers: Range<Int>, to index: Int) {
            for number in numbers {
                let one = submission(cluster, number)
                cluster.node(index).submit([one], owner: cluster.cast.ownerID) { outcome in
                    if case .recorded(let recorded) = outcome, recorded.recorded == 1 {
                        answered.insert(one.operation)
                    }
                }
            }
        }
        submit(0..<20, to: 1)
        #expect(try cluster.run(milliseconds: 2_000) { answered.count >= 1 })
        submit(20..<40, to: 1)
        try cluster.run(milliseconds: 22)
        cluster.kill(1)
        submit(40..<60, to: 2)
        #expect(try cluster.run(milliseconds: 3_000) { answered.count >= 40 })
        try cluster.start(1)
        #expect(try cluster.settle(milliseconds: 10_000))
        let run = try #require(try cluster.node(1).run(RunID([UInt8](repeating: 1, count: 16))!))
        let found = try cluster.node(1).operations(of: run, after: nil, limit: 100).items
            .map(\.record.operation)
        #expect(Set(found).count == found.count)
        #expect(answered.isSubset(of: found), "\(answered.subtracting(found))")
        // Those on their way when it died were not forgotten either.
        #expect(found.count == 60)
        for index in 0..<4 { cluster.close(index) }
        for index in 0..<4 { #expect(try StoreCheck.run(cluster.opening(index)).faults == []) }
    }

    @Test func anIndexIsMadeAgainFromBlocks() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        var answers = 0
        for number in 0..<30 {
            cluster.node(number % 4).submit(
                [submission(cluster, number)], owner: cluster.cast.ownerID
            ) { _ in answers += 1 }
            try cluster.run(milliseconds: 25)
        }
        #expect(try cluster.run(milliseconds: 2_000) { answers == 30 })
        #expect(try cluster.settle())
        let before = try cluster.node(2).batches(after: nil, limit: 100).items
        cluster.close(2)
        try cluster.loseIndex(2)
        try cluster.start(2)
        #expect(try cluster.settle())
        let after = try cluster.node(2).batches(after: nil, limit: 100).items
        #expect(after.map(\.digest) == before.map(\.digest))
        #expect(after.map(\.number) == before.map(\.number))
    }

    @Test func withoutAQuorumNothingIsAnsweredAndNothingIsLost() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        cluster.isCut = { from, to in (from < 2) != (to < 2) }
        var outcomes: [SubmissionOutcome] = []
        cluster.node(0).submit([submission(cluster, 1)], owner: cluster.cast.ownerID) {
            outcomes.append($0)
        }
        try cluster.run(milliseconds: 9_900)
        #expect(outcomes.isEmpty)
        try cluster.run(milliseconds: 200)
        guard case .undecided = try #require(outcomes.first) else {
            Issue.record("\(outcomes)")
            return
        }
        cluster.isCut = { _, _ in false }
        let isThere = try cluster.run(milliseconds: 10_000) {
            try cluster.node(3).status().records == 1
        }
        #expect(isThere)
        #expect(try cluster.settle())
        // Sent again, it is recorded once.
        cluster.node(0).submit([submission(cluster, 1)], owner: cluster.cast.ownerID) {
            outcomes.append($0)
        }
        #expect(try cluster.run(milliseconds: 2_000) { outcomes.count == 2 })
        guard case .recorded(let recorded) = outcomes[1] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(recorded.duplicates == 1)
    }

    @Test func whatNobodyHadHeardOfIsSubmittedAgain() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        // The agent is known, so that the batch itself is what is on its way.
        var answers = 0
        cluster.node(1).submit([submission(cluster, 1)], owner: cluster.cast.ownerID) { _ in
            answers += 1
        }
        #expect(try cluster.run(milliseconds: 2_000) { answers == 1 })
        #expect(try cluster.settle())
        cluster.isCut = { from, to in from == 1 || to == 1 }
        cluster.node(1).submit(
            [submission(cluster, 2), submission(cluster, 3, agent: "beta")],
            owner: cluster.cast.ownerID
        ) { _ in answers += 1 }
        cluster.node(1).submit([submission(cluster, 4)], owner: cluster.cast.ownerID) { _ in
            answers += 1
        }
        try cluster.run(milliseconds: 100)
        #expect(answers == 1)
        cluster.kill(1)
        try cluster.run(milliseconds: 100)
        cluster.isCut = { _, _ in false }
        try cluster.start(1)
        let isThere = try cluster.run(milliseconds: 5_000) {
            try cluster.node(0).status().records == 2 && cluster.node(0).status().agents == 2
        }
        let status = try cluster.node(0).status()
        #expect(isThere, "\(status)")
    }

    @Test func aNodeThatIsFarBehindGoesOnFromASnapshot() throws {
        // Many rounds: the others must have let go of the blocks that the fourth lacks.
        let cluster = try Cluster(4) { $0.replica.calmNanoseconds = 2 * Nanoseconds.perMillisecond }
        try cluster.enroll()
        cluster.close(3)
        var answers = 0
        func submit(_ numbers: Range<Int>, to index: Int) throws {
            for number in numbers {
                cluster.node(index).submit(
                    [submission(cluster, number)], owner: cluster.cast.ownerID
                ) { _ in answers += 1 }
                cluster.node(index).flush()
                try cluster.run(milliseconds: 12)
            }
        }
        try submit(0..<60, to: 0)
        #expect(try cluster.run(milliseconds: 2_000) { answers == 60 })
        #expect(try cluster.settle())
        // A node that was started again has no old blocks.
        for index in 0..<3 {
            cluster.close(index)
            try cluster.start(index)
            #expect(try cluster.settle())
        }
        try cluster.start(3)
        #expect(try cluster.settle(milliseconds: 20_000))
        #expect(try cluster.node(3).batch(1) == nil, "it followed the graph after all")
        let (one, other) = (try cluster.node(0).status(), try cluster.node(3).status())
        #expect(one.records == other.records && one.batches == other.batches)
        // It takes part again: what it takes in is numbered as everywhere.
        try submit(60..<64, to: 3)
        #expect(try cluster.run(milliseconds: 3_000) { answers == 64 })
        #expect(try cluster.settle())
        let batches = try [0, 3].map { index in
            try cluster.node(index).batches(after: nil, limit: 4).items.map(\.digest)
        }
        #expect(batches[0] == batches[1])
        let newest = try #require(try cluster.node(3).batches(after: nil, limit: 1).items.first)
        guard case .receipt(let receipt) = try cluster.node(3).receipt(
            RecordID(batch: newest.number, row: 0))
        else {
            Issue.record("no receipt")
            return
        }
        try receipt.verify(trusted: cluster.genesis.digest)
        // The same after a restart, and with the index lost.
        for isLost in [false, true] {
            cluster.close(3)
            if isLost { try cluster.loseIndex(3) }
            #expect(try isLost || StoreCheck.run(cluster.opening(3)).faults == [])
            try cluster.start(3)
            #expect(try cluster.settle())
            #expect(try cluster.node(3).status().batches == one.batches + 4)
        }
    }
}
