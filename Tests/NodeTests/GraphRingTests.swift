// The ring of commits that views are made of: what it gives, and what it lets go of.
import Primitives
import Testing

@testable import Node

@Suite struct GraphRingTests {
    /// A commit of blocks by four seats in turn, each with so many parents.
    private func commit(
        _ index: UInt64, blocks: Int = 4, parents: Int = 4, epoch: UInt64 = 0
    ) -> GraphCommit {
        let made = (0..<blocks).map { seat in
            GraphBlock(
                round: index, seat: UInt8(seat % 4), digest: Digest(),
                time: Instant(nanoseconds: index),
                parents: [Digest](repeating: Digest(), count: parents), items: 0, bytes: 4)
        }
        return GraphCommit(
            index: index, epoch: epoch, round: index, time: Instant(nanoseconds: index),
            digest: Digest(), verdicts: [], blocks: made)
    }

    private func ring(_ commits: some Sequence<GraphCommit>) -> GraphRing {
        var ring = GraphRing()
        for commit in commits { ring.append(commit) }
        return ring
    }

    @Test func givesThoseAfterAnIndexOldestFirst() {
        let ring = ring((1...20).map { commit($0) })
        #expect(ring.commits(after: 17, limit: 10).map(\.index) == [18, 19, 20])
        #expect(ring.commits(after: 2, limit: 3).map(\.index) == [3, 4, 5])
        #expect(ring.commits(after: nil, limit: 3).map(\.index) == [18, 19, 20])
        #expect(ring.commits(after: 20, limit: 3).isEmpty)
    }

    @Test func letsTheOldestGo() {
        let ring = ring((1...2_000).map { commit($0) })
        let kept = ring.commits(after: 0, limit: 2_000).map(\.index)
        #expect(kept.count <= 512 && kept.last == 2_000)
        #expect(kept == Array(kept[0]...2_000))
    }

    @Test func anAnswerHoldsWhatFitsAndOneInAnyCase() {
        let wide = ring((1...20).map { commit($0, blocks: 128, parents: 86) })
        let newest = wide.commits(after: nil, limit: 40).map(\.index)
        #expect(newest.last == 20 && newest.count < 10 && newest == newest.sorted())
        #expect(wide.commits(after: newest[0], limit: 40).first?.index == newest[0] + 1)
        let huge = ring([commit(1, blocks: 1_000, parents: 128)])
        #expect(huge.commits(after: nil, limit: 1).count == 1)
    }

    @Test func countsTheBlocksOfSeatsInAnEpoch() {
        var ring = ring((1...3).map { commit($0, blocks: 6) })
        ring.append(commit(4, blocks: 2, epoch: 1))
        #expect(ring.blockCounts(of: 0, seats: 4) == [6, 6, 3, 3])
        #expect(ring.blockCounts(of: 1, seats: 1) == [1])
    }
}
