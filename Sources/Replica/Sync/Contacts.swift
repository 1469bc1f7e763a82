// What this validator knows of the others, and what they are told once a second.
import Consensus
import Primitives

/// Statuses of other seats, and whose turn it is to be asked.
struct Contacts: Sendable {
    /// The newest status of each peer.
    var statuses: [PublicKey: SeatStatus] = [:]
    /// When statuses are sent next.
    var nextStatus: Instant
    /// Whether this validator waits for statuses before it signs anything.
    var isAsking = false
    private var turn = 0

    init(nextStatus: Instant) { self.nextStatus = nextStatus }

    /// One of `peers` after the other.
    mutating func nextPeer(_ peers: [PublicKey]) -> PublicKey? {
        guard !peers.isEmpty else { return nil }
        turn &+= 1
        return peers[(turn & 0xFFFF) % peers.count]
    }
}

extension Replica {
    /// What this validator says of itself; to one peer also the newest block of that peer.
    func status(for peer: PublicKey?) -> SeatStatus {
        var newest: Block?
        if let peer, let seat = view.seat(of: peer) {
            newest = order.store.newest(of: seat)?.block
        }
        return SeatStatus(
            epoch: epoch, head: order.committer.head.round,
            commits: order.committer.head.index, floor: order.committer.floor,
            height: last?.height ?? 0, yours: newest, isAsking: contacts.isAsking)
    }

    mutating func greet(_ peer: PublicKey, into actions: inout [Action]) {
        actions.append(.send(.status(status(for: peer)), to: peer))
    }

    /// Sends statuses when it is time, and says things again that were not answered.
    mutating func attend(at now: Instant, into actions: inout [Action]) {
        remind(at: now, into: &actions)
        if early.contains(where: { $0.deadline <= now }) { reconsider(at: now, into: &actions) }
        if !execution.isEmpty { execute(at: now, into: &actions) }
        giveBacklog()
        drain(at: now, into: &actions)
        continueDownload(at: now, into: &actions)
        guard view.count > 1 || seat == nil else { return }
        if now >= contacts.nextStatus {
            contacts.nextStatus = now.advanced(byNanoseconds: settings.statusNanoseconds)
            for peer in others { greet(peer, into: &actions) }
            sweep(at: now)
        }
        actions.append(.wake(contacts.nextStatus))
    }

    /// Gives the graph what it had no room for, and the end of the epoch once all else is given.
    private mutating func giveBacklog() {
        if !backlog.isEmpty {
            let items = backlog
            backlog.removeAll()
            work.append(.order(.payload(items)))
        }
        if isEndDue, !isReplaying {
            isEndDue = false
            put([.endOfEpoch])
        }
    }

    private mutating func sweep(at now: Instant) {
        let old = Instant(
            nanoseconds: now.nanoseconds - min(now.nanoseconds, Self.deadAfter))
        pool.sweep(before: old) { body in
            body.sequence <= head(of: body).sequence
        }
    }

    /// Nanoseconds after which a body that cannot be carried out any more is forgotten.
    private static var deadAfter: UInt64 { 10 * Nanoseconds.perSecond }

    // MARK: Statuses of others

    mutating func take(
        _ status: SeatStatus, from peer: PublicKey, at now: Instant, into actions: inout [Action]
    ) {
        if status.isAsking { actions.append(.send(.status(status(for: peer)), to: peer)) }
        guard view.seat(of: peer) != nil else { return }
        contacts.statuses[peer] = status
        if let block = status.yours, let checked = try? CheckedBlock(block, in: view),
            checked.author == seat
        {
            work.append(.order(.ownBlockSeen(checked)))
        }
        if contacts.isAsking { readyIfHeard() }
        considerDownload(status, from: peer, at: now, into: &actions)
    }

    /// Lets the graph sign once a quorum, this seat included, has told of this epoch.
    private mutating func readyIfHeard() {
        let heard = others.count { contacts.statuses[$0]?.epoch == epoch }
        guard heard + 1 >= view.quorum else { return }
        contacts.isAsking = false
        work.append(.order(.ready))
    }

    /// Called where a new epoch began while running: no disk came back in between.
    mutating func makeReady() {
        contacts.isAsking = false
        work.append(.order(.ready))
    }
}
