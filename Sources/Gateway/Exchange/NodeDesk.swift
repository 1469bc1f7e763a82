// What stands beside the node on its thread: its deadline, its events, and how long things took.
import Environment
import Ledger
import Node
import Platform
import Primitives

/// The node with its surroundings. One thread.
final class NodeDesk {
    let node: Node
    let clock: any Clock
    let meters = NodeMeters()
    /// Where events go.
    var feed: @Sendable ([FeedItem]) -> Void = { _ in }
    /// What of them somebody wants.
    var interest = FeedInterest()
    /// Told the validators of an epoch when it begins.
    var committeeChanged: ([SeatAddress]) -> Void = { _ in }
    /// Told the agents whose accepted state may have changed.
    var instancesChanged: ([AgentID]) -> Void = { _ in }
    /// The timer that is set; nil where none is.
    var timer: TimerID?
    private var feeding = Feeding()
    private var events: [NodeEvent] = []
    /// When the node wants to be called, by the monotonic clock.
    private var due: UInt64 = .max
    private var timerDue: UInt64 = .max
    private var isClosed = false
    /// Whether something was handed to the node that is not committed yet.
    private(set) var isInTurn = false
    /// What is asked once the turn is committed, in order.
    var questions: [@Sendable (NodeDesk) -> Void] = []

    init(node: Node, clock: any Clock) {
        self.node = node
        self.clock = clock
        node.onEvent = { [unowned self] event in events.append(event) }
        node.onTurn = { [unowned self] times in meters.totals?.turns.note(times) }
    }

    /// Everything handed to the node from now on belongs to one turn, until `endTurn`.
    func beginTurn() {
        isInTurn = true
        node.beginTurn()
    }

    /// Lets the node commit what the turn brought, and do what is due.
    func endTurn() {
        node.endTurn()
        isInTurn = false
        let asked = questions
        questions.removeAll()
        for question in asked { question(self) }
        guard !isClosed else { return }
        let delay = min(node.nanosecondsToNextDeadline, Self.longestDelay)
        due = clock.monotonicNanoseconds() &+ delay
    }

    /// The timer that was set has come.
    func noteTimer() {
        timer = nil
        timerDue = .max
    }

    /// The delay of a timer to be set now, and the one it takes the place of; nil where the timer
    /// that is set will do.
    func takeTimer() -> (delay: UInt64, earlier: TimerID?)? {
        guard !isClosed, due < timerDue else { return nil }
        timerDue = due
        let now = clock.monotonicNanoseconds()
        return (due > now ? due - now : 0, timer)
    }

    /// Sends off everything the node told since the last call.
    func sendFeed() {
        guard !events.isEmpty else { return }
        let told = events
        events.removeAll(keepingCapacity: true)
        let now = clock.monotonicNanoseconds()
        meters.note(certificates: node.certificatesKept, at: now)
        var instances: [AgentID] = []
        for event in told {
            meters.note(event, at: now)
            if case .instance(let agent) = event { instances.append(agent) }
            if case .epoch = event { committeeChanged(node.committeeMembers) }
        }
        if !instances.isEmpty { instancesChanged(instances) }
        let items = feeding.items(for: told, interest.kinds, desk: self, at: now)
        if !items.isEmpty { feed(items) }
    }

    func close() {
        isClosed = true
        node.close()
        sendFeed()
    }

    /// Nanoseconds: a clock that was set back must not silence the node for long.
    private static let longestDelay = 10 * Nanoseconds.perSecond
}

/// Runs a question to the node; a disk that fails becomes a problem.
func asking<Value>(
    _ question: () throws(NodeFailure) -> Value
) throws(Problem) -> Value {
    do throws(NodeFailure) {
        return try question()
    } catch {
        switch error {
        case .storage(.archived):
            throw Problem(
                .archived, "It lies in the archive and is being brought back.",
                retryAfterSeconds: 2)
        case .unavailable, .storage:
            throw Problem(.storageFailed, "The store cannot be read now.", retryAfterSeconds: 1)
        case .pruned(let batch):
            throw Problem(
                .pruned,
                "The records of batch \(batch) were pruned here; receipts handed out still verify.")
        default:
            throw Problem(
                .internalFault, "The store does not hold what it should: run store check.")
        }
    }
}
