// Questions about the committee, the graph, and how far everybody is.
import Consensus
import Ledger
import Primitives
import Replica

/// A seat of the present committee as this node sees it.
public struct ValidatorView: Hashable, Sendable {
    public var seat: UInt8
    public var key: PublicKey
    /// Where it listens, as the ledger knows it, or this node's configuration; may be empty.
    public var address: String
    /// Whether it is this node.
    public var isOwn: Bool
    public var isConnected: Bool
    /// Nil where there is no link or nothing was measured.
    public var roundTripNanoseconds: UInt64?
    /// Of its newest block here; nil before its first in this epoch.
    public var lastRound: UInt64?
    /// Rounds that its newest block lies behind the newest of all.
    public var lagRounds: UInt64
    /// The last checkpoint it said it has; nil where it said nothing.
    public var height: UInt64?
    /// Checkpoints that it lies behind this node; nil where it said nothing.
    public var lagCheckpoints: UInt64?
    /// Its blocks among those that the last commits put in order.
    public var blocks: UInt64
    /// Whether it was seen here to sign two blocks for one round.
    public var isExposed: Bool
    /// Its first fault that was proven in the ledger; nil where there is none.
    public var fault: FaultKind?
}

/// The committee, and where its graph is.
public struct CommitteeStatus: Hashable, Sendable {
    public var epoch: UInt64
    /// Of the newest block.
    public var round: UInt64
    /// Of the last commit's leaders.
    public var committedRound: UInt64
    /// Commits since genesis.
    public var commits: UInt64
    /// This node's seat; nil for an observer.
    public var seat: UInt8?
    public var seats: Int
    /// Certificates kept since the node was started.
    public var certificates: UInt64
    /// Own batches that are on their way.
    public var batchesUnderWay: Int
    /// Why this validator signs nothing more; nil while it does.
    public var halted: HaltReason?
}

extension Node {
    /// The seats in their order.
    public func validators() throws(NodeFailure) -> [ValidatorView] {
        let core = try asked().core
        let replica = core.replica
        let members = replica.state.committee.members
        let links = network.links()
        let store = replica.order.store
        let counts = core.graph.blockCounts(
            of: replica.epoch, seats: replica.committee.validators.count)
        return replica.committee.validators.enumerated().map { index, key in
            let seat = Seat(UInt8(index))
            let newest = store.newestBlock(of: seat)?.round.number
            let isOwn = key == keys.validator.publicKey
            let link = links.first { $0.key == key }
            let height = isOwn ? replica.last?.height ?? 0 : replica.status(of: key)?.height
            return ValidatorView(
                seat: seat.index, key: key,
                address: address(of: key, among: members), isOwn: isOwn,
                isConnected: link != nil, roundTripNanoseconds: link?.roundTripNanoseconds,
                lastRound: newest, lagRounds: store.highestRound.number - (newest ?? 0),
                height: height,
                lagCheckpoints: height.map { max(replica.last?.height ?? 0, $0) - $0 },
                blocks: counts[index], isExposed: store.exposed.contains(seat),
                fault: replica.state.fault(key)?.kind)
        }
    }

    private func address(of key: PublicKey, among members: [CommitteeMember]) -> String {
        let told = members.first { $0.key == key }?.address ?? ""
        return told.isEmpty ? network.address(key) ?? "" : told
    }

    /// The validators of this epoch and where they listen.
    public var committeeMembers: [SeatAddress] {
        guard let replica = working?.core.replica else { return [] }
        let members = replica.state.committee.members
        return replica.committee.validators.map { key in
            SeatAddress(key: key, address: members.first { $0.key == key }?.address ?? "")
        }
    }

    /// Certificates kept since the store was opened.
    public var certificatesKept: UInt64 { working?.core.certificates ?? 0 }

    public func committee() throws(NodeFailure) -> CommitteeStatus {
        guard let core = working?.core else { throw .unavailable }
        let replica = core.replica
        return CommitteeStatus(
            epoch: replica.epoch, round: replica.order.store.highestRound.number,
            committedRound: replica.order.head.round.number,
            commits: replica.order.head.index, seat: replica.seat?.index,
            seats: replica.committee.validators.count, certificates: core.certificates,
            batchesUnderWay: core.chain.batches.count, halted: core.halted)
    }

    /// The commits after `index`, oldest first; the newest ones where it is nil. Those that are
    /// long
    /// past are not kept.
    public func commits(after index: UInt64?, limit: Int) throws(NodeFailure) -> [GraphCommit] {
        try asked().core.graph.commits(after: index, limit: limit)
    }
}
