// What an exporter may get wrong, each with its answer; nothing of a refused request is recorded.
import Compression
import JSON
import Ledger
import Platform
import Primitives
import Testing

/// A spoilt request, named for its fault.
struct BadExport: Sendable, CustomTestStringConvertible {
    var name: String
    var body: [UInt8]
    var type = "application/json"
    var encoding: String?
    var path = "/v1/traces"
    var status = 400
    /// The code of `google.rpc.Status`.
    var code: UInt8 = 3

    var testDescription: String { name }

    static let sound = ExportSample(SpanSample(1)).json
    static let soundProto = Proto.request(
        trace: [UInt8](repeating: 1, count: 16), span: [UInt8](repeating: 1, count: 8))
    static let protobuf = "application/x-protobuf"

    /// 32 MiB of zeros, 32 KiB on the wire.
    static let bomb = (try? Gzip.compress([UInt8](repeating: 0, count: 32 << 20))) ?? []

    static let all: [BadExport] = [
        BadExport(name: "truncated JSON", body: Array(sound.dropLast())),
        BadExport(name: "JSON that is a list", body: Array("[]".utf8)),
        BadExport(name: "JSON of another shape", body: Array(#"{"resourceSpans":{}}"#.utf8)),
        BadExport(
            name: "invalid UTF-8 in JSON",
            body: Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)),
        BadExport(name: "truncated protobuf", body: Array(soundProto.dropLast()), type: protobuf),
        BadExport(name: "malformed protobuf", body: [0xFF, 0xFF, 0xFF], type: protobuf),
        BadExport(name: "JSON called protobuf", body: sound, type: protobuf),
        BadExport(
            name: "no content type of OTLP", body: sound, type: "text/plain", status: 415),
        BadExport(name: "unknown coding", body: sound, encoding: "br", status: 415),
        BadExport(name: "gzip that is none", body: sound, encoding: "gzip"),
        BadExport(
            name: "truncated gzip", body: Array(((try? Gzip.compress(sound)) ?? []).dropLast(9)),
            encoding: "gzip"),
        BadExport(
            name: "gzip bomb", body: bomb, type: protobuf, encoding: "gzip", status: 413, code: 8),
        BadExport(name: "malformed metrics", body: [0xFF], type: protobuf, path: "/v1/metrics"),
        BadExport(name: "malformed logs", body: Array("{".utf8), path: "/v1/logs"),
    ]
}

@Suite struct ExportRefusalTests {
    let rig: Rig
    let client: HTTPClient

    init() throws {
        rig = try Rig { options in
            options.settings.decompressedBytes = 1 << 20
            options.settings.http.bodyBytes = 2 << 20
        }
        client = try rig.client()
    }

    @Test(arguments: BadExport.all)
    func aSpoiltRequestIsRefusedWithAStatus(_ bad: BadExport) throws {
        let headers = bad.encoding.map { [("content-encoding", $0)] } ?? []
        let response = try client.post(bad.path, bad.body, type: bad.type, headers: headers)
        #expect(response.status == bad.status)
        if bad.type == BadExport.protobuf {
            #expect(response.header("content-type") == BadExport.protobuf)
            #expect(Array(response.body.prefix(2)) == [8, bad.code])
        } else {
            #expect(try response.json()["code"] == .integer(bad.code))
        }
        #expect(try client.json("/v1/status")["records"]?.string == "0")
    }

    @Test func aBodyOverTheLimitIsRefusedBeforeItIsRead() throws {
        let response = try client.post(
            "/v1/traces", [UInt8](repeating: 0, count: 3 << 20), type: "application/x-protobuf")
        #expect(response.status == 413)
        #expect(response.problem == "body-too-large")
        #expect(response.header("x-correlation-id") != nil)
    }

