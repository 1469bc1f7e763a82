// Why a node does not start, or does not do what it is asked.
import Ledger
import Primitives
import Records
import Replica
import Storage

public enum NodeFailure: Error, Sendable {
    /// The disk or the store refused.
    case storage(StorageFailure)
    /// The store belongs to another chain than the genesis given.
    case otherChain(found: Digest, expected: Digest)
    /// The validator key is not the one the genesis names.
    case notAValidator
    /// The journal does not start with a genesis.
    case noGenesis
    /// A frame of the journal that the rules do not allow; its sequence.
    case replay(sequence: UInt64, Replica.ReplayFailure)
    /// A frame of the journal that does not decode; its sequence.
    case frame(sequence: UInt64, DecodingFailure)
    /// A frame of the journal of a kind this build does not know; its sequence.
    case frameKind(sequence: UInt64, UInt8)
    /// The disk fails; try again later.
    case unavailable
    /// An entry of the index that does not decode.
    case index(space: String, DecodingFailure)
}

/// What became of an operation or of a batch somebody else sealed.
public enum LedgerOutcome: Sendable {
    /// Durable.
    case accepted(CheckpointItem, Effect, batch: UInt64?)
    case refused(LedgerFailure)
    /// The batch is not well made.
    case malformed(BatchFailure)
    case storageFailed
}

/// Something that happened and is durable, for those who watch.
public enum NodeEvent: Sendable {
    case run(RunSummary)
    case batch(BatchView)
    case checkpoint(CheckpointView)
    case agent(AgentID)
    /// So many records became agent-final so many nanoseconds after they arrived.
    case agentFinal(records: Int, nanoseconds: UInt64)
    /// So many records became checkpoint-final so many nanoseconds after they arrived.
    case checkpointFinal(records: Int, nanoseconds: UInt64)
    /// The disk failed; nothing is recorded until the store could be opened again.
    case storageFailed(StorageFailure)
    case storageRecovered
}
