// What a node can be told, each setting with its unit and default.
import Primitives
import Replica

/// The settings of a node.
public struct NodeSettings: Sendable {
    /// A batch is closed when its first record is this old.
    public var batchAgeNanoseconds: UInt64 = 20 * Nanoseconds.perMillisecond
    /// A batch is closed when it holds this many records, 1...`Limits.recordsPerBatch`.
    public var batchRecords = Limits.recordsPerBatch
    /// What is submitted is answered after this time even where no quorum answered.
    public var answerTimeoutNanoseconds = 10 * Nanoseconds.perSecond
    public var replica = ReplicaSettings()
    /// Nanoseconds between attempts to open the store again after the disk failed.
    public var reopenIntervalNanoseconds = Nanoseconds.perSecond
    /// Bytes of one journal segment.
    public var segmentBytes: UInt64 = 256 << 20
    /// Level of zstd for payloads, 1...19.
    public var compressionLevel = 1
    /// Bytes a second that compressing sealed segments may read and write, what the journals write
    /// included; 0 leaves them to `store compact`. Of use with a `compactionWorker` only.
    public var compactionBytesPerSecond: UInt64 = 16 << 20

    public init() {}
}
