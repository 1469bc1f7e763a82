// More than f faulty seats: how a validator notices, keeps the evidence, tells others, and stops.
import Consensus
import Ledger
import Primitives
import Records

/// What was certified here lately: another header of one of these heights with a certificate of
/// the same committee is a second history, which more than f seats have signed into being.
struct CertifiedHeights: Sendable {
    struct Entry: Sendable {
        var height: UInt64
        var digest: Digest
        var committee: Committee
    }

    /// In order of height.
    private var entries: [Entry] = []
    /// The newest of them whole, to show to others.
    private(set) var newest: Checkpoint?

    private static let most = 1_024

    mutating func note(_ checkpoint: Checkpoint, of committee: Committee) {
        let header = checkpoint.header
        if entries.count >= 2 * Self.most { entries.removeFirst(Self.most) }
        entries.append(
            Entry(height: header.height, digest: header.digest, committee: committee))
        newest = checkpoint
    }

    /// Whether the checkpoint is certified, of this chain, and another than the one of its height.
    func isContradicted(by checkpoint: Checkpoint, chain: Digest) -> Bool {
        let header = checkpoint.header
        guard header.chain == chain,
            let entry = entries.last(where: { $0.height == header.height }),
            entry.digest != header.digest
        else { return false }
        return entry.committee.certifies(header, by: checkpoint.certificate)
    }
}

extension Replica {
    // MARK: Seats proven faulty

    /// A seat is proven faulty. With more than f of them no quorum says anything.
    mutating func convict(_ seat: Seat, into actions: inout [Action]) {
        guard proven.insert(seat) else { return }
        guard proven.count > view.faults else { return }
        // What others need to be convinced was not put in order any more.
        if !isReplaying {
            for evidence in order.store.evidence {
                actions.append(.record(.block(evidence.first)))
                actions.append(.record(.block(evidence.second)))
            }
        }
        halt(.outnumbered(view.seats.filter { proven.contains($0) }), into: &actions)
    }

    /// Seats that were seen to make two blocks in a round.
    mutating func convictExposed(into actions: inout [Action]) {
        for evidence in order.store.evidence where halted == nil {
            convict(evidence.author, into: &actions)
        }
    }

    // MARK: A second history

    /// Looks whether `checkpoint` belongs to another history than this validator's.
    mutating func compare(_ checkpoint: Checkpoint, into actions: inout [Action]) {
        guard halted == nil,
            certifiedHeights.isContradicted(by: checkpoint, chain: genesis.digest)
        else { return }
        if !isReplaying { actions.append(.record(.checkpoint(checkpoint))) }
        halt(.diverged(height: checkpoint.header.height), into: &actions)
        let both = [certifiedHeights.newest, checkpoint].compactMap { $0 }
        actions.append(.broadcast(.checkpoints(both)))
    }

    /// Asks one of the others after another what it has at the height of the own last checkpoint.
    mutating func askForHistory(of peer: PublicKey?, into actions: inout [Action]) {
        guard let height = last?.height, halted == nil, let peer else { return }
        actions.append(.send(.checkpointsWanted(from: height), to: peer))
    }
}
