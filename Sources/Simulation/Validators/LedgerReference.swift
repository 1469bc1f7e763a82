// The ledger once more, without consensus: every body carried out one by one on a state of its own,
// and every checkpoint held against it.
import Consensus
import Cryptography
import Ledger
import Merkle
import Primitives
import Records
import Replica

/// Follows whichever honest machine is ahead; what the others claim was compared before.
struct LedgerReference {
    private let genesis: Genesis
    private var state: LedgerState
    /// Bodies carried out since the last checkpoint.
    private var pending: [CheckpointItem] = []
    private var executed: Set<Digest> = []
    private var height: UInt64 = 0
    private var header: CheckpointHeader?
    private var committee: Committee
    private var epoch: UInt64 = 0
    /// Committees by epoch.
    private var committees: [Committee]
    /// Certificates that were looked at.
    private var certificates: Set<Digest> = []
    /// What was certified for each place of a chain.
    private var certified: [Place: Digest] = [:]
    /// All entries of the replicas' state, from the changes they claim.
    private var entries: [StateKey: [UInt8]] = [:]
    /// Records in all batches that were carried out.
    private var records: UInt64 = 0
    private var agents: AgentReference

    /// - Parameter agents: those that run programs.
    init(genesis: Genesis, agents: [AgentClient]) {
        self.genesis = genesis
        self.agents = AgentReference(
            agents, owners: genesis.committee.validators.map { OwnerID(firstKey: $0) })
        state = LedgerState(genesis: genesis)
        committee = genesis.committee
        committees = [genesis.committee]
    }

    /// At most one update may be certified for it.
    private struct Place: Hashable {
        var epoch: UInt64
        var slot: UpdateSlot
    }

    mutating func objection(to fact: Fact, counts: inout CheckCounts) -> String? {
        switch fact {
        case .executed(let execution): return follow(execution, &counts)
        case .certified(let sealed):
            guard sealed.checkpoint.header.height == height + 1 else { return nil }
            counts.states += 1
            return follow(sealed)
        case .epoch(let step):
            guard step.epoch == epoch else { return nil }
            epoch += 1
            committee = step.committee
            committees.append(committee)
            return nil
        case .kept(let certificate): return follow(certificate, &counts)
        default: return nil
        }
    }

    /// A certificate that does not hold says nothing.
    private mutating func follow(
        _ certificate: Certificate, _ counts: inout CheckCounts
    ) -> String? {
        let epoch = certificate.proposal.epoch
        guard certificates.insert(BLAKE3.hash(certificate.encoded)).inserted,
            epoch < committees.count,
            let view = CommitteeView(
                chain: genesis.digest, epoch: epoch, keys: committees[Int(epoch)].validators),
            let checked = try? CheckedCertificate(certificate, in: view)
        else { return nil }
        for update in checked.updates {
            counts.locks += 1
            let place = Place(epoch: epoch, slot: update.slot)
            let other = certified.updateValue(update.digest, forKey: place)
            if let other, other != update.digest {
                return "two updates are certified for one place of a chain"
            }
        }
        return nil
    }

    private mutating func follow(
        _ execution: Execution, _ counts: inout CheckCounts
    ) -> String? {
        let digest = execution.body.digest
        guard executed.insert(digest).inserted else { return nil }
        let outcome: Settled
        switch execution.body {
        case .batch(let batch):
            outcome = Ledger.settle(batch, totals: nil, at: execution.time, to: &state)
            records += UInt64(batch.columns.count)
        case .operation(let operation):
            outcome = Ledger.settle(operation, at: execution.time, to: &state)
        }
        if outcome == .misplaced { return "\(digest.hex.prefix(8)) is not next in its chain" }
        let own = Execution(body: execution.body, outcome: outcome, time: execution.time)
        // Votes of validators depend on the committee, which is not followed here.
        if case .operation(let operation) = execution.body,
            case .validator = operation.command
        {
            pending.append(execution.item)
            return nil
        }
        pending.append(own.item)
        guard outcome == execution.outcome else {
            return "\(digest.hex.prefix(8)) came to \(execution.outcome), not to \(outcome)"
        }
        guard case .operation(let operation) = execution.body else { return nil }
        return agents.objection(to: operation, outcome, counts: &counts)
    }

    private mutating func follow(_ sealed: SealedCheckpoint) -> String? {
        let header = sealed.checkpoint.header
        height = header.height
        guard header.previous == self.header?.digest ?? genesis.digest else {
            return "checkpoint \(height) does not follow the one before"
        }
        guard header.time > self.header?.time ?? genesis.created else {
            return "checkpoint \(height) goes back in time"
        }
        self.header = header
        guard header.epoch == epoch,
            committee.certifies(header, by: sealed.checkpoint.certificate)
        else { return "checkpoint \(height) is not certified by the committee of its epoch" }
        // A machine may be ahead of its last certified checkpoint.
        guard pending.count >= sealed.items.count,
            Array(pending.prefix(sealed.items.count)) == sealed.items
        else { return "checkpoint \(height) holds other items than were carried out" }
        pending.removeFirst(sealed.items.count)
        if let objection = agents.objection(to: state) { return objection }
        let root = sealed.items.isEmpty
            ? Digest() : BatchTree.root(of: sealed.items.map(\.leaf))
        guard header.itemsRoot == root, Int(header.items) == sealed.items.count else {
            return "checkpoint \(height) has another root over its items"
        }
        for (key, value) in sealed.changes { entries[key] = value.isEmpty ? nil : value }
        var tree = StateTree()
        tree.update(entries.map { $0.key.change(to: $0.value) })
        guard tree.root == header.stateRoot else {
            return "checkpoint \(height): the state root is not that of its entries"
        }
        return nil
    }

    /// The state that follows from the bodies alone equals that of the replicas.
    func finalObjection() -> String? {
        guard pending.isEmpty else { return nil }
        let differing = entries.keys.filter { key in
            Self.isOfTheLedger(key) && state.encodedEntry(key) != entries[key]
        }
        // The order of a dictionary must not reach the report.
        if !differing.isEmpty { return "\(differing.count) entries are not what the bodies give" }
        guard header.map({ $0.records == records }) ?? true else {
            return "\(records) records were carried out, the checkpoint counts otherwise"
        }
        return nil
    }

    private static func isOfTheLedger(_ key: StateKey) -> Bool {
        switch key {
        case .owner, .agent, .signer, .submitter, .grant, .usage, .meter, .program, .instance,
            .law:
            true
        case .committee, .adopted, .ballot, .fault, .consensus, .unlock: false
        }
    }
}
