// Recovery: a state at a certified checkpoint, and the entries of the journal after it.
import Consensus
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

import struct Consensus.ChainHead

/// Why a journal or snapshot does not continue a replica.
public enum ReplayFailure: Error, Hashable, Sendable {
    /// A second genesis.
    case misplacedGenesis
    /// A block that breaks a rule.
    case block(BlockFault)
    /// A certificate that does not hold.
    case certificate(CertificateFault)
    /// A certified checkpoint other than the one that follows from the blocks.
    case checkpointDiffers(height: UInt64)
    /// The snapshot's entries do not have the state root of its checkpoint.
    case snapshotDiffers(height: UInt64)
    /// The snapshot lacks what a validator needs to go on from it.
    case snapshotIncomplete(height: UInt64)
    case entry(DecodingFailure)
}

extension Replica {
    /// Starts from the state at a certified checkpoint instead of the genesis; nothing has changed
    /// where it throws.
    public mutating func restore(
        checkpoint: Checkpoint, entries: [(key: StateKey, value: [UInt8])]
    ) throws(ReplayFailure) {
        let header = checkpoint.header
        var restored = LedgerState(genesis: genesis)
        for entry in entries {
            do {
                try restored.restore(entry.key, from: entry.value)
            } catch { throw .entry(error) }
        }
        restored.restore(records: header.records)
        var tree = StateTree()
        tree.update(entries.map { $0.key.change(to: $0.value) })
        guard tree.root == header.stateRoot else { throw .snapshotDiffers(height: header.height) }
        guard let committee = restored.committee.committee else {
            throw .snapshotIncomplete(height: header.height)
        }
        let trail: OrderTrail
        let flow: EpochFlow
        do throws(DecodingFailure) {
            trail = try OrderTrail(decoding: restored.consensus(OrderTrail.slot))
            flow = try EpochFlow(decoding: restored.consensus(EpochFlow.slot))
        } catch { throw .snapshotIncomplete(height: header.height) }
        guard restored.committee.epoch == header.epoch, header.epoch < .max,
            header.next == nil || flow.isClosing
        else { throw .snapshotIncomplete(height: header.height) }
        state = restored
        self.tree = tree
        last = header
        sealing = Sealing(created: genesis.created)
        sealing.newest = header
        self.flow = flow
        self.committee = committee
        certifiedHeights = CertifiedHeights()
        certifiedHeights.note(checkpoint, of: committee)
        epoch = restored.committee.epoch
        execution.removeAll()
        execution.trail = trail
        var nothing: [Action] = []
        let wasReplaying = isReplaying
        isReplaying = true
        begin(
            Recovery(
                head: trail.head, sequenced: trail.sequenced, blocks: [], startsReady: false),
            at: header.time, into: &nothing)
        isReplaying = wasReplaying
        if header.next != nil { endEpoch(of: header) }
        earlier = nil
    }

    /// The last checkpoint of an epoch: the next epoch begins where it ends.
    private mutating func endEpoch(of header: CheckpointHeader) {
        var nothing: [Action] = []
        let wasReplaying = isReplaying
        isReplaying = true
        turn(at: execution.trail.head.time, now: header.time, into: &nothing)
        isReplaying = wasReplaying
    }

    /// Takes one entry that was recorded before; what was worth announcing is announced again.
    public mutating func replay(
        _ entry: JournalEntry, into actions: inout [Action]
    ) throws(ReplayFailure) {
        isReplaying = true
        defer { isReplaying = false }
        var made: [Action] = []
        try take(entry, into: &made)
        drain(at: execution.trail.head.time, into: &made)
        for action in made {
            switch action {
            case .executed, .committed, .certified, .epoch, .halt: actions.append(action)
            default: break
            }
        }
    }

