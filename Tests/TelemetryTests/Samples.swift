// Inputs that several tests share: vector files, real data where it is there, spans made by hand.
import Foundation
import Primitives

@testable import Telemetry

/// 2026-12-01T00:00:00Z: later than every sample.
let sampleNow = Instant(nanoseconds: 1_796_083_200 * Nanoseconds.perSecond)

enum Samples {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A file of `Tests/Vectors/otlp`.
    static func vector(_ name: String) throws -> [UInt8] {
        let file = root.appending(path: "Tests/Vectors/otlp/\(name)")
        let bytes = [UInt8](try Data(contentsOf: file))
        guard name.hasSuffix(".hex") else { return bytes }
        return Hex.decode(String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" }) ?? []
    }

    /// A file of the shared data, nil where that folder is absent.
    static func shared(_ path: String) -> [UInt8]? {
        let override = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"]
        let folder =
            override.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        return (try? Data(contentsOf: folder.appending(path: path))).map { [UInt8]($0) }
    }

    static func has(_ path: String) -> Bool { shared(path) != nil }

    /// A request with one sound span in JSON, whose members can be replaced by JSON text; nil takes
    /// one away.
    static func text(
        _ changes: [String: String?] = [:], attributes: String = ""
    ) -> [UInt8] {
        var members: [(String, String)] = [
            ("traceId", "\"5b8efff798038103d269b633813fc60c\""),
            ("spanId", "\"eee19b7ec3c1b174\""),
            ("name", "\"x\""),
            ("startTimeUnixNano", "\"1790000000000000000\""),
            ("endTimeUnixNano", "\"1790000001000000000\""),
            ("attributes", "[\(attributes)]"),
        ]
        for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
            members.removeAll { $0.0 == key }
            if let value { members.append((key, value)) }
        }
        let span = members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return Array("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(span)}]}]}]}".utf8)
    }

    /// The same span in protobuf; `extra` is appended to the span's fields.
    static func protobuf(
        traceID: [UInt8] = Array(1...16), spanID: [UInt8] = Array(1...8), extra: [UInt8] = []
    ) -> [UInt8] {
        var span = WireWriter()
        span.field(1, bytes: traceID)
        span.field(2, bytes: spanID)
        span.field(5, text: "x")
        for (number, time) in [(7, 1_790_000_000), (8, 1_790_000_001)] as [(UInt64, UInt64)] {
            span.varint(number << 3 | 1)
            withUnsafeBytes(of: (time * Nanoseconds.perSecond).littleEndian) {
                span.append(Array($0))
            }
        }
        span.append(extra)
        return nested([1, 2, 2], span.bytes)
    }

    /// `bytes` inside fields of these numbers, the outermost first.
    static func nested(_ numbers: [UInt64], _ bytes: [UInt8]) -> [UInt8] {
        numbers.reversed().reduce(bytes) { inner, number in
            var writer = WireWriter()
            writer.field(number, bytes: inner)
            return writer.bytes
        }
    }

    /// A `KeyValue` in field 9 of a span, whose value is the given `AnyValue` field.
    static func attribute(_ key: [UInt8], value: [UInt8]) -> [UInt8] {
        var pair = WireWriter()
        pair.field(1, bytes: key)
        pair.field(2, bytes: value)
        return nested([9], pair.bytes)
    }

    static func decode(_ text: [UInt8]) throws -> TraceRequest {
        try TraceRequest.decode(text, format: .json, now: sampleNow)
    }
}
