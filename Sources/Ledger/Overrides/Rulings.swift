// What people ruled over an agent, a fleet or the chain: overrides by kind, and stops.
import Primitives

/// What a person says about one kind of action.
public enum Ruling: UInt8, CaseIterable, Sendable {
    /// Takes the ruling before it back.
    case ordinary
    /// Neither approval is needed nor is anything out of the ordinary; limits hold.
    case allow
    case deny
}

/// A ruling for one kind of action.
public struct Override: Hashable, Sendable {
    public var kind: ActionKind
    public var ruling: Ruling
    /// From then on it says nothing.
    public var expires: Instant
    public var by: OwnerID

    /// Nanoseconds that a ruling may last.
    public static let longest = 30 * Nanoseconds.perDay
}

/// What people ruled over one agent.
public struct Rulings: Hashable, Sendable {
    public var agent: AgentID
    /// Zero while it is not stopped.
    public var stopped = Instant(nanoseconds: 0)
    /// The first of two who want it to go on; zero for nobody.
    public var resumedBy = OwnerID()
    /// By kind, ascending; expired ones stay until another takes their place.
    public var overrides: [Override] = []
    /// The first of two who want this; the ruling is `ordinary` where an override should go.
    public var proposed: Override?

    init(agent: AgentID) { self.agent = agent }

    public var isStopped: Bool { stopped.nanoseconds != 0 }

    /// What holds for `kind` at `time`.
    public func ruling(_ kind: ActionKind, at time: Instant) -> Ruling {
        let found = overrides.first { $0.kind == kind && time < $0.expires }
        return found?.ruling ?? .ordinary
    }

    /// Puts `override` in the place of the one for its kind.
    mutating func put(_ override: Override) {
        overrides.removeAll { $0.kind == override.kind }
        guard override.ruling != .ordinary else { return }
        let place = overrides.firstIndex { $0.kind.rawValue > override.kind.rawValue }
        overrides.insert(override, at: place ?? overrides.count)
    }
}

/// Whether all agents of an owner are stopped.
public struct FleetStop: Hashable, Sendable {
    public var owner: OwnerID
    /// Zero while they are not.
    public var stopped: Instant
}

/// Whether every action on the chain is stopped, and who wants that to change.
public struct ChainStop: Hashable, Sendable {
    /// Zero while it goes on.
    public var stopped = Instant(nanoseconds: 0)
    /// In which the votes were given; in a later one they count no more.
    public var epoch: UInt64 = 0
    /// Validators who want the opposite, ascending.
    public var votes: [PublicKey] = []

    public var isStopped: Bool { stopped.nanoseconds != 0 }
}

/// What a stop is for.
public enum StopTarget: Hashable, Sendable {
    case agent(AgentID)
    /// All agents of the owner that gives the command.
    case fleet
    case chain
}

extension Override {
    func write(to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        writer.write(ruling.rawValue)
        writer.write(expires)
        writer.write(by)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        kind = try reader.readKind()
        ruling = try reader.readRuling()
        expires = try reader.readInstant()
        by = try reader.read()
    }
}

extension ByteReader {
    mutating func readRuling() throws(DecodingFailure) -> Ruling {
        let start = offset
        guard let ruling = Ruling(rawValue: try read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return ruling
    }
}

extension StopTarget {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .agent(let id):
            writer.write(UInt8(1))
            writer.write(id)
        case .fleet: writer.write(UInt8(2))
        case .chain: writer.write(UInt8(3))
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .agent(try reader.read())
        case 2: self = .fleet
        case 3: self = .chain
        default: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension Rulings: StateEntry {
    var stateKey: StateKey { .law(.rulings(agent)) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(stopped)
        writer.write(resumedBy)
        writer.write(UInt8(clamping: overrides.count))
        for override in overrides { override.write(to: &writer) }
        writer.write(UInt8(proposed == nil ? 0 : 1))
        proposed?.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        stopped = try reader.readInstant()
        resumedBy = try reader.read()
        let start = reader.offset
        let count = try reader.read(UInt8.self)
        guard Int(count) <= ActionKind.allCases.count else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<count { overrides.append(try Override(from: &reader)) }
        guard overrides.map(\.kind.rawValue).isStrictlyAscending,
            overrides.allSatisfy({ $0.ruling != .ordinary })
        else { throw DecodingFailure(.notCanonical, at: start) }
        proposed = try reader.readFlag() ? try Override(from: &reader) : nil
    }
}

extension FleetStop: StateEntry {
    var stateKey: StateKey { .law(.fleetStop(owner)) }

    func write(to writer: inout ByteWriter) {
        writer.write(owner)
        writer.write(stopped)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        owner = try reader.read()
        stopped = try reader.readInstant()
    }
}

extension ChainStop: StateEntry {
    var stateKey: StateKey { .law(.chainStop) }

    func write(to writer: inout ByteWriter) {
        writer.write(stopped)
        writer.write(epoch)
        writer.write(identifiers: votes)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        stopped = try reader.readInstant()
        epoch = try reader.read()
        votes = try reader.readIdentifiers(limit: Limits.validatorsPerCommittee)
    }
}
