// The numbers of the decision rules in one value, so that tests can spoil each and see it caught.
import Primitives

/// Everything by which slots are found and decided. Only `init(_:for:)` is right.
struct CommitRules: Sendable {
    /// Seats in the order of their turns.
    var schedule: [Seat]
    var leadersPerRound: Int
    /// Voters that blame a slot, to skip it directly.
    var skipQuorum: Int
    /// Voters among a block's parents, for the block to be a certificate.
    var certificateQuorum: Int
    /// Authors of certificates, to commit directly.
    var commitQuorum: Int
    var knownWave: Wave
    var coinWave: Wave
    /// What goes wrong elsewhere: in the graph, in own blocks, in talk.
    var lapses: Lapses = []
    /// The last round with known leaders, from the round of the last commit and the highest round
    /// seen. The latter is no common knowledge: the right rule does not look at it.
    var lastKnownRound: @Sendable (_ head: Round, _ tip: Round) -> Round

    init(_ settings: CommitSettings, for committee: CommitteeView) {
        schedule = committee.seats
        leadersPerRound = min(settings.leadersPerRound, committee.count)
        skipQuorum = committee.quorum
        certificateQuorum = committee.quorum
        commitQuorum = committee.quorum
        knownWave = .known
        coinWave = .coin
        let known = settings.knownRounds
        lastKnownRound = { head, _ in known.map { head + min($0, Round.last.number) } ?? .last }
    }

    /// The known leaders of `round`, each once, in the order of their slots.
    func leaders(of round: Round) -> [Seat] {
        let first = round.number * UInt64(leadersPerRound)
        var seats: [Seat] = []
        for turn in 0..<UInt64(leadersPerRound) {
            let seat = schedule[Int((first + turn) % UInt64(schedule.count))]
            if !seats.contains(seat) { seats.append(seat) }
        }
        return seats
    }

    func wave(of kind: Slot.Kind) -> Wave { kind == .known ? knownWave : coinWave }

    /// The slots after the commit of round `head` up to `tip`, in their order.
    func slots(after head: Round, through tip: Round, coins: OpenedCoins) -> [Slot] {
        var slots: [Slot] = []
        let lastKnown = lastKnownRound(head, tip)
        var round = head + 1
        while round <= tip {
            slots += self.slots(of: round, lastKnown: lastKnown, coins: coins)
            round = round + 1
        }
        return slots
    }

    /// The slots of one round.
    func slots(of round: Round, lastKnown: Round, coins: OpenedCoins) -> [Slot] {
        round <= lastKnown
            ? leaders(of: round).map { Slot(round: round, kind: .known, author: $0) }
            : [Slot(round: round, kind: .coin, author: coins[round])]
    }
}

/// The coins that are known. A coin of round R is to be opened only once a block of round R + 5 can
/// be made, so that nobody could shape the rounds it elects from.
public struct OpenedCoins: Sendable {
    private var seats: [Round: Seat] = [:]

    public init() {}

    /// The seat that the coin of `round` elects; nil while it is closed.
    public subscript(round: Round) -> Seat? { seats[round] }

    /// Notes the coin of `round`; the first word on a round stays.
    public mutating func open(_ round: Round, _ coin: Digest, in committee: CommitteeView) {
        if seats[round] == nil { seats[round] = committee.elected(by: coin) }
    }

    /// Forgets the coin of `round`.
    mutating func forget(_ round: Round) { seats[round] = nil }
}
