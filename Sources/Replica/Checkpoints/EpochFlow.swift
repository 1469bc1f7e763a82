// How an epoch closes and the next begins, at places that the order fixes for all.
import Consensus
import Ledger
import Primitives
import Records

/// How far the present epoch is.
struct EpochFlow: Sendable {
    var started = Instant(nanoseconds: 0)
    /// No votes and confirms are given any more.
    var isClosing = false
    /// Seats that have put everything they confirmed into the order.
    var ended = SeatSet()

    /// The place of the value in the state (`StateKey.consensus`).
    static let slot: UInt8 = 2

    func isOver(quorum: Int) -> Bool { isClosing && ended.count >= quorum }

    /// Start, closing (1), number of seats that ended (1), their indices.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(started)
        writer.write(UInt8(isClosing ? 1 : 0))
        let seats = (0..<UInt8(Limits.validatorsPerCommittee)).filter { ended.contains(Seat($0)) }
        writer.write(UInt8(seats.count))
        for seat in seats { writer.write(seat) }
        return writer.bytes
    }

    init() {}

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        started = try reader.readInstant()
        isClosing = try reader.read(UInt8.self) == 1
        for _ in 0..<(try reader.read(UInt8.self)) { ended.insert(Seat(try reader.read())) }
        try reader.finish()
    }
}

extension Replica {
    /// The committee that would have the seats if the next epoch began now.
    var nextCommittee: Committee {
        Committee(state.nextCommittee.map(\.key)) ?? committee
    }

    /// Begins to close the epoch once its time is over.
    mutating func closeIfDue(at time: Instant) {
        let end = flow.started.advanced(byNanoseconds: settings.epochNanoseconds)
        guard !flow.isClosing, time >= end else { return }
        flow.isClosing = true
        work.append(.locks(.closing))
    }

    /// Begins the next epoch after the last commit of this one.
    mutating func turn(at time: Instant, now: Instant, into actions: inout [Action]) {
        let members = state.nextCommittee
        let next = nextCommittee
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
            Recovery(head: start, sequenced: [], blocks: [], startsReady: false), at: now, into: &actions)
    }

    /// Makes the machines of the present epoch, and takes own submissions up again.
    mutating func begin(
        _ recovery: Recovery, at now: Instant, into actions: inout [Action]
    ) {
        view = Self.view(of: committee, chain: genesis.digest, epoch: epoch)
        earlier = order
        order = Self.order(view, key: key, settings, recovery)
        locks = FastPath(committee: view, key: key, settings: settings.fastPath(for: view))
        known = KnownCertificates()
        early.removeAll()
        backlog.removeAll()
        contacts.statuses.removeAll()
        work.removeAll()
        guard !isReplaying else { return }
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
