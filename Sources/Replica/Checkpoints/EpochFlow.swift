// How an epoch closes and the next begins, at places that the order fixes for all.
import Consensus
import Ledger
import Primitives
import Records

/// How far the present epoch is.
struct EpochFlow: Sendable {
    var started = Instant(nanoseconds: 0)
    /// Who has the seats in the next epoch; fixed, and not empty, once this one closes: from then
    /// on no votes and confirms are given any more.
    var next: [CommitteeMember] = []
    /// Since when this seat knows of the close, by its own clock.
    var closingSince: Instant?
    /// Everything that this seat may have confirmed is carried out.
    var isFlushed = false
    /// This seat has put the end of the epoch in order.
    var hasEnded = false
    /// Seats that have put everything they confirmed into the order.
    var ended = SeatSet()

    var isClosing: Bool { !next.isEmpty }

    /// The place of the value in the state (`StateKey.consensus`).
    static let slot: UInt8 = 2

    func isOver(quorum: Int) -> Bool { isClosing && ended.count >= quorum }

    /// Start, number of next members (1), each a key and an address, number of seats that ended
    /// (1), their indices.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(started)
        writer.write(UInt8(next.count))
        for member in next {
            writer.write(member.key)
            writer.write(member.address)
        }
        let seats = (0..<UInt8(Limits.validatorsPerCommittee)).filter { ended.contains(Seat($0)) }
        writer.write(UInt8(seats.count))
        for seat in seats { writer.write(seat) }
        return writer.bytes
    }

    init() {}

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        started = try reader.readInstant()
        for _ in 0..<(try reader.read(UInt8.self)) {
            let key: PublicKey = try reader.read()
            let address = try reader.readText(limit: Limits.nameBytes)
            next.append(CommitteeMember(key: key, address: address))
        }
        guard next.isEmpty || Committee(next.map(\.key)) != nil else {
            throw DecodingFailure(.outOfRange, at: 8)
        }
        var least = 0
        for _ in 0..<(try reader.read(UInt8.self)) {
            let offset = reader.offset
            let index = try reader.read(UInt8.self)
            guard (least..<Limits.validatorsPerCommittee).contains(Int(index)) else {
                throw DecodingFailure(.outOfRange, at: offset)
            }
            least = Int(index) + 1
            ended.insert(Seat(index))
        }
        try reader.finish()
    }
}

extension Replica {
    /// The committee of the next epoch, once this one closes.
    var nextCommittee: Committee { Committee(flow.next.map(\.key)) ?? committee }

    /// Begins to close the epoch once its time is over.
    mutating func closeIfDue(at time: Instant) {
        let end = flow.started.advanced(byNanoseconds: settings.epochNanoseconds)
        guard !flow.isClosing, time >= end else { return }
        flow.next = state.nextCommittee
        work.append(.locks(.closing))
        beginGeneration()
    }

    /// Puts this seat's end of the epoch in order when it has nothing more to add, and the keys of
    /// the next epoch are made or take too long.
    mutating func endIfReady(at now: Instant) {
        guard flow.isClosing, !flow.hasEnded, let seat, halted == nil, !isReplaying else { return }
        let since = flow.closingSince ?? now
        flow.closingSince = since
        guard flow.isFlushed else { return }
        let limit = since.advanced(byNanoseconds: CoinKeeping.patience)
        guard isGenerationOver || now >= limit else { return alarms.set(.epochEnd, at: limit) }
        flow.hasEnded = true
        if !flow.ended.contains(seat) { put([.endOfEpoch]) }
    }

    /// Begins the next epoch after the last commit of this one.
    mutating func turn(at time: Instant, now: Instant, into actions: inout [Action]) {
        let members = flow.next
        let next = nextCommittee
        turnKeys()
        let head = execution.trail.head
        epoch += 1
        state.beginEpoch(epoch, at: time, members: members)
        committee = next
        flow = EpochFlow()
        flow.started = time
        let start = CommitHead(
            index: head.index, round: .genesis, digest: head.digest, time: head.time)
        execution.removeAll()
        execution.trail = OrderTrail(head: start)
        begin(
            Recovery(head: start, sequenced: [], blocks: [], startsReady: false), at: now,
            into: &actions)
    }

    /// Makes the machines of the present epoch, and takes own submissions up again.
    mutating func begin(
        _ recovery: Recovery, at now: Instant, into actions: inout [Action]
    ) {
        earlier = EarlierEpoch(order: order, coin: coin, view: view, isNeeded: seat != nil)
        view = Self.view(of: committee, chain: genesis.digest, epoch: epoch)
        order = Self.order(
            view, key: key, settings, recovery,
            hasKeys: !state.consensus(CoinKeeping.presentSlot).isEmpty)
        locks = FastPath(committee: view, key: key, settings: settings.fastPath(for: view))
        known = KnownCertificates()
        proven = SeatSet()
        early.removeAll()
        postponed.removeAll()
        backlog.removeAll()
        contacts.statuses.removeAll()
        work.removeAll()
        restoreCoin()
        guard !isReplaying else { return }
        registerSealingKey()
        makeReady()
        resubmit(at: now)
        actions.append(.broadcast(.status(status(for: nil))))
    }

    /// Own submissions that are not carried out are given to the fast path of the new epoch.
    mutating func resubmit(at now: Instant) {
        guard seat != nil, halted == nil else { return }
        offer(pool.own)
    }
}
