// The key spaces of the index and the keys in them. Numbers are big-endian so that keys sort as
// they count.
import Primitives
import Storage

/// The spaces; each is a view of the journal and can be made again from it.
enum Space {
    /// How far the index is, and the snapshot.
    static let meta = KeySpace(16)
    /// State entries as of the snapshot: `StateKey.encoded` → encoding.
    static let state = KeySpace(17)
    /// Number → `BatchView`.
    static let batches = KeySpace(18)
    /// Batch number → `Placement`.
    static let placements = KeySpace(19)
    /// Height → `CheckpointView`.
    static let checkpoints = KeySpace(20)
    /// Run key ‖ batch number → `RunRows`.
    static let operations = KeySpace(21)
    /// Run key → `RunSummary`.
    static let runs = KeySpace(22)
    /// Start ‖ run key → nothing.
    static let runsByTime = KeySpace(23)
    /// Agent ‖ start ‖ run key → nothing.
    static let runsByAgent = KeySpace(24)
    /// Agent ‖ batch number → number of its records there.
    static let agentBatches = KeySpace(25)
    /// Kind ‖ time ‖ digest → `KeptSignal`.
    static let signals = KeySpace(26)
    /// Digest of a batch or operation → `FramePosition`.
    static let bodies = KeySpace(28)
    /// Every step: 0 ‖ epoch it ends → `EpochStep`; and again under 1 ‖ epoch where the committee
    /// changes, which is what receipts carry.
    static let epochs = KeySpace(27)
    /// Digest of an operation → `Placement`.
    static let operationPlacements = KeySpace(29)
    /// Subject ‖ height ‖ index in the checkpoint → `Deed`.
    static let deeds = KeySpace(30)
    /// Party ‖ account ‖ whether it has ended ‖ task → nothing.
    static let tasks = KeySpace(31)
}

enum IndexKey {
    /// The sequence of the first journal frame that is not indexed.
    static let position = Array("position".utf8)
    /// How many batches are indexed, in the order of execution.
    static let batches = Array("batches".utf8)
    /// The checkpoint that the state entries belong to.
    static let snapshot = Array("snapshot".utf8)
    /// The key that promised more than this store knows of.
    static let amnesia = Array("amnesia".utf8)

    /// The last batch whose records were pruned, and whose payloads were.
    static let pruned = Array("pruned".utf8)
    static let prunedPayloads = Array("prunedPayloads".utf8)
    /// The sequence from which on sealed segments of records, and of payloads, were not looked at
    /// to compress them.
    static let compacted = Array("compacted".utf8)
    static let compactedPayloads = Array("compactedPayloads".utf8)

    static func number(_ value: UInt64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// A step of `Space.epochs`.
    static func step(_ epoch: UInt64, isChange: Bool) -> [UInt8] {
        [isChange ? 1 : 0] + number(epoch)
    }

    /// The number at the start of `bytes`, which has at least eight of them.
    static func number(in bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func rows(_ run: RunKey, _ batch: UInt64) -> [UInt8] {
        run.encoded + number(batch)
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

    static func deed(_ subject: Digest, height: UInt64, index: Int) -> [UInt8] {
        subject.bytes + number(height) + number(UInt64(index))
    }

    private static func key(_ summary: RunSummary) -> RunKey {
        RunKey(run: summary.run, owner: summary.owner)
    }
}
