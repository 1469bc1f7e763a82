// The whole state of the ledger as one value, and the list of what changed since the last state
// root.
import Agents
import ExecutionProof
import Primitives
import Records

/// The state that `Ledger.apply` reads and changes.
///
/// Chapters see only their slice of it, through a protocol each; entries are looked up by key and
/// never iterated, so no order of a dictionary can reach a result.
public struct LedgerState: Sendable {
    /// Digest of the genesis.
    public let chain: Digest
    /// Records accepted since genesis.
    public internal(set) var records: UInt64 = 0
    /// Operations that used up a sequence number since genesis: the sum of the signers' sequences.
    public private(set) var operations: UInt64 = 0

    private var agents: [AgentID: Agent] = [:]
    private var signers: [PublicKey: UInt64] = [:]
    private var submitters: [SubmitterID: Submitter] = [:]
    private var grants: [StateKey: Grant] = [:]
    private var usages: [AgentID: Marked<Usage>] = [:]
    private var meters: [AccountID: Marked<Meter>] = [:]
    /// Of epoch 0 while no entry says otherwise; without members where the chain alone is known.
    private let firstCommittee: EpochCommittee
    private var committeeEntry: EpochCommittee?
    private var adoptedEntry: AdoptedChanges?
    private var ballots: [PublicKey: Ballot] = [:]
    private var faults: [PublicKey: Fault] = [:]
    private var programs: [Digest: RegisteredProgram] = [:]
    private var instances: [AgentID: AgentInstance] = [:]
    private var decoded = DecodedPrograms()
    /// What the chain accepts of agents; the genesis says.
    let agentRules: AgentRules
    private var opaques: [StateKey: [UInt8]] = [:]
    /// Owners and the entries of the law.
    private var laws = LawEntries()
    /// What the owners that the genesis endows hold before their accounts have entries.
    private let endowments: [AccountID: Amount]
    private var changed: Set<StateKey> = []
    /// The same keys as `changed`, in order of first change: what is iterated.
    private var changedInOrder: [StateKey] = []

    init(chain: Digest, first: EpochCommittee, settings: ChainSettings = .standard) {
        self.chain = chain
        agentRules = AgentRules(settings)
        firstCommittee = first
        endowments = first.endowments
    }

    /// A state of a chain whose validators are not known: their chapter refuses everything.
    public init(chain: Digest) {
        self.init(
            chain: chain,
            first: EpochCommittee(epoch: 0, start: Instant(nanoseconds: 0), members: []))
    }

    /// The state at the start of a chain.
    public init(genesis: Genesis) {
        let members = genesis.committee.validators.map { CommitteeMember(key: $0, address: "") }
        self.init(
            chain: genesis.digest,
            first: EpochCommittee(epoch: 0, start: genesis.created, members: members),
            settings: genesis.settings)
    }

    /// Agents known, in any status.
    public var agentCount: Int { agents.count }

    public func owner(_ id: OwnerID) -> Owner? { laws.file(of: id)?.owner }
    public func agent(_ id: AgentID) -> Agent? { agents[id] }
    public func submitter(_ id: SubmitterID) -> Submitter? { submitters[id] }
    public func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant? {
        grants[.grant(owner, submitter)]
    }
    public func usage(_ agent: AgentID) -> Usage? { usages[agent]?.entry }
    /// What an agent, or the agents of an owner together, recorded; nil before the first record.
    public func meter(_ account: AccountID) -> Meter? { meters[account]?.entry }

    /// The committee of the present epoch.
    public var committee: EpochCommittee { committeeEntry ?? firstCommittee }
    /// The changes adopted last, which are for the epoch that they name.
    public var adopted: AdoptedChanges? { adoptedEntry }
    public func ballot(_ key: PublicKey) -> Ballot? { ballots[key] }
    public func fault(_ key: PublicKey) -> Fault? { faults[key] }

    public func program(_ identity: Digest) -> RegisteredProgram? { programs[identity] }
    func decodedProgram(_ identity: Digest) -> AgentProgram? {
        decoded.program(identity) { programs[$0]?.bytes }
    }
    func provableProgram(_ identity: Digest) -> ProvableAgent? {
        decoded.provable(identity) { programs[$0]?.bytes }
    }
    public func instance(_ agent: AgentID) -> AgentInstance? { instances[agent] }

    /// Of every agent that runs a program, in the order of their ids.
    public var allInstances: [AgentInstance] {
        instances.values.sorted { $0.agent < $1.agent }
    }

