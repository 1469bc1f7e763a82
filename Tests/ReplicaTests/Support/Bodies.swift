// Operations and batches of one owner, as clients would make them.
import Cryptography
import Ledger
import Primitives
import Records

@testable import Replica

/// A client with an owner's key and a submitter's.
struct Client {
    let chain: Digest
    let key: SigningKey
    let submitterKey: SigningKey
    var operations: UInt64 = 0
    var batches: UInt64 = 0
    var last = Digest()

    init(_ genesis: Genesis, number: Int = 1) {
        chain = genesis.digest
        key = Cluster.key(number)
        submitterKey = Cluster.key(number + 50)
    }

    var owner: OwnerID { OwnerID(firstKey: key.publicKey) }
    var agent: AgentID { AgentID(owner: owner, name: "scout") }
    var submitter: SubmitterID { SubmitterID(key: submitterKey.publicKey) }

    mutating func operation(_ command: Command) -> Body {
        operations += 1
        return .operation(
            SignedOperation(
                chain: chain, owner: owner, sequence: operations, command: command, key: key))
    }

    /// Registers the owner, lets the submitter record, registers the agent.
    mutating func entry() -> [Body] {
        let commands: [Command] = [
            .owner(.register(name: "Ada")),
            .owner(.authorize(submitter: submitterKey.publicKey, rights: .registerAgents)),
            .agent(.register(name: "scout", profile: AgentProfile(version: "1"))),
        ]
        return commands.map { operation($0) }
    }

    mutating func batch(at time: Instant, records: Int = 3) -> Body {
        let body = makeBatch(at: time, records: records)
        batches += 1
        last = body.digest
        return body
    }

    /// The batch that `batch` would make, without going on.
    func makeBatch(at time: Instant, records: Int) -> Body {
        var columns = RecordColumns()
        for _ in 0..<records {
            var record = Record()
            record.agent = agent
            record.start = time
            record.tokens.input = 5
            record.payloadSize = 1_500
            record.gas = 12_000
            columns.append(record, parents: [])
        }
        var header = BatchHeader()
        header.chain = chain
        header.submitter = submitter
        header.sequence = batches + 1
        header.previous = last
        header.closed = time
        return .batch(CheckedBatch(sealing: columns, header: header, key: submitterKey))
    }
}
