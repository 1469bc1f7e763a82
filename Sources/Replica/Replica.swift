// One validator of a chain as a value: it takes batches, operations and time, and returns what to
// record and to announce.
//
// Here the committee is this validator alone, so that what it accepts is decided. The shell that
// owns a
// replica makes `record` actions durable, in order, before it obeys any action that follows them.
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

/// A checkpoint with what it was made of.
public struct SealedCheckpoint: Sendable {
    public var checkpoint: Checkpoint
    /// In the order of the tree under `itemsRoot`.
    public var items: [CheckpointItem]
    /// The state entries that changed since the checkpoint before.
    public var changes: [(key: StateKey, value: [UInt8])]
}

public struct Replica: Sendable {
    public enum Input: Sendable {
        /// A batch that was checked in itself.
        case batch(CheckedBatch)
        case operation(SignedOperation)
        /// Time passes.
        case tick
    }

    public enum Action: Sendable {
        /// Make this durable.
        case record(JournalEntry)
        /// The input was accepted: agent-final as soon as it is durable.
        case accepted(CheckpointItem, Effect)
        /// The input changed nothing.
        case refused(LedgerFailure)
        /// A checkpoint was certified: final as soon as it is durable.
        case certified(SealedCheckpoint)
    }

    public let genesis: Genesis
    public let settings: ReplicaSettings
    public private(set) var state: LedgerState
    public private(set) var tree = StateTree()
    /// Header of the last checkpoint; nil before the first.
    public private(set) var last: CheckpointHeader?
    /// Accepted since the last checkpoint.
    public private(set) var pending: [CheckpointItem] = []
    /// This validator's key and its place in the committee; nil for an observer.
    private let seat: (key: SigningKey, index: UInt16)?

    /// A replica at the genesis.
    ///
    /// - Parameter key: the key of this validator; nil is returned where the genesis does not name
    /// it.
    public init?(genesis: Genesis, key: SigningKey, settings: ReplicaSettings) {
        guard let seat = genesis.committee.validators.firstIndex(of: key.publicKey) else {
            return nil
        }
        self.genesis = genesis
        self.seat = (key, UInt16(seat))
        self.settings = settings
        state = LedgerState(chain: genesis.digest)
    }

    /// A replica that follows the chain and certifies nothing.
    public init(observing genesis: Genesis) {
        self.genesis = genesis
        seat = nil
        settings = ReplicaSettings()
        state = LedgerState(chain: genesis.digest)
    }

    /// Takes one input at the time `now`; the same inputs give the same actions. A checkpoint that
    /// is due follows.
    public mutating func step(_ input: Input, at now: Instant, into actions: inout [Action]) {
        let now = max(now, last?.time ?? genesis.created)
        switch input {
        case .batch(let batch): accept(batch, at: now, into: &actions)
        case .operation(let operation): carryOut(operation, at: now, into: &actions)
        case .tick: break
        }
        if let seat, now >= nextCheckpoint { checkpoint(at: now, by: seat, into: &actions) }
    }

    private mutating func accept(
        _ batch: CheckedBatch, at now: Instant, into actions: inout [Action]
    ) {
        do {
            let effect = try Ledger.apply(batch, at: now, to: &state)
            let item = CheckpointItem.batch(batch.digest)
            pending.append(item)
            actions.append(.record(.batch(now, batch.batch)))
            actions.append(.accepted(item, effect))
        } catch {
            actions.append(.refused(error))
        }
    }

    private mutating func carryOut(
        _ operation: SignedOperation, at now: Instant, into actions: inout [Action]
    ) {
        do {
            let effect = try Ledger.apply(operation, at: now, to: &state)
            let item = CheckpointItem.operation(operation.digest)
            pending.append(item)
            actions.append(.record(.operation(now, operation)))
            actions.append(.accepted(item, effect))
        } catch {
            actions.append(.refused(error))
        }
    }

    /// When the next checkpoint is due if nothing more is accepted.
    public var nextCheckpoint: Instant {
        let previous = last?.time ?? genesis.created
        if pending.count >= Limits.itemsPerCheckpoint { return previous }
        let interval =
            pending.isEmpty ? settings.idleIntervalNanoseconds : settings.intervalNanoseconds
        return previous.advanced(byNanoseconds: interval)
    }

    private mutating func checkpoint(
        at now: Instant, by seat: (key: SigningKey, index: UInt16), into actions: inout [Action]
    ) {
        let items = pending
        let (header, changes) = close(items, at: now)
        let signature = CheckpointSignature(
            validator: seat.index, signature: seat.key.sign(header.signedBytes))
        let checkpoint = Checkpoint(header: header, certificate: [signature])
        actions.append(.record(.checkpoint(checkpoint)))
        actions.append(
            .certified(SealedCheckpoint(checkpoint: checkpoint, items: items, changes: changes)))
    }

