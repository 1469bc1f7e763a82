// A recorded export request that can be sent again as if it had just happened.
import Cryptography
import JSON
import Primitives

/// The text of one OTLP/JSON request with its ids and times cut out.
struct TraceTemplate: Sendable {
    private enum Hole {
        case trace([UInt8])
        case span([UInt8])
        case time(UInt64)
    }

    /// The hole comes after the text of the same place; the last text has none.
    private var texts: [[UInt8]] = []
    private var holes: [Hole] = []
    private(set) var spans: UInt64
    /// The recorded id of each trace in it, and how many of its spans are here; in order of id.
    private(set) var traces: [(id: [UInt8], spans: UInt64)] = []
    /// The latest time in it, nanoseconds since 1970.
    private(set) var end: UInt64 = 0

    private static let domain = HashDomain("althing 2026 demo id v1")

    /// Nil where the text is not an OTLP/JSON request.
    init?(_ request: [UInt8]) {
        let limits = JSONLimits(depth: 128)
        guard let document = try? JSONDocument(request, limits: limits) else { return nil }
        spans = TraceSender.spanCount(request)
        var found: [(range: Range<Int>, hole: Hole)] = []
        Self.visit(document.root, &found)
        found.sort { $0.range.lowerBound < $1.range.lowerBound }
        var done = 0
        for (range, hole) in found {
            texts.append(Array(request[done..<range.lowerBound]))
            holes.append(hole)
            done = range.upperBound
            if case .time(let time) = hole { end = max(end, time) }
        }
        texts.append(Array(request[done...]))
        var counts: [String: UInt64] = [:]
        for span in Self.spans(document.root) {
            counts[span["traceId"]?.string ?? "", default: 0] += 1
        }
        traces = counts.sorted { $0.key < $1.key }.map { (Array($0.key.utf8), $0.value) }
    }

    private static func spans(_ root: JSONNode) -> [JSONNode] {
        func elements(_ nodes: [JSONNode], _ name: String) -> [JSONNode] {
            nodes.flatMap { node in node[name].map { Array($0.elements) } ?? [] }
        }
        return elements(elements(elements([root], "resourceSpans"), "scopeSpans"), "spans")
    }

    /// The ids that the traces have in a copy, as hexadecimal digits.
    func runs(copy: UInt64) -> [(run: String, spans: UInt64)] {
        traces.map { trace in
            let run = Self.fresh(trace.id, copy, width: 16)
            return (String(decoding: run, as: UTF8.self), trace.spans)
        }
    }

    /// Finds ids and times wherever they stand; the samples are ours and shallow.
    private static func visit(_ root: JSONNode, _ found: inout [(range: Range<Int>, hole: Hole)]) {
        var open = [root]
        while let node = open.popLast() {
            open += node.elements
            for (key, value) in node.members {
                if let hole = hole(key.string ?? "", value) {
                    found.append((value.range, hole))
                } else {
                    open.append(value)
                }
            }
        }
    }

    private static func hole(_ key: String, _ value: JSONNode) -> Hole? {
        guard let text = value.string, !text.isEmpty else { return nil }
        switch key {
        case "traceId": return .trace(Array(text.utf8))
        case "spanId", "parentSpanId": return .span(Array(text.utf8))
        case "startTimeUnixNano", "endTimeUnixNano", "timeUnixNano":
            return ValueKind.number(text).map { .time($0) }
        default: return nil
        }
    }

    /// The request with ids that `copy` decides and every time moved by the same span.
    ///
    /// - Parameter shift: nanoseconds by which times move into the future, modulo 2^64.
    func request(copy: UInt64, shift: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(0) { $0 + $1.count } + 40 * holes.count)
        for (text, hole) in zip(texts, holes) {
            bytes += text
            bytes.append(UInt8(ascii: "\""))
            switch hole {
            case .trace(let id): bytes += Self.fresh(id, copy, width: 16)
            case .span(let id): bytes += Self.fresh(id, copy, width: 8)
            case .time(let time): bytes += Array(String(time &+ shift).utf8)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        return bytes + (texts.last ?? [])
    }

    private static func fresh(_ id: [UInt8], _ copy: UInt64, width: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(copy)
        writer.append(id)
        return Array(Hex.encode(domain.hash(writer.bytes).bytes.prefix(width)).utf8)
    }
}
