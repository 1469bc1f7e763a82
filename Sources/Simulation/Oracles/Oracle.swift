// What must hold of every run, looked at with every fact that an honest machine claims.
import Primitives

/// How often each rule was looked at.
public struct CheckCounts: Hashable, Sendable {
    /// Commits compared with those of the other seats.
    public var commits: UInt64 = 0
    public var checkpoints: UInt64 = 0
    /// Executed bodies compared with those of the other seats.
    public var executions: UInt64 = 0
    /// Keys with at most one certified digest.
    public var locks: UInt64 = 0
    /// Acknowledged submissions that must be in the order in the end.
    public var promises: UInt64 = 0

    /// Every count with its name in reports.
    public var named: [(name: String, count: UInt64)] {
        [
            ("commits compared", commits), ("checkpoints compared", checkpoints),
            ("executions compared", executions), ("certified places", locks),
            ("acknowledgements kept", promises),
        ]
    }

    public static func += (left: inout CheckCounts, right: CheckCounts) {
        left.commits += right.commits
        left.checkpoints += right.checkpoints
        left.executions += right.executions
        left.locks += right.locks
        left.promises += right.promises
    }
}

struct Oracle {
    /// How far one machine says it is, in this life.
    struct Progress {
        var commits: UInt64 = 0
        var executed: UInt64 = 0
        var height: UInt64 = 0
        var epoch: UInt64 = 0
    }

    private(set) var counts = CheckCounts()
    private(set) var progress: [Progress]
    private var commits: [Digest] = []
    private var executions: [(digest: Digest, isDone: Bool)] = []
    private var checkpoints: [Digest] = []
    private var epochs: [UInt64: Digest] = [:]
    private var locks: [Digest: Digest] = [:]
    private var executed: [Digest: UInt64] = [:]
    /// Acknowledged as final, in the order of the acknowledgements.
    private var promises: [(digest: Digest, machine: Int)] = []
    private var promised: Set<Digest> = []

    init(machines: Int) { progress = [Progress](repeating: Progress(), count: machines) }

    /// A machine starts from its disk: it tells everything again.
    mutating func restarted(_ machine: Int) { progress[machine] = Progress() }

    var committed: UInt64 { UInt64(commits.count) }
    var executedCount: UInt64 { UInt64(executions.count) }

    func wasExecuted(_ digest: Digest) -> Bool { executed[digest] != nil }

    /// The first rule that `fact` breaks, as a sentence.
    mutating func objection(
        to fact: Fact, of machine: Int, seat: Int, isFaulty: (Int) -> Bool
    ) -> String? {
        switch fact {
        case .committed(let index, let digest): return commit(index, digest, machine)
        case .executed(let index, let digest, let isDone):
            return execution(index, digest, isDone, machine)
        case .certified(let height, let digest): return checkpoint(height, digest, machine)
        case .locked(let key, let digest):
            counts.locks += 1
            if let other = locks.updateValue(digest, forKey: key), other != digest {
                return "machine \(machine): two digests certified for one place in a chain"
            }
        case .epoch(let number, let digest):
            progress[machine].epoch = number
            if let other = epochs.updateValue(digest, forKey: number), other != digest {
                return "machine \(machine): epoch \(number) has another committee elsewhere"
            }
        case .final(let digest):
            counts.promises += 1
            if promised.insert(digest).inserted { promises.append((digest, machine)) }
            if let index = executed[digest], !executions[Int(index) - 1].isDone {
                return "machine \(machine): acknowledges a body as final that failed"
            }
        case .refused(let digest):
            if promised.contains(digest) {
                return "machine \(machine): refuses a body that was acknowledged as final"
            }
        case .accused(let seat):
            if !isFaulty(seat) { return "machine \(machine): evidence against honest seat \(seat)" }
        case .forgot:
            if !isFaulty(seat) { return "machine \(machine): forgot what it signed" }
        case .halted(let reason):
            return "machine \(machine): halted: \(reason)"
        }
        return nil
    }

    private mutating func commit(_ index: UInt64, _ digest: Digest, _ machine: Int) -> String? {
        counts.commits += 1
        guard index == progress[machine].commits + 1 else {
            return "machine \(machine): commit \(index) after \(progress[machine].commits)"
        }
        progress[machine].commits = index
        if index == commits.count + 1 {
            commits.append(digest)
        } else if index > commits.count || commits[Int(index) - 1] != digest {
            return "machine \(machine): commit \(index) differs from another seat's"
        }
        return nil
    }

    private mutating func execution(
        _ index: UInt64, _ digest: Digest, _ isDone: Bool, _ machine: Int
    ) -> String? {
        counts.executions += 1
        guard index == progress[machine].executed + 1 else {
            return "machine \(machine): execution \(index) after \(progress[machine].executed)"
        }
        progress[machine].executed = index
        if index == executions.count + 1 {
            executions.append((digest, isDone))
            if executed.updateValue(index, forKey: digest) != nil {
                return "machine \(machine): \(digest.hex.prefix(8)) is carried out twice"
            }
            if !isDone, promised.contains(digest) {
                return "machine \(machine): \(digest.hex.prefix(8)) was final and fails"
            }
        } else if index > executions.count || executions[Int(index) - 1] != (digest, isDone) {
            return "machine \(machine): execution \(index) differs from another seat's"
        }
        return nil
    }

    private mutating func checkpoint(
        _ height: UInt64, _ digest: Digest, _ machine: Int
    ) -> String? {
        counts.checkpoints += 1
        guard height == progress[machine].height + 1 else {
            return "machine \(machine): checkpoint \(height) after \(progress[machine].height)"
        }
        progress[machine].height = height
        if height == checkpoints.count + 1 {
            checkpoints.append(digest)
        } else if height > checkpoints.count || checkpoints[Int(height) - 1] != digest {
            return "machine \(machine): checkpoint \(height) differs from another seat's"
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

    var checkpointCount: UInt64 { UInt64(checkpoints.count) }
}
