// What spans mean to a record, by vector and by table.
import Cryptography
import Primitives
import Testing

@testable import Telemetry

@Suite struct SpanFactsTests {
    private func vector() throws -> [SpanView] {
        try Samples.decode(Samples.vector("traces.json")).spans
    }

    private func facts(_ attributes: String, name: String = "x") throws -> SpanFacts {
        let request = try Samples.decode(
            Samples.text(["name": "\"\(name)\""], attributes: attributes))
        return try #require(request.spans.first).facts
    }

    private func text(_ key: String, _ value: String) -> String {
        #"{"key":"\#(key)","value":{"stringValue":"\#(value)"}}"#
    }

    private func number(_ key: String, _ value: String) -> String {
        #"{"key":"\#(key)","value":{"intValue":"\#(value)"}}"#
    }

    @Test func rolesOfTheVector() throws {
        #expect(
            try vector().map(\.facts.role) == [
                .run, .modelCall, .toolCall, .other, .modelCall, .handOff, .memory, .retrieval,
            ])
    }

    @Test func agentOfTheVector() throws {
        let spans = try vector()
        let planner = spans[0].facts.agent
        #expect(planner == AgentClaim(name: "planner", id: "asst_1", version: "3", source: .span))
        #expect(spans[3].facts.agent == AgentClaim(name: "shop", version: "2.1", source: .service))
        #expect(spans[4].facts.agent == AgentClaim(name: "from-resource", source: .resource))
        #expect(spans[0].facts.conversation == "conv-1")
        let digest = BLAKE3.hash(Array("task-7".utf8))
        #expect(spans[0].facts.task == TaskID(Array(digest.bytes.prefix(16))))
        #expect(spans[1].facts.task.isZero)
    }

    /// 64 digits name a task of the ledger, in records by the first half.
    @Test func aTaskOfTheLedgerIsNamedAsItIs() throws {
        let digits = String(repeating: "0123456789abcdef", count: 4)
        let named = try facts(text("task.id", digits)).task
        #expect(named == TaskID(hex: String(digits.prefix(32))))
        for other in [digits.uppercased(), String(digits.dropLast()), digits + "0"] {
            let digest = BLAKE3.hash(Array(other.utf8))
            let task = try facts(text("task.id", other)).task
            #expect(task == TaskID(Array(digest.bytes.prefix(16))), "\(other)")
        }
    }

    @Test func modelCallOfTheVector() throws {
        let facts = try vector()[1].facts
        #expect(facts.tokensIn == 1200)
        #expect(facts.tokensOut == 340)
        #expect(facts.tokensCached == 1000)
        #expect(facts.tokensReasoning == 40)
        #expect(facts.cost.nanoCredits == 1_230_000)
        #expect(facts.model == "gpt-4o-mini-2024-07-18")
        #expect(facts.provider == "openai")
        #expect(facts.outcome == .partial)
    }

    @Test func legacyModelCallOfTheVector() throws {
        let facts = try vector()[4].facts
        #expect(facts.tokensIn == 40)
        #expect(facts.tokensCached == 30)
        #expect(facts.tokensOut == 4)
        #expect(facts.model == "claude")
        #expect(facts.conversation == "s-1")
        #expect(facts.computeNanoseconds == 500_000_000)
        #expect(facts.memoryBytes == 4096)
    }

    @Test func spanFieldsOfTheVector() throws {
        let spans = try vector()
        #expect(spans[0].parentSpanID == nil)
        #expect(spans[1].parentSpanID == spans[0].spanID)
        #expect(spans[1].links == [SpanLink(traceID: spans[0].traceID, spanID: spans[0].spanID)])
        #expect(spans[1].kind == 3)
        #expect(spans[1].end.nanoseconds(since: spans[1].start) == 1_500_000_000)
        #expect(spans[2].status == SpanStatus(code: 2, message: "timed out"))
        #expect(spans[2].facts.outcome == .failure)
        #expect(spans[2].facts.tool == "search")
        #expect(spans[2].scopeName == "made.by.hand")
        #expect(spans.map(\.index) == Array(0..<8))
    }

    @Test(arguments: [
        ("chat", SpanRole.modelCall), ("text_completion", .modelCall),
        ("generate_content", .modelCall), ("embeddings", .modelCall), ("invoke_agent", .run),
        ("invoke_workflow", .run), ("execute_tool", .toolCall), ("handoff", .handOff),
        ("retrieval", .retrieval), ("create_memory", .memory), ("delete_memory_store", .memory),
        ("create_agent", .other), ("plan", .other), ("something_else", .other),
    ])
    func operationsDecideTheRole(operation: String, role: SpanRole) throws {
        #expect(try facts(text("gen_ai.operation.name", operation)).role == role)
    }

    @Test(arguments: [
        ("openinference.span.kind", "TOOL", SpanRole.toolCall),
        ("openinference.span.kind", "AGENT", .run), ("openinference.span.kind", "CHAIN", .other),
        ("openinference.span.kind", "RETRIEVER", .retrieval), ("traceloop.span.kind", "tool",
            .toolCall), ("langfuse.observation.type", "generation", .modelCall),
        ("gen_ai.operation.type", "handoff", .handOff), ("mcp.method.name", "tools/call",
            .toolCall), ("mcp.method.name", "tools/list", .other), ("a2a.task.state", "x",
            .handOff), ("gen_ai.retrieval.query.text", "x", .retrieval),
        ("gen_ai.memory.store.id", "x", .memory), ("gen_ai.tool.name", "x", .toolCall),
        ("gen_ai.request.model", "x", .modelCall), ("db.system", "postgresql", .other),
    ])
    func otherAttributesDecideTheRole(key: String, value: String, role: SpanRole) throws {
        #expect(try facts(text(key, value)).role == role)
    }

    @Test(arguments: ["Handoff: A to B", "hand-off", "hand_off", "HANDOFF"])
    func namesShowHandOffs(name: String) throws {
        #expect(try facts("", name: name).role == .handOff)
    }

    @Test(arguments: [
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens",
        "llm.token_count.prompt",
    ])
    func everyDialectOfInputTokens(key: String) throws {
        #expect(try facts(number(key, "7")).tokensIn == 7)
    }

    @Test(arguments: [
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
        "llm.usage.completion_tokens", "llm.token_count.completion",
    ])
    func everyDialectOfOutputTokens(key: String) throws {
        #expect(try facts(number(key, "7")).tokensOut == 7)
    }

    @Test func currentNamesWinOverLegacyOnes() throws {
        let both = [
            number("gen_ai.usage.prompt_tokens", "1"), number("gen_ai.usage.input_tokens", "2"),
            number("llm.token_count.prompt", "3"),
        ]
        #expect(try facts(both.joined(separator: ",")).tokensIn == 2)
        #expect(try facts(both.reversed().joined(separator: ",")).tokensIn == 2)
    }

    @Test(arguments: [
        (#"{"doubleValue":0.0035475000000000003}"#, 3_547_500),
        (#"{"doubleValue":0.1}"#, 100_000_000), (#"{"doubleValue":1e-9}"#, 1),
        (#"{"doubleValue":4e-10}"#, 0), (#"{"doubleValue":2.5e-9}"#, 3),
        (#"{"intValue":"3"}"#, 3_000_000_000), (#"{"stringValue":"0.000000001"}"#, 1),
        (#"{"stringValue":"1.2e-3"}"#, 1_200_000), (#"{"stringValue":"0.0000000005"}"#, 0),
        (#"{"stringValue":"0.0000000015"}"#, 2),
    ] as [(String, UInt128)])
    func costs(value: String, nano: UInt128) throws {
        let attribute = #"{"key":"gen_ai.usage.cost","value":\#(value)}"#
        #expect(try facts(attribute).cost.nanoCredits == nano)
    }

    @Test func costDetailsOfLangfuse() throws {
        let key = "langfuse.observation.cost_details"
        #expect(try facts(text(key, #"{\"total\": 0.002}"#)).cost.nanoCredits == 2_000_000)
        #expect(try facts(text(key, "no json")).cost == .zero)
    }

    @Test(arguments: [
        ("[\\\"stop\\\"]", SpanOutcome.success), ("length", .partial), ("MAX_TOKENS", .partial),
        ("[\\\"content_filter\\\"]", .partial), ("lengthy", .success), ("", .success),
    ])
    func finishReasons(text value: String, outcome: SpanOutcome) throws {
        #expect(try facts(text("gen_ai.response.finish_reasons", value)).outcome == outcome)
    }

    @Test func longDisplayTextIsCutBetweenCharacters() throws {
        let long = String(repeating: "é", count: 200)
        let facts = try facts(text("gen_ai.request.model", long))
        #expect(facts.model == String(repeating: "é", count: 128))
    }
}
