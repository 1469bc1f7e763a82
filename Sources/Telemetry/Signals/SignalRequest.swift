// Metrics and logs: checked for their shape and counted, then kept whole as payloads.
import JSON

/// Walks the envelope of a request down to what it counts.
public enum SignalRequest {
    /// The number of data points or log records in an `Export{Metrics,Logs}ServiceRequest`, or of
    /// spans, which are not judged here. Throws where the bytes are not that message.
    public static func count(
        _ bytes: [UInt8], signal: TelemetrySignal, format: TelemetryFormat
    ) throws(TelemetryFailure) -> Int {
        switch format {
        case .protobuf: try countProtobuf(bytes, levels(of: signal))
        case .json: try countText(bytes, levels(of: signal))
        }
    }

    /// The fields one goes down, from the request to the items; a level has one field or, for the
    /// data of a metric, one of several.
    private typealias Level = [(number: UInt32, name: String)]

    private static func levels(of signal: TelemetrySignal) -> [Level] {
        switch signal {
        case .traces: [[(1, "resourceSpans")], [(2, "scopeSpans")], [(2, "spans")]]
        case .logs: [[(1, "resourceLogs")], [(2, "scopeLogs")], [(2, "logRecords")]]
        case .metrics:
            [
                [(1, "resourceMetrics")], [(2, "scopeMetrics")], [(2, "metrics")],
                [
                    (5, "gauge"), (7, "sum"), (9, "histogram"), (10, "exponentialHistogram"),
                    (11, "summary"),
                ],
                [(1, "dataPoints")],
            ]
        }
    }

    private static func countProtobuf(
        _ bytes: [UInt8], _ levels: [Level]
    ) throws(TelemetryFailure) -> Int {
        var result: Result<Int, WireFailure> = .success(0)
        bytes.withUnsafeBytes { raw in
            do throws(WireFailure) {
                result = .success(try count(WireReader(raw), levels[...]))
            } catch {
                result = .failure(error)
            }
        }
        do throws(WireFailure) {
            return try result.get()
        } catch {
            throw .protobuf(error)
        }
    }

    /// Recursion ends with the levels: five at most. The items themselves are read once more, so
    /// that one that is cut off is found.
    private static func count(
        _ message: WireReader, _ levels: ArraySlice<Level>
    ) throws(WireFailure) -> Int {
        var reader = message
        var total = 0
        while let field = try reader.next() {
            guard let level = levels.first else { continue }
            guard field.kind == .bytes, level.contains(where: { $0.number == field.number }) else {
                continue
            }
            let inside = WireReader(message.bytes, inside: field)
            let below = try count(inside, levels.dropFirst())
            total += levels.count == 1 ? 1 : below
        }
        return total
    }

    private static func countText(
        _ bytes: [UInt8], _ levels: [Level]
    ) throws(TelemetryFailure) -> Int {
        let root: JSONNode
        do throws(JSONFailure) {
            root = try JSONDocument(bytes, limits: TextField.limits).root
        } catch {
            throw .json(error)
        }
        guard root.kind == .object else { throw .shape("the request is not an object") }
        return try count(root, levels[...])
    }

    private static func count(
        _ message: JSONNode, _ levels: ArraySlice<Level>
    ) throws(TelemetryFailure) -> Int {
        guard let level = levels.first else { return 0 }
        var total = 0
        for (_, name) in level {
            guard level.count == 1 else {
                guard let holder = try TextField.message(message, name) else { continue }
                total += try count(holder, levels.dropFirst())
                continue
            }
            for element in try TextField.messages(message, name) {
                let below = try count(element, levels.dropFirst())
                total += levels.count == 1 ? 1 : below
            }
        }
        return total
    }
}
