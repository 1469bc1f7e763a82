// How one certified update, or one command, is carried out on anything that holds a state.
import Primitives
import Records

/// A certified update.
public enum Item: Sendable {
    /// With its totals, where somebody computed them before.
    case batch(CheckedBatch, BatchTotals?)
    case operation(SignedOperation)
}

/// Whether the proofs of new keys, which depend on the operation alone, are still to be verified.
enum ProofState {
    case open
    /// A quorum verified them when it certified the operation.
    case judged
}

/// All that execution reads and writes: the slices of the chapters, and the keys' sequences.
protocol ExecutionState: IdentityState, AgentsState, RecordingState, ValidatorsState,
    TransitionsState, LawStore, StandingState, AccountsState, ConstitutionsState, MandatesState,
    ApprovalsState, OverridesState, AnomaliesState, GuardianshipState, TasksState, StakesState,
    OffersState, AuctionsState, LicencesState, TeamsState, QuotesState, CoversState,
    MarketRulesState, QuotasState, RolesState, FilesState
{
    func lastSequence(of key: PublicKey) -> UInt64
    mutating func setSequence(_ sequence: UInt64, of key: PublicKey)
    /// The same, to try something on.
    var drafted: Draft { get }
}

extension LedgerState: ExecutionState {
    var drafted: Draft { Draft(of: self) }
}

extension ExecutionState {
    /// The one switch over all chapters.
    mutating func carryOut(
        _ operation: SignedOperation, at time: Instant, proofs: ProofState
    ) throws(LedgerFailure) -> Effect {
        let signer: Signer
        do {
            signer = try admitted(
                operation.command, by: Signer(owner: operation.owner, key: operation.key))
        } catch { throw .law(error) }
        let (owner, key) = (signer.owner, signer.key)
        switch operation.command {
        case .owner(let command):
            do {
                return try apply(command, owner: owner, key: key, at: time, proofs: proofs)
            } catch { throw .identity(error) }
        case .agent(let command):
            do {
                return try apply(command, owner: owner, key: key, at: time, proofs: proofs)
            } catch { throw .agents(error) }
        case .validator(let command):
            do {
                return try apply(command, owner: owner, key: key, proofs: proofs)
            } catch { throw .validators(error) }
        case .law(let command):
            do {
                return .law(try carryOut(
                    command, of: operation, by: signer, at: time, proofs: proofs))
            } catch { throw .law(error) }
        case .transition(let command):
            return try carryOut(
                command, of: operation, by: signer, at: time, proofs: proofs)
        }
    }

    /// The signer as its role allows, where the key that signs has one.
    func admitted(
        _ command: @autoclosure () -> Command, by signer: Signer
    ) throws(LawFailure) -> Signer {
        var signer = signer
        signer.file = file(of: signer.owner)
        guard let roles = signer.file?.roles else { return signer }
        do { return try admit(command(), by: signer, roles) } catch { throw .roles(error) }
    }

    /// Every rule of a batch, then the law: what its rows come to must be known for that.
    func judged(
        _ batch: CheckedBatch, head: ChainHead?, at time: Instant
    ) throws(LedgerFailure) -> BatchTotals {
        let owned: OwnedTotals
        do { owned = try check(batch, head: head, at: time) } catch { throw .recording(error) }
        do { try judge(owned, at: time) } catch { throw .law(error) }
        return owned.totals
    }

    mutating func settle(_ item: Item, at time: Instant) -> Settled {
        switch item {
        case .batch(let batch, let totals):
            let known = totals.flatMap { $0.batch == batch.digest ? $0 : nil }
            let totals = known ?? BatchTotals(of: batch)
            guard let effect = settle(batch, totals: totals, at: time) else {
                return .misplaced
            }
            note(totals, at: time)
            return .done(effect)
        case .operation(let operation):
            return settle(operation, at: time)
        }
    }

    private mutating func settle(_ operation: SignedOperation, at time: Instant) -> Settled {
        let (next, overflow) = lastSequence(of: operation.key).addingReportingOverflow(1)
        guard operation.chain == chain, !overflow, operation.sequence == next else {
            return .misplaced
        }
        defer { setSequence(next, of: operation.key) }
        do {
            return .done(try carryOut(operation, at: time, proofs: .judged))
        } catch {
            return .failed(error)
        }
    }
}
