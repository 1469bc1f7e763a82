// The receipt of a finished task: what the ledger says of it under a certified checkpoint, by whose
// mandate and law, and the records of the work (docs/spec/receipt.md §6).
import JSON
import Merkle
import Primitives

/// An entry of the ledger's state with the proof of it.
public struct StateEntryPart: Hashable, Sendable {
    /// The kind, then 32 bytes.
    public var key: [UInt8]
    public var value: [UInt8]
    /// Siblings from the leaf upwards.
    public var path: [Digest]

    public static let keyBytes = 33
    /// Bytes of a value, at most.
    public static let mostBytes = 16_384

    public init(key: [UInt8], value: [UInt8], path: [Digest]) {
        (self.key, self.value, self.path) = (key, value, path)
    }

    /// The identifier in the key; nil where the key is of another kind, or the value does not begin
    /// with the same.
    func identifier(_ kind: TaskReceipt.EntryKind) -> Digest? {
        guard key.first == kind.rawValue, value.starts(with: key.dropFirst()) else { return nil }
        return Digest(key.dropFirst())
    }

    func isIn(_ root: Digest) -> Bool {
        StateProof(siblings: path, neighbour: nil).isValid(
            root: root, key: Domains.stateKey.hash(key), value: Domains.stateValue.hash(value))
    }

    func digest(at offset: Int) -> Digest? {
        guard value.count >= offset + Digest.width else { return nil }
        return Digest(value[offset..<offset + Digest.width])
    }
}

/// A task, with what it stands on.
public struct TaskReceipt: CertifiedReceipt {
    /// The kinds of entries that it holds.
    enum EntryKind: UInt8 {
        case constitution = 33
        case mandate = 36
        case task = 41
        case division = 49
    }

    public static let parts: [ReceiptPart] = [
        .format, .genesis, .state, .task, .mandate, .law, .division, .records, .operations,
        .committee, .certificate,
    ]
    /// Bytes of a receipt's text, at most.
    public static let textBytes = 4 << 20
    /// The task, a mandate with eight above it, two constitutions, a division.
    public static let mostEntries = 13
    public static let mostRecords = 16
    public static let mostOperations = 32

    public var chain: Digest
    public var genesis: Genesis
    /// The task; its mandate and those that it was passed on from; the constitution of the poster,
    /// then that of the worker; how a team divided the pay, where one did.
    public var entries: [StateEntryPart]
    /// Records of the work, of this chain, by digest.
    public var records: [Receipt]
    /// What was done about the task, of this chain, in the order in which it was done.
    public var operations: [OperationReceipt] = []
    public var steps: [EpochStep] = []
    public var checkpoint: CheckpointPart

    public init(
        genesis: Genesis, entries: [StateEntryPart], records: [Receipt], checkpoint: Checkpoint
    ) {
        chain = genesis.digest
        (self.genesis, self.entries, self.records) = (genesis, entries, records)
        self.checkpoint = CheckpointPart(
            header: checkpoint.header, index: 0, path: [], certificate: checkpoint.certificate)
    }

    public var item: CheckpointItem? { nil }

    /// What the task's entry says; nil where it is none.
    public var task: TaskSummary? { entries.first.flatMap { TaskSummary(entry: $0.value) } }

    /// Checks a receipt by the rules of docs/spec/receipt.md §6.
    ///
    /// - Parameter trusted: the digest of the genesis the caller trusts; nil accepts any chain.
    public func verify(trusted: Digest? = nil) throws(ReceiptRefusal) {
        try verifyChain(trusted: trusted)
    }

    public func verifyContents() throws(ReceiptRefusal) {
        for (place, entry) in entries.enumerated()
        where !entry.isIn(checkpoint.header.stateRoot) {
            throw ReceiptRefusal(
                .state, "entry \(place + 1) is not in the state of the checkpoint")
        }
        guard let task, entries[0].identifier(.task) == task.id, task.isFinal else {
            throw ReceiptRefusal(.task, "the first entry is not that of a finished task")
        }
        var rest = entries.dropFirst()
        try verifyMandates(of: task, &rest)
        try verifyLaw(task.posterLaw, of: task.poster, &rest)
        try verifyLaw(task.workerLaw, of: task.worker, &rest)
        guard rest.isEmpty || rest.count == 1 && rest.first?.isDivision == true else {
            throw ReceiptRefusal(.law, "an entry that the task does not stand on")
        }
        if let entry = rest.first { try verifyDivision(entry, of: task) }
        try verifyRecords(of: task)
        try verifyOperations(of: task)
    }

    /// The mandate, and each above it up to that of the payer.
    private func verifyMandates(
        of task: TaskSummary, _ rest: inout ArraySlice<StateEntryPart>
    ) throws(ReceiptRefusal) {
        var wanted = task.mandate
        while !wanted.isZero {
            guard let entry = rest.popFirst(), entry.identifier(.mandate) == wanted,
                let payer = entry.digest(at: 32), let parent = entry.digest(at: 96)
            else { throw ReceiptRefusal(.mandate, "the mandate \(wanted) is not there") }
            guard payer == task.payer else {
                throw ReceiptRefusal(.mandate, "the mandate \(wanted) spends another's money")
            }
            wanted = parent
        }
    }

    /// The constitution by which a party acted, in that version or a later one.
    private func verifyLaw(
        _ version: UInt64, of party: Digest, _ rest: inout ArraySlice<StateEntryPart>
    ) throws(ReceiptRefusal) {
        guard version > 0 else { return }
        guard let entry = rest.popFirst(), entry.identifier(.constitution) == party,
            let held = LittleEndian.number(entry.value, at: 32, bytes: 8), held >= version
        else {
            throw ReceiptRefusal(.law, "version \(version) of the law of \(party) is not there")
        }
    }

    private func verifyRecords(of task: TaskSummary) throws(ReceiptRefusal) {
        var last: Digest?
        for (place, receipt) in records.enumerated() {
            do {
                try receipt.verifyChain(trusted: chain)
            } catch {
                throw ReceiptRefusal(
                    .records, "record \(place + 1): \(error.part.rawValue): \(error.detail)")
            }
            guard receipt.record.task.bytes == Array(task.id.bytes.prefix(TaskID.width)),
                receipt.record.agent.bytes == task.worker.bytes
            else {
                throw ReceiptRefusal(
                    .records, "record \(place + 1) is not one of the worker for this task")
            }
            if let last, last >= receipt.recordDigest {
                throw ReceiptRefusal(.records, "the records are not in order of their digests")
            }
            last = receipt.recordDigest
        }
    }
}

/// Numbers at a place in bytes.
enum LittleEndian {
    /// Nil where the bytes end before. At most 16 bytes.
    static func number(_ bytes: [UInt8], at offset: Int, bytes width: Int) -> UInt128? {
        guard bytes.count >= offset + width else { return nil }
        return bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | UInt128($1) }
    }
}
