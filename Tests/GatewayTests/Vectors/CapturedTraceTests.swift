// Whole requests of real exporters go in and come out span for span.
import Foundation
import JSON
import Platform
import Primitives
import Records
import Testing

@Suite struct CapturedTraceTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Seven captured requests of three agent frameworks, one a line; nil where they are absent.
    private static let captured: [UInt8]? = {
        let override = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"]
        let folder =
            override.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        let file = folder.appending(path: "otel-genai-captured/traces.otlp.jsonl")
        return (try? Data(contentsOf: file)).map { [UInt8]($0) }
    }()

    private static func vector(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appending(path: "Tests/Vectors/otlp/\(name)")))
    }

    /// The spans of a request in OTLP/JSON.
    private static func spans(_ request: JSONValue) -> [JSONValue] {
        (request["resourceSpans"]?.array ?? [])
            .flatMap { $0["scopeSpans"]?.array ?? [] }.flatMap { $0["spans"]?.array ?? [] }
    }

    @Test(.enabled(if: captured != nil, "../shared/data/otel-genai-captured is absent"))
    func everyCapturedSpanComesBackWithAReceiptThatHolds() throws {
        let rig = try Rig()
        let client = try rig.client()
        let lines = try #require(Self.captured).split(separator: 0x0A)
        var count = 0
        for line in lines {
            let sent = try client.post("/v1/traces", Array(line), type: "application/json")
            #expect(sent.text == "{}")
            for span in Self.spans(try JSONValue(parsing: Array(line))) {
                count += 1
                try check(span, client)
            }
        }
        #expect(try client.json("/v1/status")["records"]?.string == String(count))
        #expect(count == 19)
    }

    private func check(_ span: JSONValue, _ client: HTTPClient) throws {
        let id = "\(span["traceId"]?.string ?? ""):\(span["spanId"]?.string ?? "")"
        let payload = try client.get("/v1/records/\(id)/payload")
        let request = JSONValue.object([
            JSONMember("resourceSpans", .array([try payload.json()]))
        ])
        #expect(Self.spans(request) == [span], "\(id)")
        let receipt = try Receipt(json: try client.receipt(id))
        try receipt.verify(trusted: Cast.genesis.digest, payload: payload.body)
        let start = span["startTimeUnixNano"]?.string.flatMap { UInt64($0) }
        #expect(receipt.record.start.nanoseconds == start)
    }

    @Test func bothFormatsOfOneRequestAreTheSameRecords() throws {
        let hex = String(decoding: try Self.vector("traces.hex"), as: UTF8.self)
        let protobuf = try #require(Hex.decode(hex.filter { $0 != "\n" }))
        var seen: [[String?]] = []
        for (body, type) in [
            (protobuf, "application/x-protobuf"),
            (try Self.vector("traces.json"), "application/json"),
        ] {
            let rig = try Rig()
            let client = try rig.client()
            let sent = try client.post("/v1/traces", body, type: type)
            #expect(sent.status == 200)
            let items = try client.json("/v1/records?limit=500")["items"]?.array ?? []
            #expect(!items.isEmpty)
            let names = ["operation", "caller", "kind", "name", "agentName", "start", "cost"]
            seen.append(items.flatMap { item in names.map { item[$0]?.string } })
        }
        #expect(seen[0] == seen[1])
    }
}
