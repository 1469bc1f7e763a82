// The door of the ledger: an operation or a batch, the time and the state give a new state and what
// happened.
//
// A validator alone applies what it is given, or refuses it. Where several agree, each *checks* an
// update before it promises it a place, a quorum of promises *certifies* it, and every validator
// *settles* it at its place in the total order, with the time of that place.
//
// There is no clock, disk, network or chance in this module: the same inputs give the same state on
// every machine. A chapter is a protocol over the slice of state it needs, with its commands, its
// failures in their order of precedence, and a table of tests that runs it alone. To add one, write
// its protocol and let `ExecutionState` demand it, add its commands to `Command` and its failures
// to `LedgerFailure`, and give it a line in the switch below.
import Agents
import Cryptography
import Primitives
import Records

/// What came of an operation or batch.
public enum Effect: Hashable, Sendable {
    case ownerRegistered(OwnerID)
    case ownerChanged(OwnerID)
    case submitterAuthorized(SubmitterID, by: OwnerID)
    case submitterWithdrawn(SubmitterID, by: OwnerID)
    case agentRegistered(AgentID)
    case agentChanged(AgentID)
    case batchAccepted(Digest, submitter: SubmitterID)
    case seatVoted(SeatChange, by: PublicKey)
    /// The vote that made the quorum.
    case seatChangeAdopted(SeatChange)
    case addressChanged(PublicKey)
    case law(LawEffect)
    case programRegistered(Digest)
    case agentSpawned(AgentID, root: Digest)
    case deposited(AgentID, microCredits: UInt64)
    case withdrawn(AgentID, microCredits: UInt64)
    /// By its owner; what was left of its deposit is back.
    case agentEnded(AgentID, microCredits: UInt64)
    case transitionAccepted(AgentHeight, root: Digest)
    case callAbandoned(AgentID)
    /// Leaves of a state, as of that transition, to an agent that asked for them.
    case stateShown(AgentHeight, to: AgentID)
    /// Two transitions for one place: it never runs again.
    case agentFaulty(AgentID, reporter: OwnerID)
}

/// Why an operation or batch is refused; nothing has changed then.
public enum LedgerFailure: Error, Hashable, Sendable {
    /// It names another chain.
    case wrongChain
    case invalidSignature
    /// Operations of a key come in order, from 1, each once.
    case wrongSequence(expected: UInt64, found: UInt64)
    case identity(IdentityFailure)
    case agents(AgentsFailure)
    case recording(RecordingFailure)
    case validators(ValidatorsFailure)
    case law(LawFailure)
    case transitions(TransitionsFailure)
}

/// What came of a certified update at its place in the order.
public enum Settled: Hashable, Sendable {
    case done(Effect)
    /// The chapter refuses it now, although it was certified: another update came first. Only the
    /// key's sequence moved on.
    case failed(LedgerFailure)
    /// It is not the next of its chain, or of another ledger; nothing has changed.
    case misplaced
}

public enum Ledger {
    /// Carries out a signed operation, or changes nothing.
    ///
    /// The order of checks is part of the protocol: chain, signature, sequence, then the chapter's
    /// own.
    public static func apply(
        _ operation: SignedOperation, at time: Instant, to state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        let last = state.lastSequence(of: operation.key)
        try checkPlace(of: operation, lastSequence: last, chain: state.chain)
        let effect = try state.carryOut(operation, at: time, proofs: .open)
        state.setSequence(operation.sequence, of: operation.key)
        return effect
    }

    /// Accepts a checked batch, or changes nothing.
    public static func apply(
        _ batch: CheckedBatch, at time: Instant, to state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        let totals = try state.judged(batch, head: nil, at: time)
        guard case .done(let effect) = state.settle(.batch(batch, totals), at: time) else {
            throw .recording(.wrongPrevious)
        }
        return effect
    }

    /// Throws what `apply` would throw at `time` if the submitter's chain ended at `head`.
    ///
    /// - Returns: what the rows come to, for `settle`. O(rows).
    @discardableResult
    public static func check(
        _ batch: CheckedBatch, head: ChainHead, at time: Instant, in state: LedgerState
    ) throws(LedgerFailure) -> BatchTotals {
        try state.judged(batch, head: head, at: time)
    }

    /// Throws what `apply` would throw at `time` if the last operation of the key had the sequence
    /// `lastSequence`. The command is tried on the state as it is, whatever lies between.
    public static func check(
        _ operation: SignedOperation, lastSequence: UInt64, at time: Instant,
        in state: LedgerState
    ) throws(LedgerFailure) {
        try checkPlace(of: operation, lastSequence: lastSequence, chain: state.chain)
        var draft = Draft(of: state)
        _ = try draft.carryOut(operation, at: time, proofs: .open)
    }

    /// Carries out a certified batch at its place in the order: `done` or `misplaced`.
    ///
    /// Rights, status, times and limits were judged when it was certified and are not looked at
    /// again: what was ordered in between holds for later batches. Totals saturate, which only
    /// hostile quantities can bring about.
    ///
    /// - Parameter totals: those of this batch, from `check` or made anywhere; where they are nil
    /// or
    ///   another batch's they are computed here.
    public static func settle(
        _ batch: CheckedBatch, totals: BatchTotals?, at time: Instant, to state: inout LedgerState
    ) -> Settled {
        state.settle(.batch(batch, totals), at: time)
    }

    /// Carries out a certified operation at its place in the order, at the cost of the sequence
    /// number in any case but `misplaced`. Signature and proofs of keys are not verified again:
    /// they
    /// depend on nothing but the operation, and a quorum verified them.
    public static func settle(
        _ operation: SignedOperation, at time: Instant, to state: inout LedgerState
    ) -> Settled {
        state.settle(.operation(operation), at: time)
    }

    private static func checkPlace(
        of operation: SignedOperation, lastSequence: UInt64, chain: Digest
    ) throws(LedgerFailure) {
        guard operation.chain == chain else { throw .wrongChain }
        guard
            Ed25519.isValid(operation.signature, of: operation.signedBytes, by: operation.key)
        else { throw .invalidSignature }
        let (expected, overflow) = lastSequence.addingReportingOverflow(1)
        guard !overflow, operation.sequence == expected else {
            throw .wrongSequence(expected: expected, found: operation.sequence)
        }
    }
}
