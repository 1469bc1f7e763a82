// What a gateway hands to the node: one action of an agent with its payload, not yet a record.
import Cryptography
import Ledger
import Primitives
import Records

/// One action to be recorded. The gateway has checked its form; the node gives it an agent, parents
/// and gas.
public struct Submission: Sendable {
    /// The agent's name under the owner.
    public var agentName: String
    public var agentVersion: String
    public var run: RunID
    public var task: TaskID
    public var operation: OperationID
    public var caller: OperationID
    public var kind: RecordKind
    public var outcome: Outcome
    public var start: Instant
    /// Nanoseconds.
    public var duration: UInt64
    public var tokens: TokenCounts
    /// Nanoseconds of processor time.
    public var compute: UInt64
    /// Bytes.
    public var memory: UInt64
    public var cost: Amount
    /// What a person calls it: the span's name.
    public var name: String
    /// The exact bytes to keep, at most `Limits.payloadBytes`.
    public var payload: [UInt8] { didSet { payloadDigest = BLAKE3.hash(payload) } }
    /// BLAKE3 of the payload: computed where the submission is made, not on the node's thread.
    public private(set) var payloadDigest: Digest

    public init(
        run: RunID, operation: OperationID, agentName: String, name: String, payload: [UInt8]
    ) {
        self.run = run
        self.operation = operation
        self.agentName = agentName
        self.name = name
        self.payload = payload
        payloadDigest = BLAKE3.hash(payload)
        agentVersion = ""
        task = TaskID()
        caller = OperationID()
        kind = .other
        outcome = .success
        start = Instant(nanoseconds: 0)
        duration = 0
        tokens = TokenCounts()
        compute = 0
        memory = 0
        cost = .zero
    }
}

/// Why one submission of a request was not recorded while others were.
public enum SubmissionRefusal: Hashable, Sendable {
    /// The agent is suspended or retired.
    case agentNotActive
    /// The agent could not be registered on first sight.
    case agentRefused
    /// It starts too far ahead of the node's time.
    case startInFuture
    case payloadTooLarge
    /// Tokens or cost over the limit of a record, or the agent's totals are near the top of their
    /// range.
    case quantityTooLarge
    /// A quota, a constitution, a stop or a ruling does not allow it.
    case limit(RecordRefusal)
}

/// What became of a request.
public enum SubmissionOutcome: Sendable {
    /// Everything not refused is final. `refused` names places in the request.
    case recorded(Recorded)
    /// The committee does not certify the batch: nothing of the request is known to be recorded.
    case notCertified
    /// Too much is on its way already.
    case overloaded
    /// This node has no seat, or signs nothing more.
    case notAValidator
    /// No quorum answered in time. It may still become final; what is sent again is recorded once.
    case undecided
    /// Nothing of the request is known to be recorded: the disk failed.
    case storageFailed
    /// The owner is not known or did not let this node record.
    case ownerRefused

    public struct Recorded: Sendable {
        public var recorded = 0
        /// Recorded before, and left alone.
        public var duplicates = 0
        public var refused: [(index: Int, reason: SubmissionRefusal)] = []

        public init() {}
    }
}

/// What became of a metrics or logs request, which is kept whole or not at all.
public enum KeepOutcome: Hashable, Sendable {
    /// It is durable.
    case kept
    /// It is not known to be durable: the disk failed.
    case storageFailed
    /// The owner is not known or did not let this node record.
    case ownerRefused
}
