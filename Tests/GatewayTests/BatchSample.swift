// Native batches made by hand, each part of which a test may spoil.
import Cryptography
import Ledger
import Platform
import Primitives
import Records

/// A submitter of its own that records for agents of the test's owner.
struct NativeSubmitter {
    var key = SigningKey(seed: [UInt8](repeating: 6, count: 32))!

    /// Agents "beta" and "gamma" are registered, and the submitter let in; sequences 3, 4 and 5 of
    /// the owner's key.
    var enrollment: [Command] {
        [
            .agent(.register(name: "beta", profile: AgentProfile(version: "2"))),
            .agent(.register(name: "gamma", profile: AgentProfile())),
            .owner(.authorize(submitter: key.publicKey, rights: .all)),
        ]
    }

    static func agent(_ name: String) -> AgentID { AgentID(owner: Cast.ownerID, name: name) }

    func header(sequence: UInt64, previous: Digest) -> BatchHeader {
        var header = BatchHeader()
        header.chain = Cast.genesis.digest
        header.submitter = SubmitterID(key: key.publicKey)
        header.sequence = sequence
        header.previous = previous
        header.closed = SystemClock().now()
        return header
    }

    static func record(_ operation: UInt64, of agent: String = "beta") -> Record {
        var record = Record()
        record.agent = Self.agent(agent)
        record.run = RunID(hex: SpanSample.trace(4))!
        record.operation = OperationID(word: operation)
        record.start = Instant(nanoseconds: 1_800_000_000)
        record.payloadDigest = BLAKE3.hash([1])
        record.payloadSize = 1
        record.gas = Gas.record(payloadSize: 1)
        return record
    }

    /// Batch `sequence` with the records, by default one of "beta".
    func batch(
        _ sequence: UInt64, after previous: Digest = Digest(), _ records: [Record] = [],
        header change: (inout BatchHeader) -> Void = { _ in }
    ) -> CheckedBatch {
        var columns = RecordColumns()
        for record in records.isEmpty ? [Self.record(sequence)] : records {
            columns.append(record, parents: [])
        }
        var header = header(sequence: sequence, previous: previous)
        change(&header)
        return CheckedBatch(sealing: columns, header: header, key: key)
    }
}
