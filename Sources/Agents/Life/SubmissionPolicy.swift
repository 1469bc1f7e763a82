// When an agent asks the ledger to accept what it did (docs/spec/agents.md §5).
import Primitives

/// A transition is submitted at the first rest at which one of these holds, and in any case after
/// `AgentLimits.turns` turns, at a request for the ledger, behind an agent's call, and at the end.
public struct SubmissionPolicy: Hashable, Sendable {
    /// Nanoseconds after the submission before; 0: time does not matter.
    public var interval: UInt64
    /// Instructions executed; 0: they do not matter.
    public var steps: UInt64
    /// Bytes of the windows touched, in leaves of 64; 0: they do not matter.
    public var touchedBytes: UInt32
    /// When somebody asks for the agent's state.
    public var isOnRequest: Bool
    /// What the agent's transitions are to be believed by.
    public var evidence = Evidence.Kind.reexecution
    /// Whether other agents may ask for parts of its state.
    public var isReadable = false

    public init(interval: UInt64, steps: UInt64, touchedBytes: UInt32, isOnRequest: Bool) {
        (self.interval, self.steps) = (interval, steps)
        (self.touchedBytes, self.isOnRequest) = (touchedBytes, isOnRequest)
    }

    /// After a second, after a thousand steps, and when asked.
    public static let standard = SubmissionPolicy(
        interval: Nanoseconds.perSecond, steps: 1_000, touchedBytes: 0, isOnRequest: true)

    public func write(to writer: inout ByteWriter) {
        writer.write(interval)
        writer.write(steps)
        writer.write(touchedBytes)
        writer.write(UInt8(isOnRequest ? 1 : 0))
        writer.write(evidence.rawValue)
        writer.write(UInt8(isReadable ? 1 : 0))
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        interval = try reader.read()
        steps = try reader.read()
        touchedBytes = try reader.read()
        isOnRequest = try reader.readBit()
        let start = reader.offset
        guard let evidence = Evidence.Kind(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.evidence = evidence
        isReadable = try reader.readBit()
    }
}
