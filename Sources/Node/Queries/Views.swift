// What queries return: values that a face of the node turns into JSON or text.
import Ledger
import Merkle
import Primitives
import Records
import Storage

/// A record's name among people: the number of its batch and its row.
public struct RecordID: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    public var batch: UInt64
    /// 0..<`Limits.recordsPerBatch`.
    public var row: Int

    public init(batch: UInt64, row: Int) {
        self.batch = batch
        self.row = row
    }

    /// Nil unless `text` is `<batch>-<row>` in decimal digits.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let batch = UInt64(parts[0]), let row = Int(parts[1]),
            (0..<Limits.recordsPerBatch).contains(row)
        else { return nil }
        self.init(batch: batch, row: row)
    }

    public var description: String { "\(batch)-\(row)" }
}

/// A page of a list.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// Where the next page begins; nil at the end. Opaque to everybody but the query that gave it.
    public var next: [UInt8]?

    public init(items: [Item], next: [UInt8]?) {
        self.items = items
        self.next = next
    }
}

/// A record and where it stands.
public struct RecordView: Sendable {
    public var id: RecordID
    public var record: Record
    public var digest: Digest
    /// Height of its checkpoint; nil while it is agent-final only.
    public var checkpoint: UInt64?
}

/// An agent and what it used.
public struct AgentView: Sendable {
    public var agent: Agent
    public var usage: Usage?
}

/// What became of the wish for a receipt.
public enum ReceiptLookup: Sendable {
    case unknown
    /// It will be there after the next checkpoint.
    case notCheckpointed
    case receipt(Receipt)
}

/// What there is to say to somebody who asks for the receipt of an operation.
public enum OperationReceiptLookup: Sendable {
    case unknown
    /// It is recorded here; its receipt follows once it is carried out and in a checkpoint.
    case notCheckpointed
    case receipt(OperationReceipt)
}

/// What there is of the receipt of a task.
public enum TaskReceiptLookup: Sendable {
    case unknown
    /// It has not ended, or no checkpoint says so yet.
    case notFinal
    case receipt(TaskReceipt)
}

/// An entry of the state, or its absence, with the proof against the last checkpoint.
public struct StateView: Sendable {
    public var key: Digest
    /// The encoded entry; nil where there is none.
    public var value: [UInt8]?
    public var proof: StateProof
    public var checkpoint: Checkpoint
}

/// Counts of a node.
public struct NodeStatus: Sendable {
    public var chain: Digest
    /// Of the last checkpoint; 0 before the first.
    public var height: UInt64
    public var records: UInt64
    public var batches: UInt64
    public var operations: UInt64
    public var agents: Int
    /// Frames in the ledger's journal.
    public var journalFrames: UInt64
    /// Bytes of the ledger's journal on this disk, as it lies there.
    public var journalBytes: UInt64
    /// Bytes of the payload journal on this disk.
    public var payloadBytes: UInt64
    /// When the last batch was closed whose records were pruned, and whose payloads were; nil where
    /// nothing was.
    public var recordsPruned: Instant?
    public var payloadsPruned: Instant?
    public var payloads: PayloadStatistics
    public var compaction: CompactionStatus
    /// Items that wait for a checkpoint.
    public var pendingItems: Int
}