    /// Brings the state tree up to date and gives the header that follows from it.
    private mutating func close(
        _ items: [CheckpointItem], at time: Instant
    ) -> (CheckpointHeader, [(key: StateKey, value: [UInt8])]) {
        let changes = state.takeChanges()
        tree.update(changes.map { ($0.key.place, LedgerDomains.stateValue.hash($0.value)) })
        var header = CheckpointHeader()
        header.chain = state.chain
        header.height = (last?.height ?? 0) + 1
        header.previous = last?.digest ?? state.chain
        header.time = max(
            time, (last?.time ?? genesis.created).advanced(byNanoseconds: 1))
        header.items = UInt32(items.count)
        header.itemsRoot = items.isEmpty ? Digest() : BatchTree.root(of: items.map(\.leaf))
        header.records = state.records
        header.stateRoot = tree.root
        header.committee = genesis.committee.digest
        last = header
        pending.removeAll()
        return (header, changes)
    }
}

/// When checkpoints are made.
public struct ReplicaSettings: Hashable, Sendable {
    /// Nanoseconds between checkpoints while there is something to certify.
    public var intervalNanoseconds: UInt64
    /// Nanoseconds between checkpoints while there is nothing.
    public var idleIntervalNanoseconds: UInt64

    public init(
        intervalNanoseconds: UInt64 = Nanoseconds.perSecond,
        idleIntervalNanoseconds: UInt64 = 60 * Nanoseconds.perSecond
    ) {
        self.intervalNanoseconds = intervalNanoseconds
        self.idleIntervalNanoseconds = idleIntervalNanoseconds
    }
}

// Recovery: the same rules, with the entries of the journal in place of inputs.
extension Replica {
    /// Why a journal does not continue this replica.
    public enum ReplayFailure: Error, Hashable, Sendable {
        /// An entry before the genesis, or a second genesis.
        case misplacedGenesis
        case batch(BatchFailure)
        case refused(LedgerFailure)
        /// A checkpoint other than the one that follows from the entries before it.
        case checkpointDiffers(height: UInt64)
        /// The snapshot's entries do not have the state root of its checkpoint.
        case snapshotDiffers(height: UInt64)
        case entry(DecodingFailure)
    }

    /// Starts from the state at a checkpoint instead of the genesis.
    public mutating func restore(
        checkpoint header: CheckpointHeader, entries: [(key: StateKey, value: [UInt8])]
    ) throws(ReplayFailure) {
        for entry in entries {
            do {
                try state.restore(entry.key, from: entry.value)
            } catch { throw .entry(error) }
        }
        state.restore(records: header.records)
        tree.update(entries.map { ($0.key.place, LedgerDomains.stateValue.hash($0.value)) })
        guard tree.root == header.stateRoot else { throw .snapshotDiffers(height: header.height) }
        last = header
    }

    /// Takes one entry that was recorded before; returns what it was worth announcing.
    public mutating func replay(_ entry: JournalEntry) throws(ReplayFailure) -> Replayed {
        switch entry {
        case .genesis: throw .misplacedGenesis
        case .batch(let time, let batch):
            let checked: CheckedBatch
            do { checked = try CheckedBatch(checking: batch) } catch { throw .batch(error) }
            do {
                _ = try Ledger.apply(checked, at: time, to: &state)
            } catch { throw .refused(error) }
            pending.append(.batch(checked.digest))
            return .batch(checked)
        case .operation(let time, let operation):
            do {
                _ = try Ledger.apply(operation, at: time, to: &state)
            } catch { throw .refused(error) }
            pending.append(.operation(operation.digest))
            return .operation(operation)
        case .checkpoint(let checkpoint):
            return .checkpoint(try replay(checkpoint))
        case .signal(let signal): return .signal(signal)
        }
    }

    private mutating func replay(
        _ checkpoint: Checkpoint
    ) throws(ReplayFailure) -> SealedCheckpoint {
        let items = pending
        let (header, changes) = close(items, at: checkpoint.header.time)
        guard header == checkpoint.header,
            genesis.committee.certifies(header, by: checkpoint.certificate)
        else { throw .checkpointDiffers(height: checkpoint.header.height) }
        return SealedCheckpoint(checkpoint: checkpoint, items: items, changes: changes)
    }

    /// What a replayed entry was.
    public enum Replayed: Sendable {
        case batch(CheckedBatch)
        case operation(SignedOperation)
        case checkpoint(SealedCheckpoint)
        case signal(KeptSignal)
    }
}
