// What a start has to replay: no more after a second start than after the first.
import Ledger
import Primitives
import Records
import Testing

@testable import Node

@Suite struct RetentionTests {
    /// Every seat's gateway takes in a record a few times, with checkpoints between.
    private func work(_ cluster: Cluster, _ run: UInt8) throws {
        for number in 1...6 as ClosedRange<UInt8> {
            for index in 0..<4 {
                var submission = cluster.cast.submission(
                    run: run, number * 4 + UInt8(index), agent: "agent \(index)")
                submission.start = cluster.cast.clock.now()
                cluster.node(index).submit([submission], owner: cluster.cast.ownerID) { _ in }
            }
            try cluster.run(milliseconds: 300)
        }
        #expect(try cluster.settle())
    }

    /// The first frame that a start of this node would read.
    private func first(_ node: Node) throws -> UInt64 {
        let working = try #require(node.working)
        let stored = try #require(try working.store.snapshot())
        return stored.replayFrom
    }

    @Test func whatASnapshotSettledIsNotKeptAfterAStart() throws {
        let cluster = try Cluster(4)
        try cluster.enroll()
        try work(cluster, 1)
        let before = try first(cluster.node(3))
        cluster.close(3)
        try cluster.start(3)
        let end = try #require(cluster.node(3).working).store.journal.committedSequence
        // The last blocks before a checkpoint are kept a while.
        for run in 2...4 as ClosedRange<UInt8> { try work(cluster, run) }
        let after = try first(cluster.node(3))
        #expect(before < end && after > end, "\(before), \(end), \(after)")
    }
}
