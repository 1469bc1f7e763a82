// When a seat opens its share of a coin, and how it comes to the coins that others open.
import Cryptography
import Primitives

/// One seat's coins of one epoch. A round matters while R > L + D, L being the round of the last
/// commit: before that a leader is known. Shares are verified only when f + 1 of a round are
/// here.
public struct CoinOpener: Sendable {
    public enum Input: Sendable {
        /// A share out of a block of `from`, of round `in`.
        case share(CoinShare, from: Seat, in: Round)
        /// A coin that somebody served whole.
        case opened(OpenedCoin)
        /// The round of the last commit is now this.
        case committed(Round)
    }

    public enum Action: Hashable, Sendable {
        /// coin(R) is known: an input of `Validator`.
        case open(Round, Digest)
        /// A seat signed a wrong share.
        case accuse(CoinEvidence)
        /// This seat's share, or what this seat served, does not count.
        case refuse(Seat?, CoinFault)
    }

    /// Rounds past L + D for which coins are taken that somebody serves whole. Shares out of blocks
    /// need no such limit: there is one at most for each block of the graph.
    public static let window: UInt64 = 512
    /// Shares that are made at a time, at most: the rest follows with the next block.
    private static let mostShares = 64

    private struct Pending {
        var seen = SeatSet()
        /// In the order they came.
        var unverified: [CoinShare] = []
        var valid: [CoinShare] = []
    }

    public let coin: Coin
    private let secret: CoinSecret?
    private let key: SigningKey?
    private let knownRounds: UInt64?
    private let depth: UInt64
    private var head: Round
    /// The last round of which the own share was made, or was of no use.
    private var spoken = Round.genesis
    private var pending: [Round: Pending] = [:]
    private var opened: [Round: OpenedCoin] = [:]
    /// Seats proven to have signed a wrong share; nothing of theirs is looked at any more.
    private var exposed = SeatSet()

    /// - Parameters:
    ///   - secret: nil for a seat that came out of the key generation without a share.
    ///   - key: of the same seat; nil for an observer.
    ///   - settings: of the chain; where D is infinite, nothing is ever opened.
    ///   - head: L.
    public init(
        coin: Coin, secret: CoinSecret?, key: SigningKey?, settings: CommitSettings, head: Round
    ) {
        self.coin = coin
        self.secret = secret
        self.key = key
        knownRounds = settings.knownRounds.map { min($0, Round.last.number) }
        depth = settings.depth
        self.head = head
    }

    /// Whether the leader of `round` is elected by its coin, as far as this seat has committed.
    private func isElected(_ round: Round) -> Bool {
        guard let knownRounds else { return false }
        return round > head + knownRounds && round <= .last
    }

    /// The shares to put into the own block of `round`: of the coins up to `round` - 5 that were
    /// not due in the own block before, and only where this seat has not committed so far that the
    /// leader is known anyway. A seat that is behind makes several blocks at once, and gives the
    /// shares of all of them in one.
    public mutating func shares(
        inBlockOf round: Round, into actions: inout [Action]
    ) -> [CoinShare] {
        guard round > .genesis + Wave.coin.length, let secret, let key, let knownRounds
        else { return [] }
        let last = round - Wave.coin.length
        var shares: [CoinShare] = []
        var due = max(spoken, head + min(knownRounds, Round.last.number - head.number))
        while due < last, shares.count < Self.mostShares {
            due = due + 1
            spoken = due
            // What came in an own block before a restart, or is open, is not given again.
            let isKnown = pending[due]?.seen.contains(secret.seat) ?? false
            if isKnown || due < last && opened[due] != nil { continue }
            let share = coin.share(of: due, secret: secret, key: key)
            shares.append(share)
            guard opened[due] == nil else { continue }
            pending[due, default: Pending()].seen.insert(secret.seat)
            pending[due, default: Pending()].valid.append(share)
            combine(due, into: &actions)
        }
        return shares
    }

    /// The coin of `round` with its shares, for a seat that asks; nil where it is not open, or no
    /// longer kept.
    public func opened(_ round: Round) -> OpenedCoin? { opened[round] }

    /// Takes one input; the same inputs give the same actions. It needs no time.
    public mutating func step(_ input: Input, into actions: inout [Action]) {
        switch input {
        case .share(let share, let sender, let block):
            take(share, from: sender, in: block, into: &actions)
        case .opened(let coin): take(coin, into: &actions)
        case .committed(let round): advance(to: round)
        }
    }

    /// A round that is of no use, known or past, is passed over without a word.
    private mutating func take(
        _ share: CoinShare, from sender: Seat, in block: Round, into actions: inout [Action]
    ) {
        guard share.seat == sender else {
            actions.append(.refuse(sender, .wrongSender))
            return
        }
        guard coin.committee.contains(sender) else {
            actions.append(.refuse(sender, .unknownSeat))
            return
        }
        guard isElected(share.round), opened[share.round] == nil, !exposed.contains(sender)
        else { return }
        guard block.number >= share.round.number + Wave.coin.length else {
            actions.append(.refuse(sender, .roundTooFar))
            return
        }
        guard pending[share.round, default: Pending()].seen.insert(sender) else { return }
        pending[share.round, default: Pending()].unverified.append(share)
        combine(share.round, into: &actions)
    }

    private mutating func take(_ whole: OpenedCoin, into actions: inout [Action]) {
        let round = whole.round
        guard isElected(round), opened[round] == nil else { return }
        guard round <= head + (knownRounds ?? 0) + Self.window else {
            actions.append(.refuse(nil, .roundTooFar))
            return
        }
        do {
            let value = try whole.value(in: coin)
            keep(whole, value, into: &actions)
        } catch { actions.append(.refuse(nil, error)) }
    }

    /// Verifies as many shares as are missing, where enough are here.
    private mutating func combine(_ round: Round, into actions: inout [Action]) {
        guard var waiting = pending[round],
            waiting.valid.count + waiting.unverified.count >= coin.threshold
        else { return }
        let base = coin.point(of: round)
        var next = 0
        while waiting.valid.count < coin.threshold,
            waiting.valid.count + waiting.unverified.count - next >= coin.threshold
        {
            let share = waiting.unverified[next]
            next += 1
            do {
                try coin.check(share, over: base)
                waiting.valid.append(share)
            } catch { reject(share, error, into: &actions) }
        }
        waiting.unverified.removeFirst(next)
        pending[round] = waiting
        guard waiting.valid.count >= coin.threshold, let whole = OpenedCoin(shares: waiting.valid)
        else { return }
        keep(whole, coin.combine(whole.shares), into: &actions)
    }

    private mutating func reject(
        _ share: CoinShare, _ fault: CoinFault, into actions: inout [Action]
    ) {
        if fault == .invalidProof {
            if exposed.insert(share.seat) { actions.append(.accuse(CoinEvidence(share: share))) }
        } else {
            actions.append(.refuse(share.seat, fault))
        }
    }

    private mutating func keep(_ whole: OpenedCoin, _ value: Digest, into actions: inout [Action]) {
        pending[whole.round] = nil
        opened[whole.round] = whole
        actions.append(.open(whole.round, value))
    }

    /// Forgets shares of rounds whose leaders are known now, and coins of rounds that no seat
    /// decides any more without a snapshot.
    private mutating func advance(to round: Round) {
        guard round > head else { return }
        head = round
        pending = pending.filter { isElected($0.key) }
        opened = opened.filter { $0.key > head - depth }
    }
}