    /// The sequence of the last operation that `key` signed; 0 before the first.
    public func lastSequence(of key: PublicKey) -> UInt64 { signers[key] ?? 0 }
    /// How far all chains have come.
    public var chainHeads: ChainHeads { ChainHeads(signers: signers, submitters: submitters) }

    mutating func set(_ owner: Owner) {
        laws.set(owner)
        mark(owner.stateKey)
    }

    mutating func set(_ agent: Agent) {
        agents[agent.id] = agent
        mark(agent.stateKey)
    }

    mutating func set(_ submitter: Submitter) {
        submitters[submitter.id] = submitter
        mark(submitter.stateKey)
    }

    mutating func set(_ grant: Grant) {
        grants[grant.stateKey] = grant
        mark(grant.stateKey)
    }

    /// Adds to the usage of an agent, in place.
    mutating func add(_ more: Usage, at time: Instant) {
        let isNew = usages[more.agent, default: Marked(Usage(agent: more.agent))]
            .change { $0.add(more, at: time) }
        if isNew { mark(.usage(more.agent)) }
    }

    /// Adds to the meter of an account, in place.
    mutating func add(_ more: Quantities, to account: AccountID, at time: Instant) {
        let isNew = meters[account, default: Marked(Meter(account: account))]
            .change { $0.add(more, at: time) }
        if isNew { mark(.meter(account)) }
    }

    mutating func set(_ committee: EpochCommittee) {
        committeeEntry = committee
        mark(.committee)
    }

    mutating func set(_ changes: AdoptedChanges) {
        adoptedEntry = changes
        mark(.adopted)
    }

    mutating func set(_ ballot: Ballot) {
        ballots[ballot.voter] = ballot
        mark(ballot.stateKey)
    }

    mutating func set(_ fault: Fault) {
        faults[fault.key] = fault
        mark(fault.stateKey)
    }

    mutating func set(_ program: RegisteredProgram) {
        programs[program.identity] = program
        mark(program.stateKey)
    }

    mutating func set(_ instance: AgentInstance) {
        instances[instance.agent] = instance
        let isProvable = agentRules.evidence.contains(.proof)
        decoded.keep(instance.program, isProvable: isProvable) { programs[$0]?.bytes }
        mark(instance.stateKey)
    }

    /// The value of an opaque entry; empty where there is none.
    func opaque(_ key: StateKey) -> [UInt8] { opaques[key] ?? [] }

    /// Sets an opaque entry, or removes it where `value` is empty.
    mutating func setOpaque(_ key: StateKey, to value: [UInt8]) {
        guard opaque(key) != value else { return }
        opaques[key] = value.isEmpty ? nil : value
        mark(key)
    }

    /// An entry of the law or the market.
    public func law(_ key: LawKey) -> LawEntry? { laws[key] }
    /// What an account holds that has no entry.
    public func endowment(of id: AccountID) -> Amount { endowments[id] ?? .zero }
    /// What an account may spend.
    public func balance(of id: AccountID) -> Amount { account(id).balance }

    func constitution(_ agent: AgentID) -> Constitution? { laws.file(of: agent)?.constitution }
    func conduct(_ agent: AgentID) -> Conduct? { laws.file(of: agent)?.conduct }
    func rulings(_ agent: AgentID) -> Rulings? { laws.file(of: agent)?.rulings }
    func roles(_ owner: OwnerID) -> OwnerRoles? { laws.file(of: owner)?.roles }
    func fleetStop(_ owner: OwnerID) -> FleetStop? { laws.file(of: owner)?.fleetStop }
    var chainStop: ChainStop? { laws.chainStop }
    func file(of owner: OwnerID) -> OwnerFile? { laws.file(of: owner) }
    func file(of agent: AgentID) -> AgentFile? { laws.file(of: agent) }

    mutating func set(_ conduct: Conduct) {
        laws.set(conduct)
        mark(conduct.stateKey)
    }

    mutating func setLaw(_ key: LawKey, to entry: LawEntry) {
        laws.set(key, to: entry)
        mark(.law(key))
    }

    mutating func removeLaw(_ key: LawKey) {
        if laws.remove(key) { mark(.law(key)) }
    }

    mutating func setSequence(_ sequence: UInt64, of key: PublicKey) {
        operations &+= sequence &- lastSequence(of: key)
        signers[key] = sequence
        mark(.signer(key))
    }

    private mutating func mark(_ key: StateKey) {
        if changed.insert(key).inserted { changedInOrder.append(key) }
    }

