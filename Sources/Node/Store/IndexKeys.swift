// The key spaces of the index and the keys in them. Numbers are big-endian so that keys sort as they count.
import Ledger
import Primitives

/// The spaces, by name; each is a view of the journal and can be made again from it.
enum Space: String, CaseIterable {
    /// How far the index is, and the snapshot's checkpoint.
    case meta
    /// State entries as of the snapshot: `StateKey.encoded` → encoding.
    case state
    /// Number → `BatchView`.
    case batches
    /// Batch number → height and place of its checkpoint.
    case placements
    /// Height → `CheckpointView`.
    case checkpoints
    /// Run key ‖ operation → `RecordPlace`.
    case operations
    /// Run key → `RunSummary`.
    case runs
    /// Start ‖ run key → nothing.
    case runsByTime
    /// Agent ‖ start ‖ run key → nothing.
    case runsByAgent
    /// Agent ‖ batch number → records of the agent in it.
    case agentBatches
    /// Kind ‖ arrival number → digest of a kept metrics or logs request.
    case signals
}

enum IndexKey {
    static let position = Array("position".utf8)
    static let snapshot = Array("snapshot".utf8)
    static let counters = Array("counters".utf8)

    static func number(_ value: UInt64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The number at the start of `bytes`, which has at least eight of them.
    static func number(in bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func operation(_ run: RunKey, _ operation: OperationID) -> [UInt8] {
        run.encoded + operation.bytes
    }

    static func runByTime(_ summary: RunSummary) -> [UInt8] {
        number(summary.start.nanoseconds) + key(summary).encoded
    }

    static func runByAgent(_ agent: AgentID, _ summary: RunSummary) -> [UInt8] {
        agent.bytes + number(summary.start.nanoseconds) + key(summary).encoded
    }

    static func agentBatch(_ agent: AgentID, _ batch: UInt64) -> [UInt8] {
        agent.bytes + number(batch)
    }

    private static func key(_ summary: RunSummary) -> RunKey {
        RunKey(run: summary.run, owner: summary.owner)
    }
}
