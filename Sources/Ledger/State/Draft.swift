// Changes on top of a state that stays as it is: to try a command.
import Agents
import ExecutionProof
import Primitives

/// One entry of the state with its value.
enum Entry: Sendable {
    case owner(Owner)
    case agent(Agent)
    case signer(PublicKey, sequence: UInt64)
    case submitter(Submitter)
    case grant(Grant)
    case usage(Usage)
    case committee(EpochCommittee)
    case adopted(AdoptedChanges)
    case ballot(Ballot)
    case law(LawKey, LawEntry?)
    case program(RegisteredProgram)
    case instance(AgentInstance)
    case meter(Meter)

    var key: StateKey {
        switch self {
        case .owner(let owner): owner.stateKey
        case .agent(let agent): agent.stateKey
        case .signer(let key, _): .signer(key)
        case .submitter(let submitter): submitter.stateKey
        case .grant(let grant): grant.stateKey
        case .usage(let usage): usage.stateKey
        case .committee: .committee
        case .adopted: .adopted
        case .ballot(let ballot): ballot.stateKey
        case .law(let key, _): .law(key)
        case .program(let program): program.stateKey
        case .instance(let instance): instance.stateKey
        case .meter(let meter): meter.stateKey
        }
    }
}

/// A state and what would change in it.
///
/// Nothing can be left behind in the state by a command that is only tried, since it is never
/// written.
struct Draft: Sendable {
    private let original: LedgerState
    /// The latest entry at each changed place.
    private var latest: [StateKey: Entry] = [:]
    var records: UInt64

    init(of state: LedgerState) {
        original = state
        records = state.records
    }

    private mutating func write(_ entry: Entry) {
        latest[entry.key] = entry
    }
}

extension Draft: ExecutionState {
    var drafted: Draft { self }
    var chain: Digest { original.chain }

    func owner(_ id: OwnerID) -> Owner? {
        if case .owner(let owner) = latest[.owner(id)] { return owner }
        return original.owner(id)
    }

    func agent(_ id: AgentID) -> Agent? {
        if case .agent(let agent) = latest[.agent(id)] { return agent }
        return original.agent(id)
    }

    func lastSequence(of key: PublicKey) -> UInt64 {
        if case .signer(_, let sequence) = latest[.signer(key)] { return sequence }
        return original.lastSequence(of: key)
    }

    func submitter(_ id: SubmitterID) -> Submitter? {
        if case .submitter(let submitter) = latest[.submitter(id)] { return submitter }
        return original.submitter(id)
    }

    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant? {
        if case .grant(let grant) = latest[.grant(owner, submitter)] { return grant }
        return original.grant(owner, submitter)
    }

    func meter(_ account: AccountID) -> Meter? {
        if case .meter(let meter) = latest[.meter(account)] { return meter }
        return original.meter(account)
    }

    func usage(_ agent: AgentID) -> Usage? {
        if case .usage(let usage) = latest[.usage(agent)] { return usage }
        return original.usage(agent)
    }

    var committee: EpochCommittee {
        if case .committee(let committee) = latest[.committee] { return committee }
        return original.committee
    }

    var adopted: AdoptedChanges? {
        if case .adopted(let changes) = latest[.adopted] { return changes }
        return original.adopted
    }

    func ballot(_ key: PublicKey) -> Ballot? {
        if case .ballot(let ballot) = latest[.ballot(key)] { return ballot }
        return original.ballot(key)
    }

    var agentRules: AgentRules { original.agentRules }

    func program(_ identity: Digest) -> RegisteredProgram? {
        if case .program(let program) = latest[.program(identity)] { return program }
        return original.program(identity)
    }

    func decodedProgram(_ identity: Digest) -> AgentProgram? {
        if case .program(let program) = latest[.program(identity)] {
            return try? AgentProgram(decoding: program.bytes)
        }
        return original.decodedProgram(identity)
    }

    func provableProgram(_ identity: Digest) -> ProvableAgent? {
        if case .program = latest[.program(identity)] {
            return decodedProgram(identity).flatMap { try? ProvableAgent($0) }
        }
        return original.provableProgram(identity)
    }

    func instance(_ agent: AgentID) -> AgentInstance? {
        if case .instance(let instance) = latest[.instance(agent)] { return instance }
        return original.instance(agent)
    }

    func fault(_ key: PublicKey) -> Fault? { original.fault(key) }

    mutating func set(_ owner: Owner) { write(.owner(owner)) }
    mutating func set(_ agent: Agent) { write(.agent(agent)) }
    mutating func set(_ submitter: Submitter) { write(.submitter(submitter)) }
    mutating func set(_ grant: Grant) { write(.grant(grant)) }
    mutating func add(_ more: Usage, at time: Instant) {
        var usage = usage(more.agent) ?? Usage(agent: more.agent)
        usage.add(more, at: time)
        write(.usage(usage))
    }
    mutating func add(_ more: Quantities, to account: AccountID, at time: Instant) {
        var meter = meter(account) ?? Meter(account: account)
        meter.add(more, at: time)
        write(.meter(meter))
    }
    mutating func set(_ committee: EpochCommittee) { write(.committee(committee)) }
    mutating func set(_ changes: AdoptedChanges) { write(.adopted(changes)) }
    mutating func set(_ ballot: Ballot) { write(.ballot(ballot)) }
    mutating func set(_ program: RegisteredProgram) { write(.program(program)) }
    mutating func set(_ instance: AgentInstance) { write(.instance(instance)) }

    func file(of owner: OwnerID) -> OwnerFile? {
        guard !latest.isEmpty else { return original.file(of: owner) }
        return OwnerFile(self.owner(owner), roles(owner), fleetStop(owner))
    }

    func file(of agent: AgentID) -> AgentFile? {
        guard !latest.isEmpty else { return original.file(of: agent) }
        return AgentFile(constitution(agent), conduct(agent), rulings(agent))
    }

    func law(_ key: LawKey) -> LawEntry? {
        if case .law(_, let entry) = latest[.law(key)] { return entry }
        return original.law(key)
    }

    func endowment(of id: AccountID) -> Amount { original.endowment(of: id) }
    mutating func setLaw(_ key: LawKey, to entry: LawEntry) { write(.law(key, entry)) }
    mutating func removeLaw(_ key: LawKey) { write(.law(key, nil)) }

    mutating func setSequence(_ sequence: UInt64, of key: PublicKey) {
        write(.signer(key, sequence: sequence))
    }
}
