// Many agents on one thread: whose turn it is, and what each may use.
//
// A runtime is a value that one thread owns; a node has one for each thread that runs agents, and
// an agent lives in one of them. Agents share nothing, so that nobody else sees a failure of one.
import Primitives

/// What the agents of one runtime may use.
public struct RuntimeLimits: Hashable, Sendable {
    /// Gas of one run before the next agent has its turn.
    public var quantum: UInt64 = 20_000
    /// Gas that an agent may use in a second, on average over the last second or so.
    public var gasPerSecond: UInt64 = 100_000_000
    /// Agents, at most.
    public var agents = 100_000
    /// Bytes of all images, at most: of accepted states and of runs.
    public var imageBytes = 4 << 30

    public init() {}
}

/// Why an agent was not taken in.
public enum RuntimeFailure: Error, Hashable, Sendable {
    case alreadyHere
    case tooManyAgents
    case outOfMemory
}

/// Something an agent asks its shell for.
public struct RuntimeAction: Hashable, Sendable {
    public var agent: AgentID
    /// Neither `schedule` nor `wake`, which the runtime sees to.
    public var action: InstanceAction
}

public struct Runtime: Sendable {
    private struct Slot: Sendable {
        /// Nil while the slot is free.
        var instance: Instance?
        var isQueued = false
        /// Gas that it may still use.
        var allowance: UInt64
        /// When the allowance was counted last.
        var counted: Instant
    }

    private let limits: RuntimeLimits
    private var slots: [Slot] = []
    /// Numbers of the free slots.
    private var free: [Int] = []
    private var numbers: [AgentID: Int] = [:]
    /// Slots that wait for their turn, in order; `head` is the first.
    private var queue: [Int] = []
    private var head = 0
    private var timers = TimerHeap()
    private var imageBytes = 0

    public init(_ limits: RuntimeLimits) { self.limits = limits }

    public var count: Int { numbers.count }
    /// Agents that wait for their turn.
    public var waiting: Int { queue.count - head }
    /// When `runNext` has something to do although nothing waits.
    public var nextTimer: Instant? { timers.first?.time }

    public func instance(_ agent: AgentID) -> Instance? {
        numbers[agent].flatMap { slots[$0].instance }
    }

    /// Takes an agent in; it runs when its turn comes.
    public mutating func add(_ instance: Instance, at now: Instant) throws(RuntimeFailure) {
        guard numbers[instance.identity.agent] == nil else { throw .alreadyHere }
        guard count < limits.agents else { throw .tooManyAgents }
        let size = 2 * instance.image.bytes.count
        guard size <= limits.imageBytes - imageBytes else { throw .outOfMemory }
        imageBytes += size
        let slot = Slot(instance: instance, allowance: limits.gasPerSecond, counted: now)
        let number = free.popLast() ?? slots.count
        if number < slots.count { slots[number] = slot } else { slots.append(slot) }
        numbers[instance.identity.agent] = number
        if instance.isRunnable(at: now) { enqueue(number) }
    }

    /// Lets an agent go; its slot and its memory are free for another. What is left of it in the
    /// queue and among the timers finds the slot empty, or is a turn of the next one there.
    public mutating func remove(_ agent: AgentID) {
        guard let number = numbers.removeValue(forKey: agent) else { return }
        imageBytes -= 2 * (slots[number].instance?.image.bytes.count ?? 0)
        slots[number].instance = nil
        free.append(number)
    }

    /// What an agent's program is told for the consensus time from its next run on.
    public mutating func setConsensusTime(_ time: Instant, for agent: AgentID) {
        guard let number = numbers[agent] else { return }
        slots[number].instance?.consensusTime = time
    }

    /// Tells an agent something; one that is not here hears nothing.
    public mutating func step(
        _ input: InstanceInput, for agent: AgentID, at now: Instant,
        into actions: inout [RuntimeAction]
    ) {
        guard let number = numbers[agent] else { return }
        step(input, number, at: now, &actions)
    }

    /// Gives a number of agents their turns, as long as any waits for one: what a thread that runs
    /// agents does before it looks at anything else.
    public mutating func run(
        _ turns: Int, at now: Instant, into actions: inout [RuntimeAction]
    ) {
        for _ in 0..<turns {
            guard runNext(at: now, into: &actions) else { return }
        }
    }

    /// Runs the agent whose turn it is for a quantum.
    ///
    /// - Returns: whether anything was done.
    public mutating func runNext(
        at now: Instant, into actions: inout [RuntimeAction]
    ) -> Bool {
        while let timer = timers.popFirst(dueAt: now) {
            step(.tick, timer.number, at: now, &actions)
        }
        guard head < queue.count else { return false }
        let number = queue[head]
        head += 1
        if head > 1_024, 2 * head > queue.count {
            queue.removeFirst(head)
            head = 0
        }
        slots[number].isQueued = false
        guard let before = slots[number].instance?.gasUsed, refill(number, at: now) else {
            return true
        }
        step(.run(quantum: limits.quantum), number, at: now, &actions)
        let used = (slots[number].instance?.gasUsed ?? before) &- before
        slots[number].allowance -= min(used, slots[number].allowance)
        return true
    }

    /// Counts what the agent may use; one that has nothing left is woken when it has again.
    private mutating func refill(_ number: Int, at now: Instant) -> Bool {
        let elapsed = min(now.nanoseconds(since: slots[number].counted), Nanoseconds.perSecond)
        let gained = UInt128(elapsed) * UInt128(limits.gasPerSecond)
            / UInt128(Nanoseconds.perSecond)
        if gained > 0 {
            slots[number].allowance = min(
                limits.gasPerSecond, slots[number].allowance + UInt64(gained))
            slots[number].counted = now
        }
        guard slots[number].allowance < min(limits.quantum, limits.gasPerSecond) else {
            return true
        }
        let pause = UInt128(limits.quantum) * UInt128(Nanoseconds.perSecond)
            / UInt128(max(1, limits.gasPerSecond)) + 1
        let time = now.advanced(byNanoseconds: UInt64(clamping: pause))
        timers.insert(.init(time: time, number: number))
        return false
    }

    private mutating func step(
        _ input: InstanceInput, _ number: Int, at now: Instant, _ actions: inout [RuntimeAction]
    ) {
        var asked: [InstanceAction] = []
        slots[number].instance?.step(input, at: now, into: &asked)
        guard let agent = slots[number].instance?.identity.agent else { return }
        for action in asked {
            switch action {
            case .schedule: enqueue(number)
            case .wake(let time): timers.insert(.init(time: time, number: number))
            default: actions.append(RuntimeAction(agent: agent, action: action))
            }
        }
    }

    private mutating func enqueue(_ number: Int) {
        guard !slots[number].isQueued else { return }
        slots[number].isQueued = true
        queue.append(number)
    }
}
