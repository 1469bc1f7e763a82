// Recorded runs of other tools, recognised by their content and turned into export requests.
//
// One run becomes one trace: a root span `invoke_agent`, a `chat` span for each model call with the
// whole conversation before it as input, an `execute_tool` span for each tool call. The trace id is
// made of the digest of the run's text and span ids of the trace id, so that a second import gives
// the same spans. What maps to no attribute of OpenTelemetry is kept as JSON text in attributes.
import Cryptography
import JSON
import Primitives

/// Recordings that `requests(from:base:)` understands.
public enum Trajectory {
    /// Which format a recording has.
    public enum Source: Hashable, Sendable {
        /// OTLP/JSON requests, one a line or one alone.
        case openTelemetry
        /// sierra-research/tau-bench: an array of runs with `traj`.
        case tauBench
        /// All-Hands-AI/OpenHands `output.jsonl`: an object with `history` a line.
        case openHands
    }

    /// The time from which runs without times are counted: 2024-06-01T00:00:00Z.
    public static let base = Instant(nanoseconds: 1_717_200_000 * Nanoseconds.perSecond)

    static let limits = JSONLimits(
        depth: 256, bytes: JSONLimits.mostBytes, nodes: 1 << 24)

    /// OTLP/JSON export requests, one per run or line. Runs that have no times of their own start
    /// within the day after `base`, each at a time that its content decides.
    public static func requests(
        from bytes: [UInt8], base: Instant = base
    ) throws(TelemetryFailure) -> (source: Source, requests: [[UInt8]]) {
        let documents = try documents(bytes)
        guard let first = documents.first else { throw .unknownTrajectory }
        if first.kind == .array, first[0]?["traj"]?.kind == .array {
            return (.tauBench, try each(first.elements) { TauBenchRun(run: $0, base: base).trace })
        }
        if first["history"]?.kind == .array {
            return (.openHands, try each(documents) { OpenHandsRun(run: $0, base: base).trace })
        }
        if first["resourceSpans"]?.kind == .array {
            return (.openTelemetry, documents.map { Array($0.raw) })
        }
        throw .unknownTrajectory
    }

    /// The whole text as one value, or else its lines.
    private static func documents(_ bytes: [UInt8]) throws(TelemetryFailure) -> [JSONNode] {
        if let whole = try? JSONDocument(bytes, limits: limits) { return [whole.root] }
        var nodes: [JSONNode] = []
        for line in bytes.split(separator: 0x0A) where line.contains(where: { $0 > 0x20 }) {
            do throws(JSONFailure) {
                nodes.append(try JSONDocument(Array(line), limits: limits).root)
            } catch {
                throw .json(JSONFailure(error.reason, at: line.startIndex + error.offset))
            }
        }
        return nodes
    }

    private static func each(
        _ runs: some Sequence<JSONNode>, _ trace: (JSONNode) -> TraceText
    ) throws(TelemetryFailure) -> [[UInt8]] {
        var requests: [[UInt8]] = []
        for run in runs {
            guard run.kind == .object else { throw .shape("a run is not an object") }
            requests.append(trace(run).request)
        }
        return requests
    }
}
