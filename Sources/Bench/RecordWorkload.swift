// Records for benchmarks: many agents, half of the records with parents, and figures as real traces
// have them.
import Cryptography
import Ledger
import Primitives
import Records
import Replica

/// Makes batches of one submitter whose agents are registered in a ledger of its own.
struct RecordWorkload {
    static let recordsPerBatch = 65_536
    static let agentCount = 1_024

    let genesis: Genesis
    let validator: SigningKey
    /// What registers the owner, the submitter and the agents.
    let enrollment: [SignedOperation]
    let submitter: SigningKey
    let owner: OwnerID
    private let agents: [AgentID]
    private var generator = SeededGenerator(seed: 1)
    private var header = BatchHeader()
    /// The ledger's time in this workload.
    static let time = Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond)

    /// - Parameter count: agents, registered in this order.
    init(agents count: Int = Self.agentCount) throws {
        validator = try Self.key(1)
        submitter = try Self.key(2)
        let owner = try Self.key(3)
        guard let committee = Committee([validator.publicKey]),
            let genesis = Genesis(name: "bench", created: Self.time, committee: committee)
        else { throw BenchFailure.failed("no genesis") }
        self.genesis = genesis
        let id = OwnerID(firstKey: owner.publicKey)
        self.owner = id
        let names = (0..<count).map { "agent \($0)" }
        var commands: [Command] = [
            .owner(.register(name: "bench")),
            .owner(.authorize(submitter: submitter.publicKey, rights: .all)),
        ]
        commands += names.map { .agent(.register(name: $0, profile: AgentProfile())) }
        enrollment = commands.enumerated().map { index, command in
            SignedOperation(
                chain: genesis.digest, owner: id, sequence: UInt64(index + 1), command: command,
                key: owner)
        }
        agents = names.map { AgentID(owner: id, name: $0) }
        header.chain = genesis.digest
        header.submitter = SubmitterID(key: submitter.publicKey)
        header.closed = Self.time
    }

    private static func key(_ number: UInt8) throws -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
            throw BenchFailure.failed("no key")
        }
        return key
    }

    /// A replica that knows the agents.
    func replica() throws -> Replica {
        let settings = ReplicaSettings(
            intervalNanoseconds: Nanoseconds.perHour,
            idleIntervalNanoseconds: Nanoseconds.perHour)
        var replica = Replica(genesis: genesis, key: validator, settings: settings)
        var actions: [Replica.Action] = []
        replica.start(at: Self.time, into: &actions)
        for operation in enrollment {
            replica.step(.submit(.operation(operation)), at: Self.time, into: &actions)
            for case .refused(_, let refusal) in actions {
                throw BenchFailure.failed("\(refusal)")
            }
            actions.removeAll(keepingCapacity: true)
        }
        return replica
    }

    /// The next batch of the submitter, of `rows` records.
    mutating func nextBatch(rows: Int = Self.recordsPerBatch) -> CheckedBatch {
        var columns = RecordColumns()
        for row in 0..<rows { addRecord(at: row, to: &columns) }
        header.sequence += 1
        let batch = CheckedBatch(sealing: columns, header: header, key: submitter)
        header.previous = batch.digest
        return batch
    }

    /// The same records once more, as the next batch of the submitter.
    mutating func again(_ batch: Batch) -> Batch {
        header.sequence += 1
        var next = batch
        next.header.sequence = header.sequence
        next.header.previous = header.previous
        next.signature = submitter.sign(next.header.signedBytes)
        header.previous = next.header.digest
        return next
    }

    /// Runs of 64 records: a root, and calls under it, every second of which has a parent.
    private mutating func addRecord(at row: Int, to columns: inout RecordColumns) {
        var record = Record()
        record.agent = agents[Int(generator.next() % UInt64(agents.count))]
        var run = SeededGenerator(seed: header.sequence << 32 | UInt64(row / 64))
        record.run = withUnsafeBytes(of: (run.next(), run.next())) { RunID(loading: $0) }
        record.operation = OperationID(word: generator.next())
        record.kind = row % 3 == 0 ? .toolCall : .modelCall
        record.outcome = row % 50 == 0 ? .failure : .success
        record.start = Instant(nanoseconds: Self.time.nanoseconds - generator.next() % (1 << 36))
        record.duration = generator.next() % (1 << 34)
        record.tokens = TokenCounts(
            input: generator.next() % 20_000, output: generator.next() % 2_000,
            cached: generator.next() % 10_000)
        record.cost = Amount(nanoCredits: UInt128(generator.next() % 100_000_000))
        record.payloadSize = 500 + generator.next() % 4_000
        record.payloadDigest = withUnsafeBytes(
            of: (generator.next(), generator.next(), generator.next(), generator.next())
        ) { Digest(loading: $0) }
        record.gas = Gas.record(payloadSize: record.payloadSize)
        let hasParent = row % 2 == 1
        columns.append(record, parents: hasParent ? [.row(UInt32(row - 1))] : [])
    }
}
