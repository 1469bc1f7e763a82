// The overrides chapter: people allow, deny and stop; what relaxes may need two of them.
import Primitives
import Records

/// The slice of state this chapter reads and writes.
protocol OverridesState {
    var committee: EpochCommittee { get }
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func rulings(_ agent: AgentID) -> Rulings?
    func fleetStop(_ owner: OwnerID) -> FleetStop?
    var chainStop: ChainStop? { get }
    mutating func set(_ rulings: Rulings)
    mutating func set(_ stop: FleetStop)
    mutating func set(_ stop: ChainStop)
}

/// Why a ruling or a stop is refused. The checks are made in this order, for an agent after those
/// of `GuardFailure`.
public enum OverrideFailure: Error, Hashable, Sendable {
    /// Not in the future, or further than `Override.longest`.
    case invalidExpiry
    /// With dual control the second must be another one.
    case sameGuardian
    case ownerUnknown
    case notOwnersKey
    /// The signing key has no seat, or `owner` is not the identifier that the key gives.
    case notValidator
    case alreadyStopped
    case notStopped
    case alreadyVoted
}

/// Why no action is accepted. The checks are made in this order.
public enum ForbiddenFailure: Error, Hashable, Sendable {
    case chainStopped
    case fleetStopped
    case agentStopped
    case denied(ActionKind)
    case safeMode
}

extension OverridesState {
    /// Throws where `agent` or all agents of its owner are stopped.
    ///
    /// - Returns: what people ruled over it.
    func checkStops(of agent: AgentID, owner: OwnerID) throws(ForbiddenFailure) -> Rulings? {
        let rulings = rulings(agent)
        try Self.checkStops(fleetStop(owner), rulings)
        return rulings
    }

    /// Throws where an owner's fleet, then where the agent is stopped.
    static func checkStops(_ fleet: FleetStop?, _ rulings: Rulings?) throws(ForbiddenFailure) {
        if let fleet, fleet.stopped.nanoseconds != 0 { throw .fleetStopped }
        if let rulings, rulings.isStopped { throw .agentStopped }
    }

    /// Throws where every action is stopped.
    func checkChain() throws(ForbiddenFailure) {
        if chainStop?.isStopped == true { throw .chainStopped }
    }

    /// Makes a ruling. What denies holds at once; with dual control the rest holds when a second
    /// person rules the same.
    ///
    /// - Returns: whether it holds now.
    mutating func rule(
        _ override: Override, over agent: AgentID, isDual: Bool, at time: Instant
    ) throws(OverrideFailure) -> Bool {
        let latest = time.advanced(byNanoseconds: Override.longest)
        guard time < override.expires, override.expires <= latest else { throw .invalidExpiry }
        var rulings = rulings(agent) ?? Rulings(agent: agent)
        if isDual, override.ruling != .deny {
            let isSecond = rulings.proposed.map { $0.isSame(as: override) } ?? false
            if isSecond, rulings.proposed?.by == override.by { throw .sameGuardian }
            guard isSecond else {
                rulings.proposed = override
                set(rulings)
                return false
            }
        }
        if rulings.proposed?.kind == override.kind { rulings.proposed = nil }
        rulings.put(override)
        set(rulings)
        return true
    }

    mutating func stop(_ agent: AgentID, at time: Instant) throws(OverrideFailure) {
        var rulings = rulings(agent) ?? Rulings(agent: agent)
        guard !rulings.isStopped else { throw .alreadyStopped }
        rulings.stopped = time
        rulings.resumedBy = OwnerID()
        set(rulings)
    }

    /// Lets an agent go on, or notes the first of two who want it.
    ///
    /// - Returns: whether it goes on.
    mutating func resume(
        _ agent: AgentID, by person: OwnerID, isDual: Bool
    ) throws(OverrideFailure) -> Bool {
        guard var rulings = rulings(agent), rulings.isStopped else { throw .notStopped }
        let isFirst = rulings.resumedBy.isZero
        guard !isDual || isFirst || rulings.resumedBy != person else { throw .sameGuardian }
        let goesOn = !isDual || !isFirst
        rulings.resumedBy = goesOn ? OwnerID() : person
        if goesOn { rulings.stopped = Instant(nanoseconds: 0) }
        set(rulings)
        return goesOn
    }

    /// Stops all agents of an owner, or lets them go on.
    mutating func setFleet(
        isStopped: Bool, by signer: Signer, at time: Instant
    ) throws(OverrideFailure) {
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        guard owner.holds(signer.key) else { throw .notOwnersKey }
        let was = fleetStop(signer.owner).map { $0.stopped.nanoseconds != 0 } ?? false
        guard was != isStopped else { throw was ? .alreadyStopped : .notStopped }
        set(
            FleetStop(
                owner: signer.owner, stopped: isStopped ? time : Instant(nanoseconds: 0)))
    }

    /// Counts a validator's vote to stop the chain or to let it go on: f + 1 stop it, so that one
    /// honest validator wants it, and a quorum lets it go on.
    ///
    /// - Returns: whether the vote decided it.
    mutating func voteChain(
        isStopped: Bool, by signer: Signer, at time: Instant
    ) throws(OverrideFailure) -> Bool {
        guard committee.has(signer.key), signer.owner == OwnerID(firstKey: signer.key) else {
            throw .notValidator
        }
        var stop = chainStop ?? ChainStop()
        guard stop.isStopped != isStopped else {
            throw isStopped ? .alreadyStopped : .notStopped
        }
        if stop.epoch != committee.epoch { stop.votes = [] }
        guard !stop.votes.contains(signer.key) else { throw .alreadyVoted }
        stop.epoch = committee.epoch
        stop.votes = (stop.votes + [signer.key]).sorted()
        let quorum = committee.committee?.quorum ?? .max
        let isDecided = stop.votes.count >= (isStopped ? committee.faults + 1 : quorum)
        if isDecided {
            stop = ChainStop(stopped: isStopped ? time : Instant(nanoseconds: 0))
        }
        set(stop)
        return isDecided
    }
}

extension Override {
    /// Whether both say the same, whoever says it.
    fileprivate func isSame(as other: Override) -> Bool {
        kind == other.kind && ruling == other.ruling && expires == other.expires
    }
}