    /// A span with a fault of its own, and the beginning of what the sender is told.
    static let badSpans: [(SpanSample, String)] = [
        (SpanSample(1).with("traceId", .string("00ff")), "trace id of 2 bytes instead of 16"),
        (SpanSample(1).with("traceId", .string(SpanSample.trace(0))), "trace id is zero"),
        (SpanSample(1).with("spanId", .string("00")), "span id of 1 bytes instead of 8"),
        (SpanSample(1).with("spanId", .string("XY")), "id is not hexadecimal"),
        (SpanSample(1).with("parentSpanId", .string("0011")), "parent span id of 2 bytes"),
        (SpanSample(1).with("endTimeUnixNano", .string("946684800000000001")), "ends before"),
        (
            SpanSample(1).with("endTimeUnixNano", .string("18446744073709551615")),
            "time is before 2000 or too far"
        ),
        (SpanSample(1).with("startTimeUnixNano", .string("5")), "time is before 2000"),
        (SpanSample(1).modelCall(input: -1, output: 0), "negative token count"),
        (SpanSample(1).modelCall(input: Int.max, output: 0), "token count out of range"),
        (SpanSample(1).with("kind", .string("SPAN_KIND_SERVER")), "kind and status code must be"),
        (
            SpanSample(1).attribute(
                "big", "stringValue", .string(String(repeating: "x", count: 1 << 20))),
            "attribute of "
        ),
    ]

    @Test(arguments: badSpans.indices)
    func aBadSpanIsRefusedAlone(_ index: Int) throws {
        let (span, message) = Self.badSpans[index]
        let response = try client.export(ExportSample(SpanSample(run: 9, 9), span))
        #expect(response.status == 200)
        let partial = try response.json()["partialSuccess"]
        #expect(partial?["rejectedSpans"]?.string == "1")
        let told = partial?["errorMessage"]?.string ?? ""
        #expect(told.hasPrefix("span 1: \(message)"), "\(told)")
        #expect(try client.json("/v1/status")["records"]?.string == "1")
    }

    static let signals: [(path: String, body: String)] = [
        ("/v1/traces", String(decoding: ExportSample(SpanSample(1)).json, as: UTF8.self)),
        ("/v1/logs", #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}"#),
        (
            "/v1/metrics",
            #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{}]}}]}]}]}"#
        ),
    ]

    @Test(arguments: signals.indices)
    func anOwnerWhoDidNotAgreeIsForbidden(_ index: Int) throws {
        let rig = try Rig { $0.enrolls = false }
        let client = try rig.client()
        let signal = Self.signals[index]
        let response = try client.post(
            signal.path, Array(signal.body.utf8), type: "application/json")
        #expect(response.status == 403)
        let status = try response.json()
        #expect(status["code"] == .integer(7))
        #expect(status["message"]?.string?.contains("owner authorize") == true)
    }

    @Test func spansOverAQuotaAreRefusedAlone() throws {
        #expect(try client.export(ExportSample(SpanSample(1))).status == 200)
        let agent = AgentID(owner: Cast.ownerID, name: "alpha")
        var quota = Quota()
        quota.day.records = 2
        let sequence = try client.json("/v1/signers/\(Cast.owner.publicKey)")["next"]?.string
        let operation = Cast.operation(
            .law(.limit(AccountID(agent), quota)), sequence: UInt64(sequence ?? "") ?? 0)
        let set = try client.post(
            "/v1/operations", operation.encoded, type: "application/octet-stream")
        #expect(set.status == 200, "\(set.text)")
        let response = try client.export(ExportSample(SpanSample(2), SpanSample(3)))
        #expect(response.status == 200)
        let partial = try response.json()["partialSuccess"]
        #expect(partial?["rejectedSpans"]?.string == "1")
        let message = partial?["errorMessage"]?.string ?? ""
        #expect(message.contains("span 1: over the limit of 2 records in any day"))
        #expect(message.contains("there is room from") && message.contains("GMT"))
        let usage = try client.json("/v1/accounts/\(agent)/usage")
        #expect(usage["day"]?["records"]?.string == "2")
        #expect(usage["limits"]?["day"]?["records"]?.string == "2")
        #expect(usage["limits"]?["hour"]?["records"] == .null)
        #expect(try client.get("/metrics").text.contains(#"reason="limit"} 1"#))
    }

    @Test func aFieldOfANewerClientIsKeptAndDoesNotHarm() throws {
        let span = SpanSample(1).with("futureField", .object([JSONMember("a", .integer(1))]))
        let response = try client.export(ExportSample(span))
        #expect(response.text == "{}")
        let id = "\(SpanSample.trace(1)):\(SpanSample.span(1))"
        #expect(try client.get("/v1/records/\(id)/payload").text.contains("futureField"))
    }
}
