// Whom to dial and when, whom to admit, and which of two links to one peer stays: a value.
import Primitives

/// What happens to a peer book.
public enum PeerInput: Hashable, Sendable {
    /// The validators of the committee, ourselves among them or not.
    case committee([PeerEntry])
    /// Time has passed; to be given every 50 ms or so.
    case tick
    /// Somebody has connected from this address.
    case accepted(LinkID, address: String)
    /// The connection to a peer we were asked to dial stands.
    case dialed(LinkID, PublicKey)
    /// It could not be made.
    case dialFailed(PublicKey)
    /// The link has proven that its peer holds this key.
    case authenticated(LinkID, PublicKey)
    /// The link has ended, whoever ended it.
    case closed(LinkID)
}

/// What a peer book asks for, in this order.
public enum PeerAction: Hashable, Sendable {
    case dial(PeerEntry)
    /// Close the connection. `PeerInput.closed` may follow or not.
    case close(LinkID, PeerRefusal)
    /// Messages for the peer go over this link from now on.
    case connected(PublicKey, PeerRole, LinkID)
    /// The peer has no link.
    case disconnected(PublicKey)
    /// A connected peer has another role after a change of committee.
    case changed(PublicKey, PeerRole)
}

/// Of two validators the one with the lower key dials; one that is in no committee dials all. Where
/// two links to one peer meet, both sides keep the same one: the newer if one side dialled both,
/// else the one that the lower key dialled.
public struct PeerBook: Sendable {
    private struct Linked: Hashable {
        var id: LinkID
        var dialer: PublicKey
        /// Empty where we dialled.
        var address: String
        var since: UInt64
    }

    private struct Peer: Hashable {
        var key: PublicKey
        /// Nil for an observer.
        var entry: PeerEntry?
        var link: Linked?
        var isDialing = false
        var failures = 0
        var nextDialAt: UInt64 = 0

        var role: PeerRole { entry == nil ? .observer : .validator }
    }

    /// A connection whose key is not proven yet.
    private struct Stranger: Hashable {
        var id: LinkID
        var address: String
        /// The peer we dialled there.
        var dialed: PublicKey?
        /// When it is forgotten, where it has ended.
        var forgottenAt: UInt64?

        /// Whether it has ended, and long enough ago.
        func isForgotten(at now: UInt64) -> Bool { forgottenAt.map { $0 <= now } ?? false }
    }

    private let own: PublicKey
    private let limits: PeerBookLimits
    private var chance: SeededGenerator
    private var isMember = false
    /// In order of key.
    private var peers: [Peer] = []
    private var strangers: [Stranger] = []

    /// - Parameter seed: of the jitter in the delays between attempts.
    public init(own: PublicKey, limits: PeerBookLimits, seed: UInt64) {
        self.own = own
        self.limits = limits
        chance = SeededGenerator(seed: seed)
    }

    /// The connected peers of a role and their links, in order of key.
    public func links(_ role: PeerRole) -> [(key: PublicKey, link: LinkID)] {
        peers.compactMap { peer in
            guard peer.role == role, let link = peer.link else { return nil }
            return (peer.key, link.id)
        }
    }

    /// The link of a connected peer.
    public func link(of key: PublicKey) -> LinkID? {
        place(of: key).found.flatMap { peers[$0].link?.id }
    }

    /// - Parameter now: monotonic nanoseconds.
    public mutating func step(
        _ input: PeerInput, at now: UInt64, into actions: inout [PeerAction]
    ) {
        switch input {
        case .committee(let entries): replaceCommittee(entries, at: now, &actions)
        case .tick: dialDue(at: now, &actions)
        case .accepted(let id, let address): accept(id, address, at: now, &actions)
        case .dialed(let id, let key):
            strangers.append(Stranger(id: id, address: "", dialed: key))
        case .dialFailed(let key): dialFailed(key, at: now)
        case .authenticated(let id, let key): admit(id, key, at: now, &actions)
        case .closed(let id): closed(id, at: now, &actions)
        }
    }

    /// The place of `key` among the peers, or where it would be.
    private func place(of key: PublicKey) -> (found: Int?, next: Int) {
        var (low, high) = (0, peers.count)
        while low < high {
            let middle = low + (high - low) / 2
            if peers[middle].key < key { low = middle + 1 } else { high = middle }
        }
        let isFound = low < peers.count && peers[low].key == key
        return (isFound ? low : nil, low)
    }

    // Dialling

    private mutating func dialDue(at now: UInt64, _ actions: inout [PeerAction]) {
        for index in peers.indices {
            let peer = peers[index]
            guard let entry = peer.entry, peer.link == nil, !peer.isDialing,
                !isMember || own < peer.key, peer.nextDialAt <= now
            else { continue }
            peers[index].isDialing = true
            actions.append(.dial(entry))
        }
    }

    private mutating func dialFailed(_ key: PublicKey, at now: UInt64) {
        guard let index = place(of: key).found, peers[index].isDialing else { return }
        peers[index].isDialing = false
        scheduleDial(index, at: now)
    }