    private mutating func take(
        _ entry: JournalEntry, into actions: inout [Action]
    ) throws(ReplayFailure) {
        switch entry {
        case .genesis: throw .misplacedGenesis
        case .signal: break
        case .body(let time, let body):
            guard body.sequence > head(of: body).sequence else { return }
            pool.put(body, at: time)
            execute(at: time, into: &actions)
        case .pruned(let time, let pruned):
            let body = Body.batch(pruned.batch)
            guard body.sequence > head(of: body).sequence else { return }
            pool.put(body, totals: pruned.totals, at: time)
            execute(at: time, into: &actions)
        case .block(let block):
            if block.header.epoch == earlier?.epoch { return replay(earlier: block) }
            guard block.header.epoch == epoch else { return }
            let checked: CheckedBlock
            do { checked = try CheckedBlock(block, in: view) } catch { throw .block(error) }
            replay(checked, into: &actions)
        case .locks(let signed, let record): if signed == epoch { replay(record) }
        case .certificate(let certificate):
            guard certificate.proposal.epoch == epoch else { return }
            let checked: CheckedCertificate
            do { checked = try CheckedCertificate(certificate, in: view) } catch {
                throw .certificate(error)
            }
            known.insert(BLAKE3.hash(certificate.encoded))
            let heads = heads(of: checked.updates.map(\.chain))
            let other = locks.replay(checked, at: execution.trail.head.time) {
                heads[$0] ?? .start
            }
            if let other { halt(.split(other, checked.reference), into: &actions) }
        case .checkpoint(let checkpoint): try take(checkpoint, into: &actions)
        case .amnesia(let lost): if key?.publicKey == lost { halt(.amnesia, into: &actions) }
        }
    }

    mutating func replay(_ record: LockRecord) {
        let heads: [Digest: ChainHead]
        switch record {
        case .locked(let updates, _): heads = self.heads(of: updates.map(\.chain))
        case .unlocking(let slot): heads = self.heads(of: [slot.chain])
        case .closed: heads = [:]
        }
        locks.replay(record) { heads[$0] ?? .start }
    }

    private func heads(of chains: [Digest]) -> [Digest: ChainHead] {
        Dictionary(chains.map { ($0, head(of: $0)) }) { first, _ in first }
    }

    /// A block of the epoch before: its seats went on until the last checkpoint was certified.
    private mutating func replay(earlier block: Block) {
        guard var earlier, let checked = try? CheckedBlock(block, in: earlier.view) else { return }
        var made: [Validator.Action] = []
        earlier.order.replay(checked, into: &made)
        _ = earlier.scan(checked)
        self.earlier = earlier
    }

    private mutating func replay(_ block: CheckedBlock, into actions: inout [Action]) {
        var made: [Validator.Action] = []
        order.replay(block, into: &made)
        scan(block)
        obey(made, of: epoch, at: execution.trail.head.time, into: &actions)
        convictExposed(into: &actions)
    }

    private mutating func take(
        _ checkpoint: Checkpoint, into actions: inout [Action]
    ) throws(ReplayFailure) {
        let height = checkpoint.header.height
        if let last, height <= last.height { return compare(checkpoint, into: &actions) }
        guard let first = sealing.waiting.first, first.header == checkpoint.header,
            first.committee.certifies(checkpoint.header, by: checkpoint.certificate)
        else { throw .checkpointDiffers(height: height) }
        announce(checkpoint, into: &actions)
    }

    /// Ends the replay. A seat that is alone signs at once; another waits until it has heard from a
    /// quorum, for its disk may have come back older than it was.
    public mutating func start(at now: Instant, into actions: inout [Action]) {
        if view.count == 1 {
            makeReady()
        } else {
            contacts.isAsking = true
            for peer in others { greet(peer, into: &actions) }
        }
        if flow.isClosing { work.append(.locks(.closing)) }
        work.append(.order(.tick))
        work.append(.locks(.tick))
        stepEarlier(.tick, at: now, into: &actions)
        drain(at: now, into: &actions)
        certify(into: &actions)
        attend(at: now, into: &actions)
        if let time = alarms.first { actions.append(.wake(time)) }
    }
}