    /// The entries changed since the last call, in order of first change, with their encodings:
    /// an empty one where the entry was removed. `StateKey.change` makes changes of the tree of
    /// them.
    public mutating func takeChanges() -> [(key: StateKey, value: [UInt8])] {
        let keys = changedInOrder
        changed.removeAll(keepingCapacity: true)
        changedInOrder.removeAll(keepingCapacity: true)
        for key in keys {
            switch key {
            case .usage(let id): usages[id]?.isMarked = false
            case .meter(let id): meters[id]?.isMarked = false
            default: break
            }
        }
        return keys.map { ($0, encodedEntry($0) ?? []) }
    }
}

/// An entry that changes with every batch, and whether it stands in the list of changes already: to
/// ask the list each time would cost another look-up.
private struct Marked<Entry: Sendable>: Sendable {
    private(set) var entry: Entry
    var isMarked = false

    init(_ entry: Entry) { self.entry = entry }

    /// Changes the entry; whether it is to be listed.
    mutating func change(_ body: (inout Entry) -> Void) -> Bool {
        body(&entry)
        defer { isMarked = true }
        return !isMarked
    }
}

// Entries as bytes: for the state root, snapshots and proofs.
extension LedgerState {
    /// The canonical encoding of one entry; nil where there is none.
    public func encodedEntry(_ key: StateKey) -> [UInt8]? {
        switch key {
        case .owner(let id): owner(id)?.encoded
        case .agent(let id): agents[id]?.encoded
        case .signer(let key):
            signers[key].map { sequence in
                var writer = ByteWriter()
                writer.write(sequence)
                return writer.bytes
            }
        case .submitter(let id): submitters[id]?.encoded
        case .grant: grants[key]?.encoded
        case .usage(let id): usages[id]?.entry.encoded
        case .meter(let id): meters[id]?.entry.encoded
        case .committee: committeeEntry?.encoded
        case .adopted: adoptedEntry?.encoded
        case .ballot(let key): ballots[key]?.encoded
        case .fault(let key): faults[key]?.encoded
        case .program(let identity): programs[identity]?.encoded
        case .instance(let id): instances[id]?.encoded
        case .consensus, .unlock: opaques[key]
        case .law(let key): laws[key]?.encoded
        }
    }

    /// Puts back an entry that `encodedEntry` gave, without marking it as changed.
    ///
    /// An empty encoding of an opaque entry, or of one of the law, stands for none.
    ///
    /// - Throws: `outOfRange` at 0 where the entry names another place than `key`; nothing is put
    ///   back then.
    public mutating func restore(_ key: StateKey, from bytes: [UInt8]) throws(DecodingFailure) {
        switch key {
        case .owner: laws.set(try Self.decode(bytes, at: key) as Owner)
        case .agent(let id): agents[id] = try Self.decode(bytes, at: key)
        case .signer(let key):
            var reader = ByteReader(bytes)
            let sequence = try reader.read(UInt64.self)
            try reader.finish()
            operations &+= sequence &- lastSequence(of: key)
            signers[key] = sequence
        case .submitter(let id): submitters[id] = try Self.decode(bytes, at: key)
        case .grant: grants[key] = try Self.decode(bytes, at: key)
        case .usage(let id): usages[id] = Marked(try Self.decode(bytes, at: key))
        case .meter(let id): meters[id] = Marked(try Self.decode(bytes, at: key))
        case .committee: committeeEntry = try Self.decode(bytes, at: key)
        case .adopted: adoptedEntry = try Self.decode(bytes, at: key)
        case .ballot(let voter): ballots[voter] = try Self.decode(bytes, at: key)
        case .fault(let seat): faults[seat] = try Self.decode(bytes, at: key)
        case .program(let identity): programs[identity] = try Self.decode(bytes, at: key)
        case .instance(let id): instances[id] = try Self.decode(bytes, at: key)
        case .consensus, .unlock:
            guard bytes.count <= key.opaqueLimit else { throw DecodingFailure(.overLimit, at: 0) }
            opaques[key] = bytes.isEmpty ? nil : bytes
        case .law(let name):
            if bytes.isEmpty { _ = laws.remove(name); return }
            let entry = try LawEntry(decoding: bytes, kind: name.kind)
            guard entry.stateKey == key else { throw DecodingFailure(.outOfRange, at: 0) }
            laws.set(name, to: entry)
        }
    }

    private static func decode<Entry: StateEntry>(
        _ bytes: [UInt8], at key: StateKey
    ) throws(DecodingFailure) -> Entry {
        let entry = try Entry(decoding: bytes)
        guard entry.stateKey == key else { throw DecodingFailure(.outOfRange, at: 0) }
        return entry
    }

    /// Puts back the number of records that a checkpoint states.
    public mutating func restore(records count: UInt64) { records = count }
}
