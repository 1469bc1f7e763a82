// What came of a run: what was done to it, what was checked, and the verdict.
import Primitives

/// How a run ended.
public enum SimulationVerdict: Hashable, Sendable {
    case pass
    /// Nothing wrong was done, but what should be finished is not.
    case noProgress(String)
    /// A rule that must always hold is broken.
    case violation(String)

    public var isPass: Bool { self == .pass }

    public var text: String {
        switch self {
        case .pass: "pass"
        case .noProgress(let why): "no progress: \(why)"
        case .violation(let what): "violation: \(what)"
        }
    }
}

/// One run.
public struct SimulationReport: Sendable {
    public var seed: UInt64
    public var shape: SimulationShape
    public var verdict: SimulationVerdict
    /// Nanoseconds of virtual time.
    public var virtualTime: UInt64
    /// Seats, spares, and the second machines of seats that are run twice.
    public var machines: Int
    public var events: UInt64
    public var faults: FaultCounts
    public var checks: CheckCounts
    /// The roles of the seats that are not honest.
    public var roles: [String]
    /// Bodies that clients submitted, and those that were carried out.
    public var submitted: UInt64
    public var executed: UInt64
    public var commits: UInt64
    public var checkpoints: UInt64
    /// From submission to the acknowledgement, virtual nanoseconds: the median and the slowest,
    /// 0 where there were none.
    public var finalMedian: UInt64
    public var finalSlowest: UInt64
    /// BLAKE3 of the trace.
    public var trace: Digest
}

/// What a run is made of, besides its seed.
public struct SimulationShape: Hashable, Sendable {
    /// Which program the seats run.
    public enum Program: String, Hashable, Sendable, CaseIterable {
        /// Whole validators: fast path, graph, ledger, checkpoints.
        case replica
        /// The graph alone with opaque payload and the schedule that uses coins.
        case graph
    }

    public var program = Program.replica
    public var seats = 4
    /// Nanoseconds of virtual time in which clients submit.
    public var span = 10 * Nanoseconds.perSecond
    /// Bodies a second from all clients.
    public var load: UInt64 = 100
    /// Without faults, for measuring.
    public var isCalm = false

    public init() {}

    /// Nanoseconds after the span in which everything must finish.
    public static let patience = 60 * Nanoseconds.perSecond

    /// The one command that runs it again.
    public func command(seed: UInt64) -> String {
        var words = ["althing simulate --seed \(seed)"]
        let standard = SimulationShape()
        if program != standard.program { words.append("--program \(program.rawValue)") }
        if seats != standard.seats { words.append("--nodes \(seats)") }
        if span != standard.span { words.append("--seconds \(span / Nanoseconds.perSecond)") }
        if load != standard.load { words.append("--load \(load)") }
        if isCalm { words.append("--calm") }
        return words.joined(separator: " ")
    }
}
