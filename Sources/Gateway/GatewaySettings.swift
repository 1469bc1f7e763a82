// What a gateway can be told, each setting with its unit and default.
import Platform
import Primitives
import Telemetry

/// How much a gateway writes to its log.
public enum LogLevel: Int, CaseIterable, Comparable, Sendable {
    /// Faults of the node itself.
    case error
    /// Also what an operator should look at.
    case warning
    /// Also one line for each request.
    case info

    public var name: String { String(describing: self) }

    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The settings of a gateway.
public struct GatewaySettings: Sendable {
    /// Numeric address or host name to listen on.
    public var address = "127.0.0.1"
    /// TCP port; 0 takes any free one.
    public var port: UInt16 = 4318
    /// Told in `/v1/status`.
    public var version = "0.1.0"
    /// Told in `/v1/status`.
    public var commit = "unknown"
    /// Limits of connections, heads, bodies and times.
    public var http = HTTPLimits()
    /// Limits of spans and what is in them.
    public var telemetry = TelemetryLimits()
    /// Bytes a compressed body may become.
    public var decompressedBytes = 64 << 20
    /// Spans in flight between their arrival and the disk; more is 429.
    public var pendingSpans = 65_536
    /// Bytes of spans in flight; more is 429.
    public var pendingBytes = 256 << 20
    /// Percent of both limits, and of what the node takes in, that is kept for the urgent lane.
    public var urgentPercent = 20
    /// Spans that the node takes in before it commits.
    public var turnSpans = 1_024
    /// Seconds named in `Retry-After` when over a limit.
    public var retryAfterSeconds = 1
    /// Clients of `/v1/events` at one time; more is 503.
    public var eventClients = 256
    /// Events kept for clients that come back.
    public var eventsKept = 10_000
    /// Nanoseconds between comments that keep an event stream open.
    public var heartbeatNanoseconds = 15 * Nanoseconds.perSecond
    /// Directory of the dashboard's files; nil looks beside the executable.
    public var dashboardDirectory: String?
    /// The line to other validators; nil for a node that stays alone.
    public var peers: PeerSettings?
    /// The agents that run here.
    public var hosting = HostingSettings()
    public var logLevel = LogLevel.info
    /// Takes one line of log, its line break included.
    public var log: @Sendable (String) -> Void = { StandardStreams.error($0) }

    public init() {}
}
