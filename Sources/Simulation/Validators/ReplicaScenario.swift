// Runs of whole validators: owners who register agents and record for them, agents that run
// programs, seats that change, and epochs that end, all on one chain.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records
import Replica

struct ReplicaScenario: Scenario {
    let seats: Int
    let spares: Int
    let clients: Int
    let faults: Int
    private let keys: SeatKeys
    let genesis: Genesis
    let settings: ReplicaSettings
    private var owners: [OwnerClient]
    private var voters: [SeatVoter]
    /// Of the first seats' owners, who have money; each has two runtimes.
    private var agents: [AgentClient]
    private var reference: LedgerReference

    /// - Parameter shape: 1...32 seats.
    init(shape: SimulationShape, seed: UInt64) {
        var chance = Chance(seed: seed, "validators")
        let changes = !shape.isCalm && shape.seats >= 4 && chance.below(3) == 0
        seats = shape.seats
        spares = changes ? 1 : 0
        let keys = SeatKeys((0..<seats + spares).map { SigningKey.simulated(seed, $0) })
        self.keys = keys
        let created = Instant(nanoseconds: World<Self>.start.nanoseconds - Nanoseconds.perSecond)
        guard let committee = Committee(Array(keys.of.prefix(shape.seats))),
            let genesis = Genesis(name: "simulated", created: created, committee: committee)
        else { preconditionFailure("1...32 different keys are a committee") }
        self.genesis = genesis
        faults = (shape.seats - 1) / 3
        settings = Self.settings(shape, changes, &chance)
        owners = (0..<20).map { OwnerClient(genesis.digest, seed: seed, number: $0) }
        voters =
            changes ? (0..<shape.seats).map { SeatVoter(genesis.digest, keys.signing[$0]) } : []
        // Votes and these come from the same keys.
        agents =
            changes || shape.isCalm
            ? []
            : (0..<min(2, shape.seats)).map {
                AgentClient(genesis.digest, ownerKey: keys.signing[$0], seed: seed, number: $0)
            }
        clients = owners.count + voters.count + 2 * agents.count
        reference = LedgerReference(genesis: genesis, agents: agents)
    }

    private static func settings(
        _ shape: SimulationShape, _ changes: Bool, _ chance: inout Chance
    ) -> ReplicaSettings {
        let milli = Nanoseconds.perMillisecond
        if shape.isCalm { return wideArea }
        var settings = ReplicaSettings(
            intervalNanoseconds: chance.within(100...1_000) * milli,
            idleIntervalNanoseconds: chance.within(1_000...5_000) * milli)
        if changes || chance.below(3) == 0 {
            settings.epochNanoseconds = chance.within(1_500...5_000) * milli
        }
        if chance.below(3) == 0 {
            settings.commits.knownRounds = UInt64(chance.below(4)) * 2
        }
        settings.roundNanoseconds = chance.within(2...30) * milli
        settings.leaderNanoseconds = chance.within(30...150) * milli
        return settings
    }

    /// What suits links of some 50 ms: a gateway collects for a delay, a round takes two.
    private static var wideArea: ReplicaSettings {
        let milli = Nanoseconds.perMillisecond
        var settings = ReplicaSettings()
        settings.windowNanoseconds = 50 * milli
        settings.roundNanoseconds = 100 * milli
        settings.leaderNanoseconds = 150 * milli
        settings.retryNanoseconds = 500 * milli
        return settings
    }

    func program(of seat: Int) -> ReplicaProgram {
        ReplicaProgram(genesis: genesis, seat: seat, keys: keys, settings: settings)
    }

    // MARK: Clients

    mutating func submission(
        of client: Int, number: UInt64, at now: Instant, conflicting: Bool,
        by chance: inout Chance
    ) -> Submission? {
        if client < owners.count {
            return owners[client].next(at: now, conflicting: conflicting, by: &chance)
        }
        let rest = client - owners.count
        if rest < voters.count { return voters[rest].next() }
        let (agent, runtime) = (rest - voters.count).quotientAndRemainder(dividingBy: 2)
        return runtime == 0
            ? agents[agent].next(at: now) : agents[agent].race(at: now, by: &chance)
    }

    mutating func acknowledged(_ digest: Digest, of client: Int) {
        if client < owners.count { owners[client].acknowledged(digest) }
    }

    mutating func refused(_ client: Int) {
        let rest = client - owners.count
        if voters.indices.contains(rest) { voters[rest].takeBack() }
    }

    /// The spare machine comes in, or takes the seat of another.
    mutating func changeSeats(by chance: inout Chance) -> Bool {
        guard let spare = keys.of.dropFirst(seats).first, !voters.isEmpty else { return false }
        let change: SeatChange = chance.below(2) == 0
            ? .add(spare, address: "spare:1")
            : .replace(keys.of[chance.below(seats)], by: spare, address: "spare:1")
        let message = KeyProof.message(
            for: .validator, chain: genesis.digest, owner: OwnerID(firstKey: spare))
        let proof = keys.signing[seats].sign(message)
        for index in voters.indices { voters[index].vote(change, proof) }
        return true
    }

    // MARK: Faulty seats

    func forge(_ bytes: [UInt8], as seat: Int, by chance: inout Chance) -> [UInt8]? {
        guard let message = try? PeerMessage(decoding: bytes) else { return nil }
        return Forger(chain: genesis.digest, key: keys.signing[seat])
            .forge(message, by: &chance)?.encoded
    }

    // MARK: Oracles

    mutating func objection(to fact: Fact, counts: inout CheckCounts) -> String? {
        if case .executed(let execution) = fact, case .operation(let operation) = execution.body {
            for index in agents.indices {
                agents[index].heard(operation, execution.outcome, at: execution.time)
            }
        }
        return reference.objection(to: fact, counts: &counts)
    }

    mutating func finalObjection() -> String? { reference.finalObjection() }
}
