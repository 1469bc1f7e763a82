// Whether the peer is alive, and how far away it is.

/// Pings at an interval, one at a time, and what was heard last.
struct Heartbeat: Sendable {
    private let limits: LinkLimits
    private var heardAt: UInt64
    private var nextPingAt: UInt64
    /// The number of the ping that waits for its pong: the time it was sent.
    private var asked: UInt64?
    private var isPingDue = false
    /// The number of the peer's last ping, not answered yet. Only the last is: a flood of pings
    /// has one answer.
    private var pongDue: UInt64?
    /// Nanoseconds from a ping to its pong, averaged: seven parts old, one part new. Nil until
    /// the first.
    private(set) var roundTrip: UInt64?

    init(_ limits: LinkLimits, at now: UInt64) {
        self.limits = limits
        heardAt = now
        nextPingAt = now
    }

    var hasOutput: Bool { isPingDue || pongDue != nil }

    /// An authentic record came, or we have chosen not to read.
    mutating func heard(at now: UInt64) { heardAt = max(heardAt, now) }

    func isSilent(at now: UInt64) -> Bool {
        now > heardAt && now - heardAt >= limits.silentNanoseconds
    }

    mutating func tick(at now: UInt64) {
        guard asked == nil, now >= nextPingAt else { return }
        isPingDue = true
    }

    mutating func receive(ping number: UInt64) { pongDue = number }

    /// False where nobody asked for that pong.
    mutating func receive(pong number: UInt64, at now: UInt64) -> Bool {
        guard let asked, asked == number else { return false }
        self.asked = nil
        let span = now > asked ? now - asked : 0
        roundTrip = roundTrip.map { $0 - $0 / 8 + span / 8 } ?? span
        return true
    }

    /// The next record of the heartbeat's own.
    mutating func next(at now: UInt64) -> Record? {
        if let number = pongDue {
            pongDue = nil
            return .pong(number)
        }
        guard isPingDue else { return nil }
        isPingDue = false
        asked = now
        let (sum, overflow) = now.addingReportingOverflow(limits.pingNanoseconds)
        nextPingAt = overflow ? .max : sum
        return .ping(now)
    }
}
