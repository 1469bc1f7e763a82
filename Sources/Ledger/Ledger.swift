// The door of the ledger: one function takes an operation or a batch, the time and the state, and
// returns what happened.
//
// There is no clock, disk, network or chance in this module: the same inputs give the same state on
// every
// machine. A chapter is a protocol over the slice of state it needs, with its commands, its
// failures in
// their order of precedence, and a table of tests that runs it alone. To add one, write its
// protocol and
// let `LedgerState` conform, add its commands to `Command` and its failures to `LedgerFailure`, and
// give
// it a line in the switch below.
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
}

public enum Ledger {
    /// Carries out a signed operation, or changes nothing.
    ///
    /// The order of checks is part of the protocol: chain, signature, sequence, then the chapter's
    /// own.
    public static func apply(
        _ operation: SignedOperation, at time: Instant, to state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        guard operation.chain == state.chain else { throw .wrongChain }
        guard
            Ed25519.isValid(operation.signature, of: operation.signedBytes, by: operation.key)
        else { throw .invalidSignature }
        let (expected, overflow) = state.lastSequence(of: operation.key)
            .addingReportingOverflow(1)
        guard !overflow, operation.sequence == expected else {
            throw .wrongSequence(expected: expected, found: operation.sequence)
        }
        let effect = try carryOut(operation, at: time, in: &state)
        state.setSequence(operation.sequence, of: operation.key)
        return effect
    }

    /// Accepts a checked batch, or changes nothing.
    public static func apply(
        _ batch: CheckedBatch, at time: Instant, to state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        do {
            return try state.apply(batch, at: time)
        } catch {
            throw .recording(error)
        }
    }

    private static func carryOut(
        _ operation: SignedOperation, at time: Instant, in state: inout LedgerState
    ) throws(LedgerFailure) -> Effect {
        switch operation.command {
        case .owner(let command):
            do {
                return try state.apply(
                    command, owner: operation.owner, key: operation.key, at: time)
            } catch { throw .identity(error) }
        case .agent(let command):
            do {
                return try state.apply(
                    command, owner: operation.owner, key: operation.key, at: time)
            } catch { throw .agents(error) }
        }
    }
}
