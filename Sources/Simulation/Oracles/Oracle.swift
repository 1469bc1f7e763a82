// What must hold of every run, looked at with every fact that an honest machine claims.
import Ledger
import Primitives
import Records
import Replica

/// How often each rule was looked at.
public struct CheckCounts: Hashable, Sendable {
    /// Commits compared with those of the other seats.
    public var commits: UInt64 = 0
    public var checkpoints: UInt64 = 0
    /// Executed bodies compared with those of the other seats.
    public var executions: UInt64 = 0
    /// Places of chains with at most one certified digest.
    public var locks: UInt64 = 0
    /// Acknowledged submissions that must be in the order in the end.
    public var promises: UInt64 = 0
    /// Checkpoints whose state follows from carrying the items out again, one by one.
    public var states: UInt64 = 0
    /// Ends of epochs compared.
    public var epochs: UInt64 = 0
    /// Transitions of agents that follow the one accepted before.
    public var transitions: UInt64 = 0
    /// Transitions that came too late, without a penalty.
    public var races: UInt64 = 0
    /// Agents whose keys are proven to have signed two futures.
    public var futures: UInt64 = 0

    public init() {}

    /// Every count with its name in reports.
    public var named: [(name: String, count: UInt64)] {
        [
            ("commits compared", commits), ("checkpoints compared", checkpoints),
            ("executions compared", executions), ("certified places", locks),
            ("acknowledgements kept", promises), ("states made again", states),
            ("epoch ends compared", epochs), ("transitions in one chain", transitions),
            ("races without a penalty", races), ("two futures proven", futures),
        ]
    }

    public static func += (left: inout CheckCounts, right: CheckCounts) {
        left.commits += right.commits
        left.checkpoints += right.checkpoints
        left.executions += right.executions
        left.locks += right.locks
        left.promises += right.promises
        left.states += right.states
        left.epochs += right.epochs
        left.transitions += right.transitions
        left.races += right.races
        left.futures += right.futures
    }
}

struct Oracle {
    /// How far one machine says it is, in this life.
    struct Progress {
        /// Nil after a state was taken over: any commit may be the next.
        var commits: UInt64? = 0
        var executed: UInt64 = 0
        var height: UInt64 = 0
        /// What stopped it.
        var isStopped = false
    }

    var counts = CheckCounts()
    private(set) var progress: [Progress]
    private var commits: [Digest] = []
    private var executions: [(digest: Digest, isDone: Bool)] = []
    /// Checkpoints by height, with the number of executions up to each.
    private var checkpoints: [(digest: Digest, executed: UInt64)] = []
    private var epochs: [Digest] = []
    private var executed: [Digest: UInt64] = [:]
    /// Acknowledged as final, in the order of the acknowledgements.
    private var promises: [(digest: Digest, machine: Int)] = []
    private var promised: Set<Digest> = []

    init(machines: Int) { progress = [Progress](repeating: Progress(), count: machines) }

    /// A machine starts from its disk: it tells everything again.
    mutating func restarted(_ machine: Int) { progress[machine] = Progress() }

    var committed: UInt64 { UInt64(commits.count) }
    var executedCount: UInt64 { UInt64(executions.count) }
    var checkpointCount: UInt64 { UInt64(checkpoints.count) }

    /// The digest of a commit, counted from 0; nil where nobody made it.
    func commit(at index: Int) -> Digest? { index < commits.count ? commits[index] : nil }

    func wasExecuted(_ digest: Digest) -> Bool { executed[digest] != nil }

    /// The first rule that `fact` breaks, as a sentence; `isFaulty` tells of a seat.
    mutating func objection(
        to fact: Fact, of machine: Int, seat: Int, isFaulty: (Int) -> Bool
    ) -> String? {
        switch fact {
        case .committed(let index, let digest): return commit(index, digest, machine)
        case .ordered(let index, let digest):
            guard index == progress[machine].executed + 1 else { return "payload out of order" }
            return execution(digest, true, machine)
        case .executed(let execution):
            let isDone = if case .done = execution.outcome { true } else { false }
            // A vote for a change of seats, or one of two transitions of an agent, may come too
            // late, although it was certified.
            return self.execution(
                execution.body.digest, isDone || execution.body.mayBeLate, machine)
        case .certified(let sealed): return checkpoint(sealed, machine)
        case .epoch(let step): return epoch(step)
        case .adopted(let height): return adoption(height, machine)
        case .final(let digest): return promise(digest, machine)
        case .refused, .kept: break
        case .accused(let seat):
            if !isFaulty(seat) { return "evidence against honest seat \(seat)" }
        case .forgot:
            progress[machine].isStopped = true
            if !isFaulty(seat) { return "it forgot what it signed" }
        case .halted(let reason):
            progress[machine].isStopped = true
            return "halted: \(reason)"
        }
        return nil
    }

