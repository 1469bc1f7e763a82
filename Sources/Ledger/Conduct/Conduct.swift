// What an agent with a constitution did: the measure of its limits and of what is usual for it.
import Primitives

/// How often an agent did one kind of action, and for how much.
public struct KindBaseline: Hashable, Sendable {
    public var kind: ActionKind
    public var count: UInt64
    public var value: Amount
}

/// The conduct of an agent since it has a constitution.
public struct Conduct: Hashable, Sendable {
    public var agent: AgentID
    /// Of the first action.
    public var since: Instant
    /// Actions and records, ever.
    public var total: UInt64 = 0
    /// Actions and records of the last hour.
    var actions = Window.hour
    /// Nano-credits moved in the last day.
    var volume = Window.day
    /// Micro-credits of the last day.
    var gas = Window.day
    /// Kinds seen, and those that people said are usual.
    public var seen = KindSet()
    /// Of actions with a value, by kind, ascending.
    public var baselines: [KindBaseline] = []
    /// Requests for approval that wait.
    public var waiting: UInt8 = 0
    /// When the agent was put into safe mode; zero while it is not.
    public var safeSince = Instant(nanoseconds: 0)

    /// Requests of one agent that may wait at one time.
    public static let mostWaiting: UInt8 = 16

    init(agent: AgentID, since: Instant) {
        self.agent = agent
        self.since = since
    }

    public var isSafe: Bool { safeSince.nanoseconds != 0 }

    func baseline(_ kind: ActionKind) -> KindBaseline {
        baselines.first { $0.kind == kind }
            ?? KindBaseline(kind: kind, count: 0, value: .zero)
    }

    /// Adds what was done.
    mutating func note(_ deed: Deed, at time: Instant) {
        total = total.addingReportingOverflow(deed.count).overflow ? .max : total + deed.count
        actions.add(UInt128(deed.count), at: time)
        volume.add(deed.value.nanoCredits, at: time)
        gas.add(UInt128(deed.gas), at: time)
        seen.formUnion(deed.kinds)
        guard deed.value > .zero, let kind = deed.kinds.first else { return }
        var baseline = baseline(kind)
        baseline.count = min(baseline.count, .max - 1) + 1
        baseline.value = baseline.value.adding(deed.value) ?? Amount(nanoCredits: .max)
        baselines.removeAll { $0.kind == kind }
        let place = baselines.firstIndex { $0.kind.rawValue > kind.rawValue }
        baselines.insert(baseline, at: place ?? baselines.count)
    }
}

extension Conduct: StateEntry {
    var stateKey: StateKey { .law(.conduct(agent)) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(since)
        writer.write(total)
        actions.write(to: &writer)
        volume.write(to: &writer)
        gas.write(to: &writer)
        writer.write(seen.bits)
        writer.write(UInt8(clamping: baselines.count))
        for baseline in baselines {
            writer.write(baseline.kind.rawValue)
            writer.write(baseline.count)
            writer.write(baseline.value)
        }
        writer.write(waiting)
        writer.write(safeSince)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        since = try reader.readInstant()
        total = try reader.read()
        actions = try Window.hour.read(from: &reader)
        volume = try Window.day.read(from: &reader)
        gas = try Window.day.read(from: &reader)
        seen = try reader.readKinds()
        let start = reader.offset
        let count = try reader.read(UInt8.self)
        guard Int(count) <= ActionKind.allCases.count else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<count {
            baselines.append(
                KindBaseline(
                    kind: try reader.readKind(), count: try reader.read(),
                    value: try reader.readAmount()))
        }
        guard baselines.map(\.kind.rawValue).isStrictlyAscending else {
            throw DecodingFailure(.notCanonical, at: start)
        }
        waiting = try reader.read()
        safeSince = try reader.readInstant()
    }
}
