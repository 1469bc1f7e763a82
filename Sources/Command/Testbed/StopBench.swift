// `bench stop`: from the signature of an agent's stop to the last answer that accepts one of its
// actions, on four validators in processes that record for others meanwhile.
import Bench
import Cryptography
import Ledger
import Platform
import Primitives
import Synchronization

enum StopBench {
    private static let stopsPerRound = 50
    private static let batchesPerSecond = 100

    @Sendable static func run(_ context: BenchContext) throws -> [Metric] {
        let folder = context.directory + "/stop"
        defer { LocalFiles.removeTree(folder) }
        let cluster = try Cluster(count: 4, in: folder, chain: ChainPlan(name: "bench"))
        defer { cluster.stop() }
        try cluster.waitUntilLinked()
        let load = TestbedLoad(
            .light(batchesPerSecond: batchesPerSecond, validators: 4),
            chain: cluster.genesis.digest, to: cluster.seats.map(\.address))
        defer { load.stop() }
        try load.prepare()
        let stage = try StopStage(cluster)
        load.start(for: Nanoseconds.perDay)
        var found: [StopTimes] = []
        for round in 1...context.rounds {
            context.progress(
                "round \(round) of \(context.rounds), \(stopsPerRound) stops each, beside "
                    + "\(batchesPerSecond) batches a second")
            for number in 0..<stopsPerRound { found.append(try stage.stop(seed: number)) }
            if let failure = load.failure { throw failure }
        }
        return metrics(found)
    }

    /// Quantiles of all stops together: of one round alone the last hundredth is a single stop.
    private static func metrics(_ found: [StopTimes]) -> [Metric] {
        let last = Quantiles(found.map(\.lastAccepted))
        let answered = Quantiles(found.map(\.answered))
        func milliseconds(_ name: String, _ value: UInt64) -> Metric {
            Metric(name, unit: "ms", samples: [Double(value) / 1e6])
        }
        func each(_ name: String, _ values: [UInt64]) -> Metric {
            Metric(name, unit: "actions", samples: values.map { Double($0) })
        }
        return [
            milliseconds("stop_p50_ms", last.p50), milliseconds("stop_p99_ms", last.p99),
            milliseconds("stop_most_ms", found.map(\.lastAccepted).max() ?? 0),
            milliseconds("stop_answered_p50_ms", answered.p50),
            milliseconds("stop_answered_p99_ms", answered.p99),
            each("accepted_before_stop", found.map(\.acceptedBefore)),
            each("accepted_after_signature", found.map(\.acceptedAfter)),
            Metric("stops", unit: "stops", samples: [Double(found.count)]),
        ]
    }
}

/// What one stop came to; times in nanoseconds from its signature.
private struct StopTimes {
    /// The last answer that accepted an action; 0 where none came later than the signature.
    var lastAccepted: UInt64
    /// The answer that the stop was carried out.
    var answered: UInt64
    /// Actions accepted before the signature, and after it.
    var acceptedBefore: UInt64
    var acceptedAfter: UInt64
}

/// An agent that acts through every validator at once, through each with another key of its owner,
/// and a guardian who stops it through the last.
private final class StopStage {
    private let seats: [String]
    private let guardian: OperationSender
    private let person: OwnerID
    private let keys: [SigningKey]
    private let owner: OwnerID
    private let agent: AgentID
    private let clock = SystemClock()

    init(_ cluster: Cluster) throws {
        seats = cluster.seats.map(\.address)
        guardian = try OperationSender(
            client: try NodeClient(seats[seats.count - 1]), key: SigningKey.generate())
        person = OwnerID(firstKey: guardian.key.publicKey)
        keys = seats.map { _ in SigningKey.generate() }
        owner = OwnerID(firstKey: keys[0].publicKey)
        agent = AgentID(owner: owner, name: "actor")
        try prepare(cluster)
    }

    private func prepare(_ cluster: Cluster) throws {
        let client = try NodeClient(seats[0])
        let bankKey = try DataDirectory(path: cluster.seats[0].directory).key("validator")
            .open(passphrase: Passphrase.development)
        let bank = try OperationSender(client: client, key: bankKey)
        let bankID = OwnerID(firstKey: bankKey.publicKey)
        let sender = try OperationSender(client: client, key: keys[0])
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
        try insist(.owner(.register(name: "validator")), by: bank, for: bankID)
        let purse = Transfer(
            from: AccountID(bankID), to: AccountID(agent),
            amount: Amount(nanoCredits: 1_000_000_000))
        try insist(.law(.transfer(purse)), by: bank, for: bankID)
    }