    private mutating func commit(_ index: UInt64, _ digest: Digest, _ machine: Int) -> String? {
        counts.commits += 1
        if let before = progress[machine].commits, index != before + 1 {
            return "commit \(index) after \(before)"
        }
        progress[machine].commits = index
        if index == commits.count + 1 {
            commits.append(digest)
        } else if index == 0 || index > commits.count || commits[Int(index) - 1] != digest {
            return "commit \(index) differs from another seat's"
        }
        return nil
    }

    private mutating func execution(
        _ digest: Digest, _ isDone: Bool, _ machine: Int
    ) -> String? {
        counts.executions += 1
        let index = progress[machine].executed + 1
        progress[machine].executed = index
        if index == executions.count + 1 {
            executions.append((digest, isDone))
            if executed.updateValue(index, forKey: digest) != nil {
                return "\(digest.hex.prefix(8)) is carried out twice"
            }
            if !isDone, promised.contains(digest) {
                return "\(digest.hex.prefix(8)) was acknowledged as final and fails"
            }
        } else if index > executions.count || executions[Int(index) - 1] != (digest, isDone) {
            return "execution \(index) differs from another seat's"
        }
        return nil
    }

    private mutating func checkpoint(_ sealed: SealedCheckpoint, _ machine: Int) -> String? {
        counts.checkpoints += 1
        let header = sealed.checkpoint.header
        let height = header.height
        guard height == progress[machine].height + 1 else {
            return "checkpoint \(height) after \(progress[machine].height)"
        }
        progress[machine].height = height
        if height == checkpoints.count + 1 {
            let before = checkpoints.last?.executed ?? 0
            checkpoints.append((header.digest, before + UInt64(sealed.items.count)))
        } else if height > checkpoints.count || checkpoints[Int(height) - 1].digest != header.digest
        {
            return "checkpoint \(height) differs from another seat's"
        }
        return nil
    }

    private mutating func epoch(_ step: EpochStep) -> String? {
        counts.epochs += 1
        let ended = Int(step.checkpoint.header.epoch)
        let digest = step.checkpoint.header.digest
        if ended == epochs.count {
            epochs.append(digest)
        } else if ended > epochs.count || epochs[ended] != digest {
            return "epoch \(ended) ends otherwise elsewhere"
        }
        return nil
    }

    private mutating func adoption(_ height: UInt64, _ machine: Int) -> String? {
        guard height >= 1, height <= checkpoints.count else {
            return "takes over a state at height \(height) that nobody certified"
        }
        progress[machine].height = height
        progress[machine].executed = checkpoints[Int(height) - 1].executed
        progress[machine].commits = nil
        return nil
    }

    private mutating func promise(_ digest: Digest, _ machine: Int) -> String? {
        counts.promises += 1
        if promised.insert(digest).inserted { promises.append((digest, machine)) }
        if let index = executed[digest], !executions[Int(index) - 1].isDone {
            return "acknowledges a body as final that failed"
        }
        return nil
    }

    /// The first acknowledged submission that is not carried out yet, as a sentence.
    func openPromise() -> String? {
        for (digest, machine) in promises where executed[digest] == nil {
            return "machine \(machine) acknowledged \(digest.hex.prefix(8)), which is nowhere"
        }
        return nil
    }
}

extension Body {
    /// Whether others may come first although it was certified: votes, and transitions of agents,
    /// which race with those of another key.
    fileprivate var mayBeLate: Bool {
        guard case .operation(let operation) = self else { return false }
        return switch operation.command {
        case .validator, .transition: true
        case .owner, .agent, .law: false
        }
    }
}
