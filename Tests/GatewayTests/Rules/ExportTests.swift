// Spans in over HTTP, runs, records, payloads and receipts out.
import Compression
import JSON
import Platform
import Primitives
import Records
import Testing

@Suite struct ExportTests {
    let rig: Rig
    let client: HTTPClient

    init() throws {
        rig = try Rig()
        client = try rig.client()
    }

    @Test func aRunComesOutAsItWentIn() throws {
        let sample = ExportSample(
            SpanSample(2, caller: 1, name: "chat").modelCall(input: 100, output: 20),
            SpanSample(3, caller: 1, name: "tool"), SpanSample(1, name: "whole"))
        let response = try client.export(sample)
        #expect(response.status == 200)
        #expect(response.text == "{}")
        let run = try client.json("/v1/runs/\(SpanSample.trace(1))")
        #expect(run["name"]?.string == "whole")
        #expect(run["agentName"]?.string == "alpha")
        #expect(run["records"] == .integer(3))
        #expect(run["tokens"]?["input"]?.string == "100")
        let operations = try #require(run["operations"]?.array)
        #expect(operations.map { $0["name"]?.string } == ["whole", "chat", "tool"])
        #expect(operations[1]["model"]?.string == "model-x")
        #expect(operations[1]["provider"]?.string == "provider-y")
        #expect(operations[1]["kind"]?.string == "modelCall")
        #expect(operations[1]["caller"]?.string == SpanSample.span(1))
        #expect(operations[0]["parents"]?.array?.count == 2)
    }

    @Test func theReceiptHoldsOfflineAndThePayloadWithIt() throws {
        _ = try client.export(ExportSample(SpanSample(1)))
        let id = "\(SpanSample.trace(1)):\(SpanSample.span(1))"
        let receipt = try Receipt(json: try client.receipt(id))
        let payload = try client.get("/v1/records/\(id)/payload")
        #expect(payload.header("content-type") == "application/json")
        try receipt.verify(trusted: Cast.genesis.digest, payload: payload.body)
        #expect(receipt.record.operation.hex == SpanSample.span(1))
    }

    @Test func protobufIsAnsweredInProtobuf() throws {
        let body = Proto.request(
            trace: [UInt8](repeating: 7, count: 16), span: [UInt8](repeating: 8, count: 8))
        let response = try client.post("/v1/traces", body, type: "application/x-protobuf")
        #expect(response.status == 200)
        #expect(response.header("content-type") == "application/x-protobuf")
        #expect(response.body.isEmpty)
        let run = try client.json("/v1/runs/\(SpanSample.trace(7))")
        #expect(run["records"] == .integer(1))
        let id = "\(SpanSample.trace(7)):\(SpanSample.span(8))"
        let payload = try client.get("/v1/records/\(id)/payload")
        #expect(payload.header("content-type") == "application/x-protobuf")
    }

    @Test func compressedBodiesAreTheSame() throws {
        let first = try client.post(
            "/v1/traces", try Gzip.compress(ExportSample(SpanSample(1)).json),
            type: "application/json; charset=utf-8", headers: [("content-encoding", "gzip")])
        let second = try client.post(
            "/v1/traces", try Zlib.compress(ExportSample(SpanSample(2)).json),
            type: "Application/JSON", headers: [("content-encoding", "deflate")])
        #expect([first.status, second.status] == [200, 200])
        #expect(try client.json("/v1/runs/\(SpanSample.trace(1))")["records"] == .integer(2))
    }

    @Test func aSpanSentTwiceIsRecordedOnceAndCountsAsAccepted() throws {
        let sample = ExportSample(SpanSample(1), SpanSample(2))
        for _ in 0..<2 {
            let response = try client.export(sample)
            #expect(response.status == 200)
            #expect(response.text == "{}")
        }
        #expect(try client.json("/v1/runs/\(SpanSample.trace(1))")["records"] == .integer(2))
        #expect(try client.json("/v1/status")["spans"]?["duplicates"]?.string == "2")
    }

    @Test func aBadSpanDoesNotTakeTheOthersWithIt() throws {
        let sample = ExportSample(
            SpanSample(1), SpanSample(2).with("spanId", .string("abcd")), SpanSample(3))
        let partial = try client.export(sample).json()["partialSuccess"]
        #expect(partial?["rejectedSpans"]?.string == "1")
        #expect(partial?["errorMessage"]?.string == "span 1: span id of 2 bytes instead of 8")
        #expect(try client.json("/v1/runs/\(SpanSample.trace(1))")["records"] == .integer(2))
    }

    @Test func anEmptyRequestIsAccepted() throws {
        let response = try client.post("/v1/traces", [], type: "application/x-protobuf")
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
    }

    @Test func metricsAndLogsAreKept() throws {
        let log = Array(
            #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":9}]}]}]}"#.utf8)
        let points = #"{"gauge":{"dataPoints":[{"asInt":"1"}]}}"#
        let gauge = Array(
            #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[\#(points)]}]}]}"#.utf8)
        #expect(try client.post("/v1/logs", log, type: "application/json").text == "{}")
        #expect(try client.post("/v1/metrics", gauge, type: "application/json").text == "{}")
        for (kind, request) in [("logs", log), ("metrics", gauge)] {
            let list = try client.json("/v1/signals/\(kind)")
            let kept = try #require(list["items"]?[0])
            #expect(kept["count"]?.string == "1")
            #expect(kept["payload"]?["size"]?.string == "\(request.count)")
            let digest = try #require(kept["payload"]?["digest"]?.string)
            #expect(try client.get("/v1/payloads/\(digest)").body == request)
        }
        #expect(try client.get("/v1/signals/traces").status == 400)
        #expect(try client.get("/v1/payloads/\(Digest())").status == 404)
    }

    @Test func theSenderMayChooseTheCorrelationID() throws {
        let sample = ExportSample(SpanSample(1))
        let chosen = try client.export(sample, headers: [("x-correlation-id", "my-id.1")])
        #expect(chosen.header("x-correlation-id") == "my-id.1")
        let parent = "00-\(SpanSample.trace(5))-\(SpanSample.span(5))-01"
        let traced = try client.export(sample, headers: [("traceparent", parent)])
        #expect(traced.header("x-correlation-id") == SpanSample.trace(5))
        let refused = try client.export(sample, headers: [("x-correlation-id", "<script>")])
        #expect(refused.header("x-correlation-id")?.count == 16)
    }
}
