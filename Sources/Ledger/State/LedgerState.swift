// The whole state of the ledger as one value, and the list of what changed since the last state
// root.
import Primitives

/// Where an entry of the state lives; the order of cases and the raw values are part of the
/// encoding.
public enum StateKey: Hashable, Sendable {
    case owner(OwnerID)
    case agent(AgentID)
    case signer(PublicKey)
    case submitter(SubmitterID)
    case grant(OwnerID, SubmitterID)
    case usage(AgentID)

    /// The bytes that name the entry: a number for the kind, then identifiers.
    public var encoded: [UInt8] {
        switch self {
        case .owner(let id): [1] + id.bytes
        case .agent(let id): [2] + id.bytes
        case .signer(let key): [3] + key.bytes
        case .submitter(let id): [4] + id.bytes
        case .grant(let owner, let submitter): [5] + owner.bytes + submitter.bytes
        case .usage(let id): [6] + id.bytes
        }
    }

    /// Nil where the bytes name no entry.
    public init?(decoding bytes: [UInt8]) {
        guard let kind = bytes.first else { return nil }
        let rest = bytes.dropFirst()
        switch kind {
        case 1: if let id = OwnerID(rest) { self = .owner(id); return }
        case 2: if let id = AgentID(rest) { self = .agent(id); return }
        case 3: if let key = PublicKey(rest) { self = .signer(key); return }
        case 4: if let id = SubmitterID(rest) { self = .submitter(id); return }
        case 5:
            if let owner = OwnerID(rest.prefix(32)),
                let submitter = SubmitterID(rest.dropFirst(32))
            {
                self = .grant(owner, submitter)
                return
            }
        case 6: if let id = AgentID(rest) { self = .usage(id); return }
        default: break
        }
        return nil
    }

    /// The place in the state tree.
    public var place: Digest { LedgerDomains.stateKey.hash(encoded) }
}

/// The state that `Ledger.apply` reads and changes.
///
/// Chapters see only their slice of it, through a protocol each; entries are looked up by key and
/// never
/// iterated, so no order of a dictionary can reach a result.
public struct LedgerState: Sendable {
    /// Digest of the genesis.
    public let chain: Digest
    /// Records accepted since genesis.
    public internal(set) var records: UInt64 = 0
    /// Operations accepted since genesis: the sum of the signers' sequences.
    public private(set) var operations: UInt64 = 0

    private var owners: [OwnerID: Owner] = [:]
    private var agents: [AgentID: Agent] = [:]
    private var signers: [PublicKey: UInt64] = [:]
    private var submitters: [SubmitterID: Submitter] = [:]
    private var grants: [StateKey: Grant] = [:]
    private var usages: [AgentID: Usage] = [:]
    private var changed: Set<StateKey> = []
    /// The same keys as `changed`, in order of first change: what is iterated.
    private var changedInOrder: [StateKey] = []

    public init(chain: Digest) { self.chain = chain }

    /// Agents known, in any status.
    public var agentCount: Int { agents.count }

    public func owner(_ id: OwnerID) -> Owner? { owners[id] }
    public func agent(_ id: AgentID) -> Agent? { agents[id] }
    public func submitter(_ id: SubmitterID) -> Submitter? { submitters[id] }
    public func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant? {
        grants[.grant(owner, submitter)]
    }
    public func usage(_ agent: AgentID) -> Usage? { usages[agent] }

    /// The sequence of the last operation that `key` signed; 0 before the first.
    public func lastSequence(of key: PublicKey) -> UInt64 { signers[key] ?? 0 }

    mutating func set(_ owner: Owner) {
        owners[owner.id] = owner
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

    mutating func set(_ usage: Usage) {
        usages[usage.agent] = usage
        mark(usage.stateKey)
    }

    mutating func setSequence(_ sequence: UInt64, of key: PublicKey) {
        operations &+= sequence &- lastSequence(of: key)
        signers[key] = sequence
        mark(.signer(key))
    }

    private mutating func mark(_ key: StateKey) {
        if changed.insert(key).inserted { changedInOrder.append(key) }
    }

    /// The entries changed since the last call, in order of first change, with their encodings.
    public mutating func takeChanges() -> [(key: StateKey, value: [UInt8])] {
        let keys = changedInOrder
        changed.removeAll(keepingCapacity: true)
        changedInOrder.removeAll(keepingCapacity: true)
        return keys.compactMap { key in encodedEntry(key).map { (key, $0) } }
    }

    /// The canonical encoding of one entry; nil where there is none.
    public func encodedEntry(_ key: StateKey) -> [UInt8]? {
        switch key {
        case .owner(let id): owners[id]?.encoded
        case .agent(let id): agents[id]?.encoded
        case .signer(let key):
            signers[key].map { sequence in
                var writer = ByteWriter()
                writer.write(sequence)
                return writer.bytes
            }
        case .submitter(let id): submitters[id]?.encoded
        case .grant: grants[key]?.encoded
        case .usage(let id): usages[id]?.encoded
        }
    }

    /// Puts back an entry that `encodedEntry` gave, without marking it as changed.
    ///
    /// - Throws: `outOfRange` at 0 where the entry names another place than `key`; nothing is put
    ///   back then.
    public mutating func restore(_ key: StateKey, from bytes: [UInt8]) throws(DecodingFailure) {
        switch key {
        case .owner(let id): owners[id] = try Self.decode(bytes, at: key)
        case .agent(let id): agents[id] = try Self.decode(bytes, at: key)
        case .signer(let key):
            var reader = ByteReader(bytes)
            let sequence = try reader.read(UInt64.self)
            try reader.finish()
            operations &+= sequence &- lastSequence(of: key)
            signers[key] = sequence
        case .submitter(let id): submitters[id] = try Self.decode(bytes, at: key)
        case .grant: grants[key] = try Self.decode(bytes, at: key)
        case .usage(let id): usages[id] = try Self.decode(bytes, at: key)
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
