// Recordings of other tools: small ones made by hand, and the real ones where they are there.
import JSON
import Primitives
import Testing

@testable import Telemetry

@Suite struct TrajectoryTests {
    private static let tau = """
        [{"task_id":3,"trial":1,"reward":0.0,"info":{"user_cost":0.002},"traj":[
        {"role":"system","content":"# Airline Agent Policy\\nBe kind."},
        {"role":"user","content":"Hi"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
        "function":{"name":"look","arguments":"{\\"a\\": 1}"}}]},
        {"role":"tool","tool_call_id":"c1","name":"look","content":"found"},
        {"role":"assistant","content":"Done"}]}]
        """
    private static let openHands = """
        {"instance_id":"t-1","error":null,"metadata":{"agent_class":"CodeActAgent"},"history":[
        {"id":0,"timestamp":"2025-04-30T16:32:54.7","source":"agent","action":"system",
        "args":{"content":"You help","openhands_version":"0.35.0"}},
        {"id":1,"timestamp":"2025-04-30T16:32:55","source":"user","action":"message",
        "args":{"content":"Fix it"}},
        {"id":2,"timestamp":"2025-04-30T16:32:58","source":"agent","action":"run",
        "args":{},"llm_metrics":{"accumulated_cost":0.25},"tool_call_metadata":{
        "function_name":"bash","tool_call_id":"c1","model_response":{"id":"r1","model":"m",
        "choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"ok",
        "tool_calls":[{"id":"c1","function":{"name":"bash","arguments":"ls"}}]}}]}}},
        {"id":3,"cause":2,"timestamp":"2025-04-30T16:33:00","source":"agent",
        "observation":"run","content":"a.txt","success":false,
        "tool_call_metadata":{"tool_call_id":"c1"}}],
        "metrics":{"response_latencies":[{"response_id":"r1","latency":1.5}],
        "token_usages":[{"response_id":"r1","prompt_tokens":9,"completion_tokens":2,
        "cache_read_tokens":4}]}}
        """

    private func spans(_ recording: [UInt8]) throws -> [SpanView] {
        try Trajectory.requests(from: recording).requests.flatMap { request in
            let decoded = try Samples.decode(request)
            #expect(decoded.refusals.isEmpty, "\(decoded.refusalMessage)")
            return decoded.spans
        }
    }

    @Test func tauBenchRun() throws {
        let spans = try spans(Array(Self.tau.utf8))
        #expect(spans.map(\.facts.role) == [.run, .modelCall, .toolCall, .modelCall])
        #expect(spans.map(\.facts.outcome) == [.failure, .success, .success, .success])
        #expect(spans[0].facts.cost.nanoCredits == 2_000_000)
        #expect(spans.allSatisfy { $0.facts.agent.name == "Airline Agent" })
        #expect(spans.dropFirst().allSatisfy { $0.parentSpanID == spans[0].spanID })
        #expect(spans[2].facts.tool == "look")
        let last = String(decoding: spans[3].payload, as: UTF8.self)
        #expect(last.contains(#"\"result\":\"found\""#), "the input is the whole prefix")
        #expect(last.contains("althing.time.synthetic"))
    }

    @Test func openHandsRun() throws {
        let spans = try spans(Array(Self.openHands.utf8))
        #expect(spans.map(\.facts.role) == [.run, .modelCall, .toolCall])
        #expect(spans.map(\.facts.outcome) == [.success, .success, .failure])
        #expect(spans[1].facts.tokensIn == 9)
        #expect(spans[1].facts.tokensCached == 4)
        #expect(spans[1].facts.cost.nanoCredits == 250_000_000)
        #expect(spans[1].end.nanoseconds(since: spans[1].start) == 1_500_000_000)
        #expect(spans[2].end.nanoseconds(since: spans[2].start) == 2_000_000_000)
        #expect(spans[0].start.nanoseconds == 1_746_030_774_700_000_000)
        #expect(spans[0].facts.agent.version == "0.35.0")
    }

    @Test func aSecondImportIsTheSame() throws {
        let first = try Trajectory.requests(from: Array(Self.tau.utf8))
        let spaced = Self.tau.replacing(",\"trial\"", with: " , \"trial\"")
        let second = try Trajectory.requests(from: Array(spaced.utf8))
        #expect(try Samples.decode(first.requests[0]).spans.map(\.spanID)
            == Samples.decode(second.requests[0]).spans.map(\.spanID))
    }

    @Test(arguments: ["", "{}", "[]", "5", "[{}]", #"{"traj":[]}"#])
    func otherFilesAreRefused(text: String) {
        #expect(throws: TelemetryFailure.unknownTrajectory) {
            try Trajectory.requests(from: Array(text.utf8))
        }
    }

    @Test func aBrokenLineIsNamedByItsPlaceInTheFile() {
        let text = Array("{\"resourceSpans\":[]}\n{\"resourceSpans\":[}\n".utf8)
        #expect(throws: TelemetryFailure.json(JSONFailure(.unexpectedByte, at: 39))) {
            try Trajectory.requests(from: text)
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00", 0), ("2000-02-29T12:00:00.5Z", 951_825_600_500_000_000),
        ("2025-04-30T16:32:54.707474", 1_746_030_774_707_474_000),
        ("2024-12-31T23:59:59.999999999", 1_735_689_599_999_999_999),
    ] as [(String, UInt64)])
    func civilTimes(text: String, nanoseconds: UInt64) {
        #expect(CivilTime.instant(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "2025-04-30", "2025-13-01T00:00:00", "2025-04-30T24:00:00", "x"])
    func otherTimesAreNil(text: String) {
        #expect(CivilTime.instant(text) == nil)
    }

    @Test(.enabled(if: Samples.has("otel-genai-captured/traces.otlp.jsonl"), "no shared data"))
    func realCapturedTraces() throws {
        let bytes = try #require(Samples.shared("otel-genai-captured/traces.otlp.jsonl"))
        let spans = try spans(bytes)
        #expect(spans.count == 19)
        #expect(spans.filter { $0.facts.role == .modelCall }.count == 10)
        #expect(spans.filter { $0.facts.role == .run }.count == 7)
        #expect(spans.filter { $0.facts.role == .toolCall }.count == 2)
        #expect(spans.reduce(0) { $0 + $1.facts.tokensIn } == 300)
    }

    @Test(.enabled(if: Samples.has("tau-bench/gpt-4o-airline-trials-0-1.json"), "no shared data"))
    func realTauBench() throws {
        let bytes = try #require(Samples.shared("tau-bench/gpt-4o-airline-trials-0-1.json"))
        let (source, requests) = try Trajectory.requests(from: bytes)
        #expect(source == .tauBench)
        #expect(requests.count == 100)
        let spans = try spans(bytes)
        #expect(spans.count == 100 + 1229 + 572)
        #expect(Set(spans.map(\.traceID)).count == 100)
        let roots = spans.filter { $0.facts.role == .run }
        #expect(roots.filter { $0.facts.outcome == .success }.count == 43)
    }

    @Test(.enabled(if: Samples.has("openhands/output.jsonl"), "no shared data"))
    func realOpenHands() throws {
        let bytes = try #require(Samples.shared("openhands/output.jsonl"))
        let (source, requests) = try Trajectory.requests(from: bytes)
        #expect(source == .openHands)
        #expect(requests.count == 3)
        let spans = try spans(bytes)
        #expect(spans.filter { $0.facts.role == .modelCall }.count == 105)
        #expect(spans.filter { $0.facts.role == .run }.map(\.facts.outcome)
            == [.success, .success, .failure])
        #expect(spans.filter { $0.facts.role == .toolCall }.count == 103)
    }
}
