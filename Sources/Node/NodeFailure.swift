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
    /// The journal does not start with a genesis.
    case noGenesis
    /// A frame of the journal that the rules do not allow; its sequence.
    case replay(sequence: UInt64, ReplayFailure)
    /// A frame of the journal that does not decode; its sequence.
    case frame(sequence: UInt64, BodyFailure)
    /// A frame of the journal of a kind this build does not know; its sequence.
    case frameKind(sequence: UInt64, UInt8)
    /// The disk fails; try again later.
    case unavailable
    /// The records of this batch were pruned.
    case pruned(batch: UInt64)
    /// An entry of the index that does not decode.
    case index(space: String, DecodingFailure)
}

/// What became of an operation or of a batch somebody else sealed.
public enum LedgerOutcome: Sendable {
    /// An operation was carried out, or a batch is final. A batch has a number once it is executed.
    case accepted(CheckpointItem, Effect, batch: UInt64?)
    /// The rules do not allow it, here or, for an operation, at its place in the order.
    case refused(LedgerFailure)
    /// The committee does not certify it.
    case notCertified
    /// Too much is on its way already.
    case overloaded
    /// This node has no seat, or signs nothing more.
    case notAValidator
    /// No quorum answered in time. It stays submitted, and may still be certified.
    case undecided
    /// The batch is not well made.
    case malformed(BatchFailure)
    case storageFailed
}

extension LedgerOutcome {
    /// What a body comes to that waits for `settlement`.
    init(_ settlement: Settlement, of body: Body, number: UInt64?) {
        switch settlement {
        case .executed(let outcome), .refused(let outcome): self = outcome
        case .undecided: self = .undecided
        case .storageFailed: self = .storageFailed
        case .final:
            var submitter = SubmitterID()
            if case .batch(let batch) = body { submitter = batch.batch.header.submitter }
            self = .accepted(
                .batch(body.digest), .batchAccepted(body.digest, submitter: submitter),
                batch: number)
        }
    }

    init(_ refusal: SubmitRefusal) {
        switch refusal {
        case .ledger(let failure): self = .refused(failure)
        case .committee: self = .notCertified
        case .overtaken: self = .undecided
        case .overloaded: self = .overloaded
        case .notAValidator: self = .notAValidator
        }
    }
}

extension SubmissionOutcome {
    init(_ settlement: Settlement, _ recorded: Recorded) {
        switch settlement {
        case .final, .executed: self = .recorded(recorded)
        case .refused(.overloaded): self = .overloaded
        case .refused(.notAValidator): self = .notAValidator
        case .refused: self = .notCertified
        case .undecided: self = .undecided
        case .storageFailed: self = .storageFailed
        }
    }
}

/// Something that happened and is durable, for those who watch.
public enum NodeEvent: Sendable {
    case run(RunSummary)
    case batch(BatchView)
    case checkpoint(CheckpointView)
    case agent(AgentID)
    /// The accepted state of an agent that runs a program changed, or what it may spend did.
    case instance(AgentID)
    /// So many records became agent-final so many nanoseconds after they arrived.
    case agentFinal(records: Int, nanoseconds: UInt64)
    /// So many records became checkpoint-final so many nanoseconds after they arrived.
    case checkpointFinal(records: Int, nanoseconds: UInt64)
    /// The order of the graph went on.
    case committed(GraphCommit)
    /// An epoch ended.
    case epoch(EpochStep)
    /// The validator signs nothing more, and why.
    case halted(HaltReason)
    /// The disk failed; nothing is recorded until the store could be opened again.
    case storageFailed(StorageFailure)
    case storageRecovered
}
