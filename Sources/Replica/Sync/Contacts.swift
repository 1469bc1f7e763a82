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

    /// Peers without a seat, by the number under which the graph knows them.
    private var observers: [PublicKey] = []

    /// Peers without a seat that are remembered; a later one takes the number of the oldest.
    private static let mostObservers = 256
    private var nextObserver = 0

    /// The name of a peer in the graph.
    mutating func peer(_ key: PublicKey, in view: CommitteeView) -> Peer {
        if let seat = view.seat(of: key) { return .seat(seat) }
        if let known = observers.firstIndex(of: key) { return .observer(UInt32(known)) }
        if observers.count < Self.mostObservers {
            observers.append(key)
            return .observer(UInt32(observers.count - 1))
        }
        nextObserver = (nextObserver + 1) % Self.mostObservers
        observers[nextObserver] = key
        return .observer(UInt32(nextObserver))
    }

    func key(of peer: Peer, in view: CommitteeView) -> PublicKey? {
        switch peer {
        case .seat(let seat): view.contains(seat) ? view.keys[Int(seat.index)] : nil
        case .observer(let number):
            Int(number) < observers.count ? observers[Int(number)] : nil
        }
    }

    init(nextStatus: Instant) { self.nextStatus = nextStatus }

    /// One of `peers` after the other.
    mutating func nextPeer(_ peers: [PublicKey]) -> PublicKey? {
        guard !peers.isEmpty else { return nil }
        turn &+= 1
        return peers[(turn & 0xFFFF) % peers.count]
    }
}

extension Replica {
    /// What a seat said of itself last; nil where nothing was heard.
    public func status(of peer: PublicKey) -> SeatStatus? { contacts.statuses[peer] }

    /// What this validator says of itself; to one peer also the newest block of that peer.
    func status(for peer: PublicKey?) -> SeatStatus {
        var newest: Block?
        if let peer, let seat = view.seat(of: peer) {
            newest = order.store.newestBlock(of: seat)?.block
        }
        return SeatStatus(
            epoch: epoch, head: order.committer.head.round,
            commits: order.committer.head.index, floor: order.store.lowestServed - 1,
            height: last?.height ?? 0, yours: newest, isAsking: contacts.isAsking)
    }

    mutating func greet(_ peer: PublicKey, into actions: inout [Action]) {
        actions.append(.send(.status(status(for: peer)), to: peer))
    }

    /// Sends statuses when it is time, and says things again that were not answered.
    mutating func attend(at now: Instant, into actions: inout [Action]) {
        remind(at: now, into: &actions)
        reconsider(at: now, into: &actions)
        offerPostponed(at: now)
        if !execution.isEmpty { execute(at: now, into: &actions) }
        beat(at: now, into: &actions)
        endIfReady(at: now)
        giveBacklog()
        drain(at: now, into: &actions)
        continueDownload(at: now, into: &actions)
        guard view.count > 1 || seat == nil else { return }
        if now >= contacts.nextStatus {
            contacts.nextStatus = now.advanced(byNanoseconds: settings.statusNanoseconds)
            for peer in others {
                actions.append(
                    .send(.status(status(for: nil)), to: peer))
            }
            sweep(at: now)
            registerSealingKey()
            askForHistory(of: contacts.nextPeer(others), into: &actions)
        }
        alarms.set(.status, at: contacts.nextStatus)
    }

    /// Gives the graph what it had no room for.
    private mutating func giveBacklog() {
        if !backlog.isEmpty {
            let payloads = backlog
            backlog.removeAll()
            for payload in payloads { work.append(.order(.payload(payload))) }
        }
    }

    private mutating func sweep(at now: Instant) {
        let old = Instant(
            nanoseconds: now.nanoseconds - min(now.nanoseconds, Self.deadAfter))
        var swept = BodyPool(limit: settings.poolBytes)
        swap(&swept, &pool)
        swept.sweep(before: old) { $0.sequence <= head(of: $0).sequence }
        swap(&swept, &pool)
    }

    /// Nanoseconds after which a body that cannot be carried out any more is forgotten.
    private static var deadAfter: UInt64 { 10 * Nanoseconds.perSecond }

    // MARK: Statuses of others

    mutating func take(
        _ status: SeatStatus, from peer: PublicKey, at now: Instant, into actions: inout [Action]
    ) {
        if status.isAsking { actions.append(.send(.status(self.status(for: peer)), to: peer)) }
        guard view.seat(of: peer) != nil else { return }
        contacts.statuses[peer] = status
        if let block = status.yours, let checked = try? CheckedBlock(block, in: view),
            checked.author == seat
        {
            work.append(.order(.block(checked, from: contacts.peer(peer, in: view))))
        }
        if contacts.isAsking { readyIfHeard() }
        considerDownload(status, from: peer, at: now, into: &actions)
    }

    /// Lets the graph sign once a quorum, this seat included, has told of this epoch.
    private mutating func readyIfHeard() {
        let heard = others.count { contacts.statuses[$0]?.epoch == epoch }
        guard heard + 1 >= view.quorum else { return }
        makeReady()
    }

    /// Lets this validator sign. Called at once where a new epoch began while running: no disk came
    /// back in between.
    mutating func makeReady() {
        contacts.isAsking = false
        work.append(.order(.ready))
        work += unsaid
        unsaid.removeAll()
    }
}
