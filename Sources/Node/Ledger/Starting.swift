// What a node does after its journal was replayed: the replica may act, and what was on its way
// when
// the node went down is submitted again.
import Ledger
import Primitives
import Records
import Replica
import Storage

/// Own batches and operations that the journal holds and that were not carried out when it was
/// read.
struct Unfinished {
    private var batches: [UInt64: [CheckedBatch]] = [:]
    private var operations: [UInt64: SignedOperation] = [:]

    /// Notes a body of the journal that `key` signed.
    mutating func note(_ body: Body, by key: PublicKey) {
        switch body {
        case .batch(let batch):
            let header = batch.batch.header
            guard header.key == key else { return }
            batches[header.sequence, default: []].append(batch)
        case .operation(let operation):
            if operation.key == key { operations[operation.sequence] = operation }
        }
    }

    /// The batches that follow `head` one after the other.
    func batches(after head: (sequence: UInt64, digest: Digest)) -> [CheckedBatch] {
        var found: [CheckedBatch] = []
        var (sequence, digest) = head
        // Of several for one place the last one counts: those before were given up.
        while let batch = batches[sequence + 1]?.last(where: { $0.batch.header.previous == digest })
        {
            found.append(batch)
            (sequence, digest) = (sequence + 1, batch.digest)
        }
        return found
    }

    /// The operations that follow one of that sequence.
    func operations(after sequence: UInt64) -> [SignedOperation] {
        var found: [SignedOperation] = []
        while let operation = operations[sequence + UInt64(found.count) + 1] {
            found.append(operation)
        }
        return found
    }
}

extension Core {
    mutating func start(_ unfinished: Unfinished, _ turn: Turn) throws(StorageFailure) {
        var actions: [Replica.Action] = []
        replica.start(at: turn.now, into: &actions)
        try obey(actions, turn)
        guard let submitter else { return }
        let last = replica.state.lastSequence(of: submitter.publicKey)
        for operation in unfinished.operations(after: last) {
            registrations.resume(operation)
            try step(.submit(.operation(operation)), turn)
        }
        let id = SubmitterID(key: submitter.publicKey)
        guard let executed = replica.state.submitter(id) else { return }
        for batch in unfinished.batches(after: (executed.sequence, executed.last)) {
            let tally = Tally(of: batch, in: replica.state)
            chain.append(OwnBatch(batch: batch, names: nil, arrival: nil, tally: tally))
            isGateStale = true
            try step(.submit(.batch(batch)), turn)
        }
    }
}
