// One simulated machine: a program, its journal on a simulated disk, and the output commit between
// them.
//
// The shell works in turns, as the node does: all inputs that are there are stepped, then one
// commit makes what they recorded durable, then the actions behind the records are let out.
import Environment
import Primitives
import Storage

struct Shell<Program: Machine> {
    enum State: Hashable {
        /// No process.
        case down
        case idle
        /// A commit is under way.
        case syncing
    }

    let number: Int
    /// The seat whose key it holds.
    let seat: Int
    let disk: SimulatedDisk
    let storeID: StoreID
    var clock = SkewedClock()
    /// Nothing is stepped before this time.
    var pausedUntil: Instant?
    private(set) var state = State.down
    /// Raised by every start and crash: events of an earlier life mean nothing.
    private(set) var life: UInt64 = 0
    private(set) var program: Program?
    private var journal: Journal?
    private var inbox: [MachineInput] = []
    /// Actions that wait for the commit.
    private var held: [MachineAction] = []
    private var isDirty = false
    /// When the next tick is planned, in virtual time.
    var plannedTick: Instant?

    init(number: Int, seat: Int, disk: SimulatedDisk) {
        self.number = number
        self.seat = seat
        self.disk = disk
        storeID = StoreID.zeroed
    }

    var isUp: Bool { state != .down }

    // MARK: Life and death

    /// Starts a process with `fresh` and replays the journal into it. Returns the actions of the
    /// replay, of which only facts count, and those of the start.
    mutating func start(
        _ fresh: Program, at now: Instant
    ) throws(ShellFailure) -> [MachineAction] {
        life += 1
        inbox = []
        held = []
        isDirty = false
        plannedTick = nil
        var program = fresh
        var actions: [MachineAction] = []
        do {
            let journal = try Journal(
                disk: disk, directory: "journal",
                settings: JournalSettings(
                    storeID: storeID, purpose: .records, segmentBytes: 4 << 20))
            self.journal = journal
            var refusal: ReplayRefusal?
            try journal.replay { frame in
                do throws(ReplayRefusal) {
                    try program.replay(
                        kind: frame.kind, Array(frame.payload), into: &actions)
                } catch { refusal = error }
                return refusal == nil
            }
            if let refusal { throw ShellFailure.replay(refusal.reason) }
        } catch let failure as StorageFailure {
            journal?.close()
            journal = nil
            throw .storage(failure)
        } catch let failure as ShellFailure {
            journal?.close()
            journal = nil
            throw failure
        } catch { throw .replay("\(error)") }
        actions = actions.filter { if case .fact = $0 { true } else { false } }
        program.start(at: clock.reading(at: now), into: &actions)
        self.program = program
        state = .idle
        return actions
    }

    /// The process is gone, with everything that was not durable.
    mutating func stop() {
        life += 1
        journal?.close()
        journal = nil
        program = nil
        state = .down
        inbox = []
        held = []
        isDirty = false
        plannedTick = nil
        pausedUntil = nil
    }

    // MARK: Turns

    mutating func take(_ input: MachineInput) { inbox.append(input) }

    var hasInput: Bool { !inbox.isEmpty }

    /// Steps all inputs; returns what may be done at once. If something was recorded the rest
    /// waits, and `needsCommit` is true.
    mutating func turn(at now: Instant) -> [MachineAction] {
        let inputs = inbox
        inbox.removeAll(keepingCapacity: true)
        let local = clock.reading(at: now)
        var actions: [MachineAction] = []
        for input in inputs { program?.step(input, at: local, into: &actions) }
        return admit(actions)
    }

    /// Appends records to the journal and holds back what stands after them.
    mutating func admit(_ actions: [MachineAction]) -> [MachineAction] {
        var free: [MachineAction] = []
        for action in actions {
            if case .record(let kind, let bytes) = action {
                isDirty = true
                append(kind, bytes)
            } else if case .wake = action {
                free.append(action)
            } else if isDirty {
                held.append(action)
            } else {
                free.append(action)
            }
        }
        return free
    }

    private mutating func append(_ kind: UInt8, _ bytes: [UInt8]) {
        do {
            try journal?.append(kind: kind, bytes)
        } catch { isBroken = true }
    }

    /// An append failed: the commit fails too.
    private var isBroken = false

    var needsCommit: Bool { isDirty && state == .idle }

    /// Writes what was recorded; false where the disk refused.
    mutating func commit() -> Bool {
        state = .syncing
        guard let journal, !isBroken else {
            isBroken = false
            return false
        }
        do {
            try journal.commit()
            isDirty = false
            return true
        } catch { return false }
    }

    /// The commit is over: what waited for it may go out.
    mutating func release() -> [MachineAction] {
        state = .idle
        let actions = held
        held = []
        return actions
    }
}

/// Why a process does not start.
enum ShellFailure: Error {
    case storage(StorageFailure)
    case replay(String)
}

extension StoreID {
    /// Every simulated store has the same name.
    fileprivate static var zeroed: StoreID { StoreID() }
}