    private mutating func scheduleDial(_ index: Int, at now: UInt64) {
        peers[index].failures += 1
        let delay = Backoff.delay(failures: peers[index].failures, limits, using: &chance)
        let (sum, overflow) = now.addingReportingOverflow(delay)
        peers[index].nextDialAt = overflow ? .max : sum
    }

    // Admission

    private mutating func accept(
        _ id: LinkID, _ address: String, at now: UInt64, _ actions: inout [PeerAction]
    ) {
        strangers.removeAll { $0.isForgotten(at: now) }
        let others = strangers.count { $0.dialed == nil && !isHome($0.address) }
        guard isHome(address) || others < limits.strangers,
            connections(from: address) < limits.perAddress
        else { return actions.append(.close(id, .crowded)) }
        strangers.append(Stranger(id: id, address: address, dialed: nil))
    }

    /// Whether a validator lives there: a crowd from elsewhere does not keep it out.
    private func isHome(_ address: String) -> Bool {
        peers.contains { $0.entry?.host == address }
    }

    /// Strangers and observers from `address`; validators do not count, they are few and known.
    private func connections(from address: String) -> Int {
        strangers.count { $0.dialed == nil && $0.address == address }
            + peers.count { $0.role == .observer && $0.link?.address == address }
    }

    private mutating func admit(
        _ id: LinkID, _ key: PublicKey, at now: UInt64, _ actions: inout [PeerAction]
    ) {
        guard let index = strangers.firstIndex(where: { $0.id == id }),
            strangers[index].forgottenAt == nil
        else { return }
        let stranger = strangers.remove(at: index)
        if let dialed = stranger.dialed, let place = place(of: dialed).found {
            peers[place].isDialing = false
        }
        let link = Linked(
            id: id, dialer: stranger.dialed == nil ? key : own, address: stranger.address,
            since: now)
        if key == own { return actions.append(.close(id, .ownKey)) }
        if let known = place(of: key).found { return attach(link, to: known, &actions) }
        guard observerCount < limits.observers else {
            return actions.append(.close(id, .observersFull))
        }
        peers.insert(Peer(key: key, link: link), at: place(of: key).next)
        actions.append(.connected(key, .observer, id))
    }

    private var observerCount: Int { peers.count { $0.role == .observer && $0.link != nil } }

    private mutating func attach(
        _ link: Linked, to index: Int, _ actions: inout [PeerAction]
    ) {
        let peer = peers[index]
        if let old = peer.link {
            guard old.dialer == link.dialer || link.dialer == min(own, peer.key) else {
                return actions.append(.close(link.id, .duplicate))
            }
            actions.append(.close(old.id, .replaced))
            actions.append(.disconnected(peer.key))
        }
        peers[index].link = link
        actions.append(.connected(peer.key, peer.role, link.id))
    }

    private mutating func closed(
        _ id: LinkID, at now: UInt64, _ actions: inout [PeerAction]
    ) {
        if let index = strangers.firstIndex(where: { $0.id == id }) {
            return strangerClosed(index, at: now)
        }
        guard let index = peers.firstIndex(where: { $0.link?.id == id }) else { return }
        let since = peers[index].link?.since ?? now
        if now >= since, now - since >= limits.stableNanoseconds { peers[index].failures = 0 }
        peers[index].link = nil
        actions.append(.disconnected(peers[index].key))
        if peers[index].entry == nil {
            peers.remove(at: index)
        } else {
            scheduleDial(index, at: now)
        }
    }

    private mutating func strangerClosed(_ index: Int, at now: UInt64) {
        if let key = strangers[index].dialed {
            strangers.remove(at: index)
            dialFailed(key, at: now)
        } else if strangers[index].forgottenAt == nil {
            let (sum, overflow) = now.addingReportingOverflow(limits.strangerNanoseconds)
            strangers[index].forgottenAt = overflow ? .max : sum
        }
    }

    // The committee

    private mutating func replaceCommittee(
        _ entries: [PeerEntry], at now: UInt64, _ actions: inout [PeerAction]
    ) {
        isMember = entries.contains { $0.key == own }
        let before = peers
        for index in peers.indices { peers[index].entry = nil }
        for entry in entries where entry.key != own {
            let (found, next) = place(of: entry.key)
            if let found {
                peers[found].entry = entry
            } else {
                peers.insert(Peer(key: entry.key, entry: entry, nextDialAt: now), at: next)
            }
        }
        peers.removeAll { $0.entry == nil && $0.link == nil }
        reportRoles(before, &actions)
        closeSurplusObservers(&actions)
    }

    private func reportRoles(_ before: [Peer], _ actions: inout [PeerAction]) {
        for old in before where old.link != nil {
            guard let index = place(of: old.key).found, peers[index].role != old.role else {
                continue
            }
            actions.append(.changed(old.key, peers[index].role))
        }
    }

    /// Validators that have left become observers; the newest that are too many go.
    private mutating func closeSurplusObservers(_ actions: inout [PeerAction]) {
        while observerCount > limits.observers {
            let newest = peers.filter { $0.role == .observer }.compactMap(\.link?.id).max()
            guard let newest, let index = peers.firstIndex(where: { $0.link?.id == newest })
            else { return }
            actions.append(.close(newest, .observersFull))
            actions.append(.disconnected(peers.remove(at: index).key))
        }
    }
}
