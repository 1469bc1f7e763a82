// The part of the graph that is not in the order yet, with the slots that wait for a verdict.
import Consensus
import Primitives

/// A slot that may still go either way.
public struct GraphSlot: Hashable, Sendable {
    public var round: UInt64
    /// The leader's seat; nil while no coin told it.
    public var seat: UInt8?
    /// Whether a coin elects the leader.
    public var isElected: Bool
}

/// Everything above the last commit, as this node has it now.
public struct GraphTip: Hashable, Sendable {
    public var epoch: UInt64
    public var seats: Int
    public var quorum: Int
    /// By round, author, digest.
    public var blocks: [GraphBlock]
    public var slots: [GraphSlot]
}

extension GraphTip {
    /// Rounds below the last commit that are looked through for blocks that it left out.
    private static let roundsBelow: UInt64 = 8
    /// Rounds told, at most: the newest.
    private static let mostRounds: UInt64 = 64

    init(of order: Validator) {
        let (store, head) = (order.store, order.committer.head.round)
        epoch = order.committee.epoch
        seats = order.committee.count
        quorum = order.committee.quorum
        blocks = []
        slots = []
        let ordered = Set(order.committer.sequencedReferences)
        var round = max(head - Self.roundsBelow, store.highestRound - Self.mostRounds) + 1
        while round <= store.highestRound {
            for name in store.references(in: round) where !ordered.contains(name) {
                if let block = store.block(name) { blocks.append(GraphBlock(block)) }
            }
            if round > head { slots += Self.slots(of: round, in: order.committer) }
            round = round + 1
        }
    }

    private static func slots(of round: Round, in committer: Committer) -> [GraphSlot] {
        guard committer.isKnown(round) else {
            return [GraphSlot(round: round.number, seat: nil, isElected: true)]
        }
        return committer.knownLeaders(of: round).map {
            GraphSlot(round: round.number, seat: $0.index, isElected: false)
        }
    }
}

extension Node {
    /// What is not in the order yet.
    public func graphTip() throws(NodeFailure) -> GraphTip {
        GraphTip(of: try asked().core.replica.order)
    }
}
