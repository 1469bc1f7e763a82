// A submitter of the testbed: an owner, an agent and a chain of batches of its own.
import Cryptography
import Ledger
import Primitives
import Records

/// Makes one batch after the other.
struct LoadChain {
    /// Records in a batch, 1...`Limits.recordsPerBatch`.
    let records: Int
    private let owner = SigningKey.generate()
    private let submitter = SigningKey.generate()
    private let agent: AgentID
    private var header = BatchHeader()
    private var generator: SeededGenerator
    private static let name = "testbed"

    init(chain: Digest, records: Int, seed: UInt64) {
        self.records = records
        agent = AgentID(owner: OwnerID(firstKey: owner.publicKey), name: Self.name)
        generator = SeededGenerator(seed: seed)
        header.chain = chain
        header.submitter = SubmitterID(key: submitter.publicKey)
    }

    /// Makes the ledger know the owner, its submitter and its agent.
    func enroll(with client: NodeClient) throws(CommandFailure) {
        let sender = try OperationSender(client: client, key: owner)
        let id = OwnerID(firstKey: owner.publicKey)
        for command: Ledger::Command in [
            .owner(.register(name: Self.name)),
            .owner(.authorize(submitter: submitter.publicKey, rights: .all)),
            .agent(.register(name: Self.name, profile: AgentProfile())),
        ] { _ = try sender.send(command, owner: id) }
    }

    /// Changes the agent's profile: an operation that the committee must put in order. The sequence
    /// follows the three of `enroll`.
    func operation(_ number: UInt64) -> SignedOperation {
        SignedOperation(
            chain: header.chain, owner: OwnerID(firstKey: owner.publicKey), sequence: number + 4,
            command: .agent(
                .update(agent, profile: AgentProfile(version: "\(number)"))),
            key: owner)
    }

    /// The next batch of the chain.
    mutating func next(at now: Instant) -> CheckedBatch {
        var columns = RecordColumns()
        let run = withUnsafeBytes(of: (generator.next(), generator.next())) { RunID(loading: $0) }
        for row in 0..<records {
            columns.append(record(row, of: run, at: now), parents: [])
        }
        header.sequence += 1
        header.closed = now
        let batch = CheckedBatch(sealing: columns, header: header, key: submitter)
        header.previous = batch.digest
        return batch
    }

    private mutating func record(_ row: Int, of run: RunID, at now: Instant) -> Record {
        var record = Record()
        record.agent = agent
        record.run = run
        record.operation = OperationID(word: generator.next())
        record.kind = row % 3 == 0 ? .toolCall : .modelCall
        record.start = now
        record.duration = generator.next() % (1 << 32)
        record.tokens = TokenCounts(
            input: generator.next() % 20_000, output: generator.next() % 2_000)
        record.payloadSize = 500 + generator.next() % 4_000
        record.payloadDigest = withUnsafeBytes(
            of: (generator.next(), generator.next(), generator.next(), generator.next())
        ) { Digest(loading: $0) }
        record.gas = Gas.record(payloadSize: record.payloadSize)
        return record
    }
}
