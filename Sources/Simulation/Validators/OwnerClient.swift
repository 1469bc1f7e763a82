// An owner with one agent and one submitter: registers them, then records, and now and then changes
// the agent.
import Cryptography
import Ledger
import Primitives
import Records
import Replica

struct OwnerClient {
    private let chain: Digest
    private let key: SigningKey
    private let submitterKey: SigningKey
    private var operations: UInt64 = 0
    /// The batch that was acknowledged last.
    private var batches: UInt64 = 0
    private var last = Digest()
    /// Batches that were submitted, either of which may be acknowledged.
    private var open: Set<Digest> = []

    init(_ chain: Digest, seed: UInt64, number: Int) {
        self.chain = chain
        key = .simulated(seed, 1_000 + 2 * number)
        submitterKey = .simulated(seed, 1_001 + 2 * number)
    }

    private var owner: OwnerID { OwnerID(firstKey: key.publicKey) }
    private var agent: AgentID { AgentID(owner: owner, name: "scout") }

    mutating func next(
        at now: Instant, conflicting: Bool, by chance: inout Chance
    ) -> Submission {
        switch operations {
        case 0: return operation(.owner(.register(name: "Ada")))
        case 1:
            return operation(
                .owner(.authorize(submitter: submitterKey.publicKey, rights: .registerAgents)))
        case 2:
            return operation(
                .agent(.register(name: "scout", profile: AgentProfile(version: "1"))))
        default:
            guard chance.isLucky(permille: 50) else {
                return batch(at: now, conflicting: conflicting, by: &chance)
            }
            let profile = AgentProfile(version: "1.\(operations)")
            return operation(.agent(.update(agent, profile: profile)))
        }
    }

    mutating func acknowledged(_ digest: Digest) {
        guard open.contains(digest) else { return }
        open = []
        batches += 1
        last = digest
    }

    private mutating func operation(_ command: Command) -> Submission {
        operations += 1
        let operation = SignedOperation(
            chain: chain, owner: owner, sequence: operations, command: command, key: key)
        let body = Body.operation(operation)
        return Submission(digest: body.digest, bytes: body.encoded, mustBeExecuted: true)
    }

    private mutating func batch(
        at now: Instant, conflicting: Bool, by chance: inout Chance
    ) -> Submission {
        let body = body(at: now, records: 1 + chance.below(4))
        open = [body.digest]
        var submission = Submission(digest: body.digest, bytes: body.encoded)
        if conflicting {
            let other = self.body(at: now.advanced(byNanoseconds: 1), records: 5)
            open.insert(other.digest)
            submission.conflict = (other.digest, other.encoded)
        }
        return submission
    }

    private func body(at now: Instant, records: Int) -> Body {
        var columns = RecordColumns()
        for row in 0..<records {
            var record = Record()
            record.agent = agent
            record.start = now.advanced(byNanoseconds: UInt64(row))
            record.tokens.input = UInt64(row)
            record.payloadSize = 1_500
            record.gas = Gas.record(payloadSize: 1_500)
            columns.append(record, parents: [])
        }
        var header = BatchHeader()
        header.chain = chain
        header.submitter = SubmitterID(key: submitterKey.publicKey)
        header.sequence = batches + 1
        header.previous = last
        header.closed = now
        return .batch(CheckedBatch(sealing: columns, header: header, key: submitterKey))
    }
}

/// The holder of a seat, who votes for changes of seats.
struct SeatVoter {
    private let chain: Digest
    private let key: SigningKey
    private var sequence: UInt64 = 0
    private var wanted: [ValidatorCommand] = []

    init(_ chain: Digest, _ key: SigningKey) {
        self.chain = chain
        self.key = key
    }

    mutating func vote(_ change: SeatChange, _ proof: Signature) {
        wanted.append(.vote(change, proof: proof))
    }

    mutating func next() -> Submission? {
        guard !wanted.isEmpty else { return nil }
        sequence += 1
        let operation = SignedOperation(
            chain: chain, owner: OwnerID(firstKey: key.publicKey), sequence: sequence,
            command: .validator(wanted.removeFirst()), key: key)
        let body = Body.operation(operation)
        return Submission(
            digest: body.digest, bytes: body.encoded, mustBeExecuted: true, mayBeRefused: true)
    }
}
