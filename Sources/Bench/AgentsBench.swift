// `bench agents`: how many transitions agents make on two threads, and how long one waits.
import Agents
import Cryptography
import PVM
import Platform
import Primitives
import Synchronization

enum AgentsBench {
    /// Reads a message, mixes its words into a state of a hundred words, writes one, yields:
    /// about a thousand steps.
    private static let source = """
        .heap 1
        .stack 4096
        message:
            ecalli 0
            move_reg r3, r7
            fallthrough
        word:
            branch_eq_imm r3, 0, mix
            ecalli 0
            move_reg r5, r7
            add_imm_64 r3, r3, -1
            jump word
        mix:
            load_imm r2, 0x20000
            load_imm r4, 100
            fallthrough
        cell:
            load_ind_u64 r6, r2, 0
            add_64 r6, r6, r5
            rot_r_64_imm r6, r6, 7
            xor r5, r5, r6
            mul_imm_64 r6, r6, 31
            add_imm_64 r6, r6, 1
            store_ind_u64 r6, r2, 0
            add_imm_64 r2, r2, 8
            add_imm_64 r4, r4, -1
            branch_ne_imm r4, 0, cell
            move_reg r7, r5
            ecalli 1
            ecalli 2
            jump message
        """
    private static let threads = 2
    /// Transitions of one measurement: more than there are agents, so that each has its turn.
    private static let transitions = 20_000

    static func run(_ context: BenchContext) throws -> [Metric] {
        let parts = try Assembly(source, revision: .grayPaper071).parts
        let program = try AgentProgram(
            decoding: StandardProgram(parts, revision: .grayPaper071).encoded)
        var metrics: [Metric] = []
        for count in [10, 1_000, 10_000] {
            var (rates, delays, checks): ([Double], [Double], [Double]) = ([], [], [])
            for round in 1...context.rounds {
                context.progress("\(count) agents, round \(round) of \(context.rounds)")
                let found = try measure(program, agents: count)
                rates.append(found.rate)
                delays.append(found.p99)
                checks.append(found.checks)
            }
            metrics += [
                Metric("transitions_per_second_\(count)", unit: "transitions/s", samples: rates),
                Metric("p99_delay_\(count)", unit: "ms", samples: delays),
            ]
            guard count == 10 else { continue }
            metrics.append(
                Metric("reexecutions_per_second", unit: "transitions/s", samples: checks))
        }
        return metrics
    }

    /// All agents are busy all the time: each gets its next message when its last is done.
    private static func measure(
        _ program: AgentProgram, agents: Int
    ) throws -> (rate: Double, p99: Double, checks: Double) {
        let results = Mutex<[Worker]>([])
        let clock = SystemClock()
        let begun = clock.monotonicNanoseconds()
        let running = try (0..<threads).map { thread in
            try OSThread.start("agents \(thread)") {
                let shard = RuntimeShard(thread, of: threads)
                var worker = Worker(program, agents: agents, shard: shard)
                worker.work(most: transitions / threads)
                results.withLock { $0.append(worker) }
            }
        }
        for thread in running { thread.join() }
        let seconds = Double(clock.monotonicNanoseconds() - begun) / 1e9
        let workers = results.withLock { $0 }
        if let failure = workers.lazy.compactMap(\.failure).first {
            throw BenchFailure.failed(failure)
        }
        let delays = workers.flatMap(\.delays).sorted()
        guard !delays.isEmpty else { throw BenchFailure.failed("no transition was made") }
        let p99 = delays[min(delays.count - 1, delays.count * 99 / 100)]
        let checks = try checkRate(workers.flatMap(\.samples), program)
        return (Double(delays.count) / seconds, Double(p99) / 1e6, checks)
    }

    private static func checkRate(
        _ transitions: [Transition], _ program: AgentProgram
    ) throws -> Double {
        let clock = SystemClock()
        let begun = clock.monotonicNanoseconds()
        for transition in transitions { try transition.reexecute(program) }
        let seconds = Double(max(1, clock.monotonicNanoseconds() - begun)) / 1e9
        return Double(transitions.count) / seconds
    }
}

/// A runtime with its agents, and a ledger that accepts everything at once.
private struct Worker: Sendable {
    private var runtime = Runtime(RuntimeLimits())
    private let key = SigningKey(seed: [UInt8](repeating: 1, count: 32))
    private let agents: [AgentID]
    private var told: [AgentID: UInt64] = [:]
    /// Nanoseconds from a message to the signed transition that read it.
    private(set) var delays: [UInt64] = []
    /// Some of the transitions.
    private(set) var samples: [Transition] = []
    private(set) var failure: String?
    private let clock = SystemClock()

    /// Turns before the thread looks at anything else.
    private static let turns = 8

    init(_ program: AgentProgram, agents: Int, shard: RuntimeShard) {
        let policy = SubmissionPolicy(interval: 0, steps: 500, touchedBytes: 0, isOnRequest: true)
        let now = Instant(nanoseconds: clock.monotonicNanoseconds())
        self.agents = (0..<agents).map { AgentID(SHA256.hash(Words.bytes([UInt64($0)]))) }
            .filter(shard.holds)
        for agent in self.agents {
            let identity = InstanceIdentity(
                chain: Digest(), agent: agent, policy: policy, gasLimit: 1_000_000)
            do {
                try runtime.add(Instance(identity, of: program, at: now), at: now)
            } catch {
                failure = "\(error)"
            }
        }
    }

    mutating func work(most: Int) {
        var actions: [RuntimeAction] = []
        for (number, agent) in agents.enumerated() {
            tell(agent, UInt64(number), &actions)
        }
        while delays.count < most, failure == nil {
            guard runtime.waiting > 0 else {
                failure = "nothing to run"
                return
            }
            // As a node's threads do.
            let now = Instant(nanoseconds: clock.monotonicNanoseconds())
            runtime.run(Self.turns, at: now, into: &actions)
            let asked = actions
            actions.removeAll(keepingCapacity: true)
            for action in asked { obey(action, &actions) }
        }
    }

    private mutating func tell(
        _ agent: AgentID, _ word: UInt64, _ actions: inout [RuntimeAction]
    ) {
        let now = clock.monotonicNanoseconds()
        told[agent] = now
        runtime.step(
            .message(Message([word])), for: agent, at: Instant(nanoseconds: now), into: &actions)
    }

    private mutating func obey(_ asked: RuntimeAction, _ actions: inout [RuntimeAction]) {
        switch asked.action {
        case .submit(let draft):
            guard let key else { return }
            let transition = draft.signed(by: key)
            let now = clock.monotonicNanoseconds()
            if !draft.exchange.messages.isEmpty, let begun = told[asked.agent] {
                delays.append(now - begun)
                if delays.count % 16 == 0 { samples.append(transition) }
            }
            let (sequence, root) = (draft.header.sequence, draft.header.newRoot)
            runtime.step(
                .ledger(sequence: sequence, root: root), for: asked.agent,
                at: Instant(nanoseconds: now), into: &actions)
            tell(asked.agent, sequence, &actions)
        case .failed(let reason, _): failure = "\(reason)"
        default: break
        }
    }
}