    /// A validator registers its seat's owner itself, with the same key, when it likes.
    private func insist(
        _ command: Ledger::Command, by sender: OperationSender, for owner: OwnerID
    ) throws {
        for attempt in 0... {
            do throws(CommandFailure) {
                _ = try sender.send(command, owner: owner)
                return
            } catch {
                guard case .problem(let problem) = error, attempt < 100 else { throw error }
                if problem.reason == "identity.ownerExists" { return }
                Pause.milliseconds(100)
            }
        }
    }

    /// Stops the agent while it acts, waits until nothing of it is under way, and lets it go on.
    ///
    /// - Parameter seed: says how long it acts before.
    func stop(seed: Int) throws -> StopTimes {
        let log = StopLog()
        let faults = Mutex<[String]>([])
        let threads = try zip(seats, keys).map { seat, key in
            let actor = StopActor(seat: seat, key: key, owner: owner, agent: agent)
            return try OSThread.start("actor") {
                do { try actor.act(log) } catch { faults.withLock { $0.append("\(error)") } }
            }
        }
        defer {
            log.end()
            for thread in threads { thread.join() }
        }
        Pause.milliseconds(UInt32(100 + seed * 7 % 50))
        let next = try guardian.next()
        let signed = clock.monotonicNanoseconds()
        _ = try guardian.send(.law(.stop(.agent(agent))), owner: person, sequence: next)
        let answered = clock.monotonicNanoseconds()
        log.hold(at: answered)
        for thread in threads { thread.join() }
        if let fault = faults.withLock({ $0.first }) { throw BenchFailure.failed(fault) }
        _ = try guardian.send(.law(.resume(.agent(agent))), owner: person)
        let times = log.accepted
        let last = times.map(\.answered).max() ?? 0
        guard times.allSatisfy({ $0.sent < answered }) else {
            throw BenchFailure.failed("an action that was sent after the stop held was accepted")
        }
        return StopTimes(
            lastAccepted: last > signed ? last - signed : 0, answered: answered - signed,
            acceptedBefore: UInt64(times.count { $0.answered <= signed }),
            acceptedAfter: UInt64(times.count { $0.answered > signed }))
    }
}

/// What the actors of one stop have seen.
private final class StopLog: Sendable {
    private struct State {
        var accepted: [(sent: UInt64, answered: UInt64)] = []
        /// When the stop was answered.
        var held: UInt64?
        var isOver = false
    }

    private let state = Mutex(State())

    var accepted: [(sent: UInt64, answered: UInt64)] { state.withLock { $0.accepted } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func accept(sent: UInt64, answered: UInt64) {
        state.withLock { $0.accepted.append((sent, answered)) }
    }

    /// The stop holds from then on.
    func hold(at time: UInt64) { state.withLock { $0.held = time } }
    func held(at time: UInt64) -> Bool { state.withLock { $0.held.map { $0 < time } ?? false } }
    /// Actors end with what they are at.
    func end() { state.withLock { $0.isOver = true } }
}

/// One key of the agent's owner, acting through one validator.
private struct StopActor: Sendable {
    let seat: String
    let key: SigningKey
    let owner: OwnerID
    let agent: AgentID

    /// Refusals that pass.
    private static let passing: Set<String> = ["not-certified", "undecided", "overloaded"]
    /// Nanoseconds after which an actor gives up.
    private static let patience = 60 * Nanoseconds.perSecond

    /// One action after the other until the stop refuses one. Where some validators had promised a
    /// place to it before they saw the stop, the committee certifies it no more, and that is said.
    ///
    /// The same key and number give the same bytes, so that what is sent again is the same action.
    func act(_ log: StopLog) throws {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() + Self.patience
        let sender = try OperationSender(client: try NodeClient(seat), key: key)
        let action = Transfer(
            from: AccountID(agent), to: .fees, amount: Amount(nanoCredits: 1))
        while !log.isOver {
            let sent = clock.monotonicNanoseconds()
            do throws(CommandFailure) {
                _ = try sender.send(.law(.transfer(action)), owner: owner)
                log.accept(sent: sent, answered: clock.monotonicNanoseconds())
            } catch {
                guard case .problem(let problem) = error, clock.monotonicNanoseconds() < deadline
                else { throw error }
                if problem.reason == "forbidden.agentStopped" { return }
                if problem.slug == "not-certified", log.held(at: sent) { return }
                // This validator has not seen yet what others have: the stop, or the last action.
                let isLate = problem.reason == "wrongSequence"
                guard isLate || Self.passing.contains(problem.slug) else { throw error }
                Pause.milliseconds(1)
            }
        }
    }
}
