// `bench stop`: from the signature of an agent's stop to the last answer that one of its actions
// was accepted, on four validators in processes.
import Bench
import Cryptography
import JSON
import Ledger
import Platform
import Primitives
import Synchronization

enum StopBench {
    private static let stopsPerRound = 20

    @Sendable static func run(_ context: BenchContext) throws -> [Metric] {
        let folder = context.directory + "/stop"
        defer { LocalFiles.removeTree(folder) }
        let cluster = try Cluster(count: 4, in: folder, chain: ChainPlan(name: "bench"))
        defer { cluster.stop() }
        try cluster.waitUntilLinked()
        let stage = try StopStage(cluster)
        var (p50, p99, answers): ([Double], [Double], [Double]) = ([], [], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds), \(stopsPerRound) stops each")
            var (times, answered): ([UInt64], [UInt64]) = ([], [])
            for number in 0..<stopsPerRound {
                let found = try stage.stop(seed: number)
                times.append(found.lastAccepted)
                answered.append(found.answered)
            }
            p50.append(figure(times, 50))
            p99.append(figure(times, 99))
            answers.append(figure(answered, 50))
        }
        return [
            Metric("stop_p50_ms", unit: "ms", samples: p50),
            Metric("stop_p99_ms", unit: "ms", samples: p99),
            Metric("stop_answered_p50_ms", unit: "ms", samples: answers),
        ]
    }

    private static func figure(_ times: [UInt64], _ percent: Int) -> Double {
        let sorted = times.sorted()
        return Double(sorted[min(sorted.count - 1, sorted.count * percent / 100)]) / 1e6
    }
}

/// An agent that acts through every validator at once, each with a key of its own, and a guardian
/// who stops it through the last.
private final class StopStage {
    private let seats: [String]
    private let guardian: OperationSender
    private let keys: [SigningKey]
    private let owner: OwnerID
    private let agent: AgentID
    private let clock = SystemClock()

    init(_ cluster: Cluster) throws {
        seats = cluster.seats.map(\.address)
        func bank(_ seat: Int) throws -> SigningKey {
            try DataDirectory(path: cluster.seats[seat].directory).key("validator")
                .open(passphrase: Passphrase.development)
        }
        guardian = try OperationSender(client: try NodeClient(seats[3]), key: try bank(3))
        let first = try bank(0)
        keys = [first] + (1..<seats.count).map { _ in SigningKey.generate() }
        owner = OwnerID(firstKey: first.publicKey)
        agent = AgentID(owner: owner, name: "actor")
        try prepare(try OperationSender(client: try NodeClient(seats[0]), key: first))
    }

    private func prepare(_ sender: OperationSender) throws {
        let person = OwnerID(firstKey: guardian.key.publicKey)
        _ = try guardian.send(.owner(.register(name: "guardian")), owner: person)
        _ = try sender.send(.owner(.register(name: "owner")), owner: owner)
        for key in keys.dropFirst() {
            let message = KeyProof.message(for: .owner, chain: sender.chain, owner: owner)
            _ = try sender.send(
                .owner(.addKey(key.publicKey, proof: key.sign(message))), owner: owner)
        }
        _ = try sender.send(
            .agent(.register(name: "actor", profile: AgentProfile())), owner: owner)
        var law = Constitution(agent: agent, version: 1)
        law.allowed = .all
        law.limits = .none
        law.guardians = [person]
        law.approvals.threshold = 1
        _ = try sender.send(.law(.enact(law)), owner: owner)
        let purse = Transfer(
            from: AccountID(owner), to: AccountID(agent),
            amount: Amount(nanoCredits: 1_000_000_000))
        _ = try sender.send(.law(.transfer(purse)), owner: owner)
    }

    /// Nanoseconds from the signature to the last answer that accepts an action, 0 where none came
    /// later, and to the answer to the stop itself; then lets the agent go on.
    func stop(seed: Int) throws -> (lastAccepted: UInt64, answered: UInt64) {
        let latest = Mutex<UInt64>(0)
        let faults = Mutex<[String]>([])
        let actors = zip(seats, keys).prefix(1).map {
            StopActor(seat: $0, key: $1, owner: owner, agent: agent)
        }
        let threads = try actors.map { actor in
            try OSThread.start("actor") {
                do {
                    try actor.act(latest)
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
        }
        Pause.milliseconds(UInt32(40 + seed * 7 % 50))
        let person = OwnerID(firstKey: guardian.key.publicKey)
        let signed = clock.monotonicNanoseconds()
        _ = try guardian.send(.law(.stop(.agent(agent))), owner: person)
        let answered = clock.monotonicNanoseconds() - signed
        for thread in threads { thread.join() }
        if let fault = faults.withLock({ $0.first }) { throw BenchFailure.failed(fault) }
        _ = try guardian.send(.law(.resume(.agent(agent))), owner: person)
        let last = latest.withLock { $0 }
        return (last > signed ? last - signed : 0, answered)
    }
}

/// One key of the agent's owner, acting through one validator.
private struct StopActor: Sendable {
    let seat: String
    let key: SigningKey
    let owner: OwnerID
    let agent: AgentID

    /// Refusals that pass.
    private static let passing = ["not-certified", "undecided"]
    /// Nanoseconds after which an actor gives up.
    private static let patience = 30 * Nanoseconds.perSecond

    /// One action after the other until the stop refuses one.
    func act(_ latest: borrowing Mutex<UInt64>) throws {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() + Self.patience
        let sender = try OperationSender(client: try NodeClient(seat), key: key)
        let action = Transfer(
            from: AccountID(agent), to: .fees, amount: Amount(nanoCredits: 1))
        while true {
            do throws(CommandFailure) {
                _ = try sender.send(.law(.transfer(action)), owner: owner)
                let now = clock.monotonicNanoseconds()
                latest.withLock { $0 = max($0, now) }
            } catch {
                guard case .problem(let problem) = error, clock.monotonicNanoseconds() < deadline
                else { throw error }
                if problem.detail.contains("agentStopped") { return }
                // This validator has not seen yet what others have: the stop, or the last action.
                let isLate = problem.detail.contains("wrongSequence")
                guard isLate || Self.passing.contains(problem.slug) else { throw error }
                Pause.milliseconds(1)
            }
        }
    }
}
