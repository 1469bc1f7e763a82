// The entries of the law and the market in memory: what every check reads of an agent or an owner
// lies in one place, so that a check makes few look-ups and copies little.
import Primitives

/// What the law knows of an agent.
final class AgentFile: Sendable {
    let constitution: Constitution?
    let conduct: Conduct?
    let rulings: Rulings?

    init(_ constitution: Constitution?, _ conduct: Conduct?, _ rulings: Rulings?) {
        (self.constitution, self.conduct, self.rulings) = (constitution, conduct, rulings)
    }

    static let empty = AgentFile(nil, nil, nil)
    var isEmpty: Bool { constitution == nil && conduct == nil && rulings == nil }
}

/// An owner, and what the law knows of it.
final class OwnerFile: Sendable {
    let owner: Owner?
    let roles: OwnerRoles?
    let fleetStop: FleetStop?

    init(_ owner: Owner?, _ roles: OwnerRoles?, _ fleetStop: FleetStop?) {
        (self.owner, self.roles, self.fleetStop) = (owner, roles, fleetStop)
    }

    static let empty = OwnerFile(nil, nil, nil)
    var isEmpty: Bool { owner == nil && roles == nil && fleetStop == nil }
}

/// Owners and all entries of the law. Looked up only, never iterated.
struct LawEntries: Sendable {
    private var owners: [OwnerID: OwnerFile] = [:]
    private var agents: [AgentID: AgentFile] = [:]
    private(set) var chainStop: ChainStop?
    private var others: [LawKey: LawEntry] = [:]

    func file(of id: OwnerID) -> OwnerFile? { owners[id] }
    func file(of id: AgentID) -> AgentFile? { agents[id] }

    mutating func set(_ owner: Owner) {
        let file = owners[owner.id] ?? .empty
        owners[owner.id] = OwnerFile(owner, file.roles, file.fleetStop)
    }

    mutating func set(_ conduct: Conduct) {
        let file = agents[conduct.agent] ?? .empty
        agents[conduct.agent] = AgentFile(file.constitution, conduct, file.rulings)
    }

    subscript(key: LawKey) -> LawEntry? {
        switch key.kind {
        case .constitution: agents[key.agent]?.constitution.map { .constitution($0) }
        case .conduct: agents[key.agent]?.conduct.map { .conduct($0) }
        case .rulings: agents[key.agent]?.rulings.map { .rulings($0) }
        case .roles: owners[key.owner]?.roles.map { .roles($0) }
        case .fleetStop: owners[key.owner]?.fleetStop.map { .fleetStop($0) }
        case .chainStop: chainStop.map { .chainStop($0) }
        default: others[key]
        }
    }

    mutating func set(_ key: LawKey, to entry: LawEntry) {
        switch entry {
        case .constitution(let law):
            let file = agents[key.agent] ?? .empty
            agents[key.agent] = AgentFile(law, file.conduct, file.rulings)
        case .conduct(let conduct): set(conduct)
        case .rulings(let rulings):
            let file = agents[key.agent] ?? .empty
            agents[key.agent] = AgentFile(file.constitution, file.conduct, rulings)
        case .roles(let roles):
            let file = owners[key.owner] ?? .empty
            owners[key.owner] = OwnerFile(file.owner, roles, file.fleetStop)
        case .fleetStop(let stop):
            let file = owners[key.owner] ?? .empty
            owners[key.owner] = OwnerFile(file.owner, file.roles, stop)
        case .chainStop(let stop): chainStop = stop
        default: others[key] = entry
        }
    }

    /// - Returns: whether there was such an entry.
    mutating func remove(_ key: LawKey) -> Bool {
        switch key.kind {
        case .constitution, .conduct, .rulings:
            guard self[key] != nil, let file = agents[key.agent] else { return false }
            let rest = AgentFile(
                key.kind == .constitution ? nil : file.constitution,
                key.kind == .conduct ? nil : file.conduct,
                key.kind == .rulings ? nil : file.rulings)
            agents[key.agent] = rest.isEmpty ? nil : rest
            return true
        case .roles, .fleetStop:
            guard self[key] != nil, let file = owners[key.owner] else { return false }
            let rest = OwnerFile(
                file.owner, key.kind == .roles ? nil : file.roles,
                key.kind == .fleetStop ? nil : file.fleetStop)
            owners[key.owner] = rest.isEmpty ? nil : rest
            return true
        case .chainStop:
            defer { chainStop = nil }
            return chainStop != nil
        default: return others.removeValue(forKey: key) != nil
        }
    }
}

extension LawKey {
    fileprivate var agent: AgentID { AgentID(identifier) }
    fileprivate var owner: OwnerID { OwnerID(identifier) }
}

/// A state that has the entries of an owner and of an agent together.
protocol FilesState {
    /// Nil where nothing is known.
    func file(of owner: OwnerID) -> OwnerFile?
    func file(of agent: AgentID) -> AgentFile?
}
