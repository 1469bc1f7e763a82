// The settings of a chain that every validator must share; the genesis fixes them
// (docs/spec/record.md §6).
import Primitives

/// What validators must agree on beside their keys: from the same blocks these settings decide what
/// is committed and where a checkpoint or an epoch ends. Times in nanoseconds.
public struct ChainSettings: Hashable, Sendable {
    /// Known leaders of a round; more than there are validators count as all of them.
    public var leaders: UInt16 = 2
    /// D: rounds past the last commit that have known leaders; the coin elects those of later
    /// rounds. Nil for known leaders always, 0 for the coin always.
    public var knownRounds: UInt64?
    /// Rounds below the last commit that are kept, and from which a commit takes blocks.
    public var depth: UInt64 = 64
    /// Between checkpoints while there is something to certify.
    public var interval: UInt64 = Nanoseconds.perSecond
    /// Between checkpoints while there is nothing.
    public var idleInterval: UInt64 = 60 * Nanoseconds.perSecond
    /// How long an epoch lasts before it begins to close.
    public var epoch: UInt64 = Nanoseconds.perHour

    /// What counts as evidence of an agent's transition: never none.
    public var evidence: AcceptedEvidence = .reexecution
    /// Gas of one transition of an agent, at most.
    public var transitionGas: UInt64 = 1_000_000

    /// The standard settings.
    public init() {}

    /// Those of a genesis that states none: version 1 of its encoding.
    public static let standard = ChainSettings()

    public static let leadersRange: ClosedRange<UInt16> =
        1...UInt16(Limits.validatorsPerCommittee)
    public static let knownRoundsRange: ClosedRange<UInt64> = 0...1_000_000
    /// A wave must fit, and what is kept must fit in memory.
    public static let depthRange: ClosedRange<UInt64> = 4...4_096
    public static let intervalRange = Nanoseconds.perMillisecond...Nanoseconds.perDay
    /// An epoch must outlast the exchange that ends it.
    public static let epochRange = 100 * Nanoseconds.perMillisecond...366 * Nanoseconds.perDay

    public static let transitionGasRange: ClosedRange<UInt64> = 1_000...10_000_000_000

    /// Whether there is nothing but the standard in what version 3 of a genesis adds.
    var hasStandardAgents: Bool {
        evidence == Self.standard.evidence && transitionGas == Self.standard.transitionGas
    }

    /// Whether every setting is in its range.
    public var isValid: Bool {
        Self.leadersRange.contains(leaders)
            && (knownRounds.map { Self.knownRoundsRange.contains($0) } ?? true)
            && Self.depthRange.contains(depth) && Self.intervalRange.contains(interval)
            && Self.intervalRange.contains(idleInterval) && Self.epochRange.contains(epoch)
            && !evidence.isEmpty && evidence.isSubset(of: .all)
            && Self.transitionGasRange.contains(transitionGas)
    }

    /// In the place of `knownRounds` where there is no such number.
    private static let always = UInt64.max

    func write(to writer: inout ByteWriter) {
        writer.write(leaders)
        writer.write(knownRounds ?? Self.always)
        for value in [depth, interval, idleInterval, epoch] { writer.write(value) }
    }

    /// What version 3 of a genesis adds.
    func writeAgents(to writer: inout ByteWriter) {
        writer.write(evidence.rawValue)
        writer.write(transitionGas)
    }

    /// - Parameter hasAgents: whether what version 3 of a genesis adds follows.
    init(from reader: inout ByteReader, hasAgents: Bool) throws(DecodingFailure) {
        let start = reader.offset
        leaders = try reader.read(UInt16.self)
        let rounds = try reader.read(UInt64.self)
        knownRounds = rounds == Self.always ? nil : rounds
        depth = try reader.read(UInt64.self)
        interval = try reader.read(UInt64.self)
        idleInterval = try reader.read(UInt64.self)
        epoch = try reader.read(UInt64.self)
        if hasAgents {
            evidence = AcceptedEvidence(rawValue: try reader.read())
            transitionGas = try reader.read()
        }
        guard isValid else { throw DecodingFailure(.outOfRange, at: start) }
    }
}

/// Kinds of evidence of an agent's transition that a chain accepts.
public struct AcceptedEvidence: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Every validator runs the program again.
    public static let reexecution = AcceptedEvidence(rawValue: 1)
    /// A succinct proof.
    public static let proof = AcceptedEvidence(rawValue: 2)
    public static let all: AcceptedEvidence = [.reexecution, .proof]
}
