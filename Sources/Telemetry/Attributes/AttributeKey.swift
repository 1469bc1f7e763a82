// The attribute keys that mean something to a record, of all dialects, found by a hash.
//
// Sources: OpenTelemetry GenAI semantic conventions, current (semantic-conventions-genai) and up to
// 1.36; OpenInference; OpenLLMetry (traceloop); Langfuse; Vercel AI SDK; Sentry; Pydantic AI.

/// What an attribute is read for.
enum AttributeRole: UInt8 {
    case tokensIn, tokensOut, tokensCached, tokensReasoning
    case cost, costDetails, cpuTime, memory
    case agentID, agentName, agentVersion, serviceName, serviceVersion, task, conversation
    case model, provider, tool
    case operation, kindHint, mcpMethod, dbSystem
    case errorType, finishReason

    /// True for what a resource may say for all its spans.
    var isIdentity: Bool {
        switch self {
        case .agentID, .agentName, .agentVersion, .serviceName, .serviceVersion, .task,
            .conversation:
            true
        default: false
        }
    }
}

/// One key; of several keys for one role the lowest rank wins.
struct AttributeKey {
    var text: StaticString
    var role: AttributeRole
    var rank: UInt8
}

/// Finds keys by a hash of their length and last eight bytes.
struct AttributeTable: Sendable {
    static let shared = AttributeTable()

    private static let slotBits: UInt64 = 9
    private var slots: [UInt8]
    private var keys: [AttributeKey] = []

    private init() {
        slots = [UInt8](repeating: 0, count: 1 << Int(AttributeTable.slotBits))
        for (role, names) in AttributeTable.names {
            for (rank, text) in names.enumerated() {
                keys.append(AttributeKey(text: text, role: role, rank: UInt8(rank)))
                var slot = AttributeTable.slot(
                    UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
                while slots[slot] != 0 { slot = (slot + 1) % slots.count }
                slots[slot] = UInt8(keys.count)
            }
        }
    }

    /// The entry of that key, nil where it means nothing here.
    func find(_ key: UnsafeRawBufferPointer) -> AttributeKey? {
        guard key.count >= 6, key.count <= 48 else { return nil }
        var slot = AttributeTable.slot(key)
        while slots[slot] != 0 {
            let entry = keys[Int(slots[slot]) - 1]
            if AttributeTable.matches(key, entry.text) { return entry }
            slot = (slot + 1) % slots.count
        }
        return nil
    }

    private static func slot(_ key: UnsafeRawBufferPointer) -> Int {
        var word = UInt64(key.count)
        if key.count >= 8 {
            word ^= key.loadUnaligned(fromByteOffset: key.count - 8, as: UInt64.self)
        } else {
            for byte in key { word = word << 8 ^ UInt64(byte) }
        }
        return Int((word &* 0x9E37_79B9_7F4A_7C15) >> (64 - slotBits))
    }

    static func matches(_ key: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard key.count == text.utf8CodeUnitCount else { return false }
        let other = UnsafeRawBufferPointer(start: text.utf8Start, count: key.count)
        var offset = 0
        while offset + 8 <= key.count {
            let left = key.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard left == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
                return false
            }
            offset += 8
        }
        while offset < key.count {
            guard key[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// For each role its keys, the preferred one first.
    private static let names: [(AttributeRole, [StaticString])] = [
        (
            .tokensIn,
            [
                "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
                "llm.usage.prompt_tokens", "llm.usage.input_tokens", "llm.token_count.prompt",
                "ai.usage.promptTokens", "ai.usage.inputTokens",
            ]
        ),
        (
            .tokensOut,
            [
                "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
                "llm.usage.completion_tokens", "llm.usage.output_tokens",
                "llm.token_count.completion", "ai.usage.completionTokens",
                "ai.usage.outputTokens",
            ]
        ),
        (
            .tokensCached,
            [
                "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
                "gen_ai.usage.cached_tokens", "gen_ai.usage.input_tokens.cached",
                "gen_ai.usage.details.cache_read_input_tokens",
                "gen_ai.usage.details.cache_read_tokens", "gen_ai.usage.details.cached_tokens",
                "llm.usage.cache_read_input_tokens", "llm.token_count.prompt_details.cache_read",
                "ai.usage.cachedInputTokens",
            ]
        ),
        (
            .tokensReasoning,
            [
                "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
                "gen_ai.usage.output_tokens.reasoning", "gen_ai.usage.details.reasoning_tokens",
                "llm.usage.reasoning_tokens", "llm.token_count.completion_details.reasoning",
                "ai.usage.reasoningTokens",
            ]
        ),
        (
            .cost,
            [
                "gen_ai.usage.cost", "gen_ai.usage.cost_usd", "gen_ai.usage.total_cost",
                "gen_ai.usage.cost.total", "gen_ai.cost.total", "gen_ai.cost.total_cost",
                "gen_ai.cost.total_usd", "gen_ai.cost.usd", "gen_ai.cost.total_tokens",
                "llm.usage.cost", "llm.usage.total_cost", "llm.cost.total", "llm.cost.usd",
            ]
        ),
        (.costDetails, ["langfuse.observation.cost_details"]),
        (.cpuTime, ["process.cpu.time"]),
        (.memory, ["process.memory.usage"]),
        (.agentID, ["gen_ai.agent.id", "agent.id"]),
        (.agentName, ["gen_ai.agent.name", "agent.name"]),
        (.agentVersion, ["gen_ai.agent.version", "agent.version"]),
        (.serviceName, ["service.name"]),
        (.serviceVersion, ["service.version"]),
        (.task, ["gen_ai.task.id", "task.id", "gen_ai.agent.task.id"]),
        (
            .conversation,
            ["gen_ai.conversation.id", "session.id", "langfuse.session.id"]
        ),
        (
            .model,
            [
                "gen_ai.response.model", "gen_ai.request.model", "llm.response.model",
                "llm.request.model", "llm.model_name", "embedding.model_name", "ai.model.id",
            ]
        ),
        (
            .provider,
            [
                "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system",
                "llm.vendor", "ai.model.provider",
            ]
        ),
        (.tool, ["gen_ai.tool.name", "tool.name", "mcp.tool.name"]),
        (.operation, ["gen_ai.operation.name"]),
        (
            .kindHint,
            [
                "openinference.span.kind", "traceloop.span.kind", "gen_ai.operation.type",
                "langfuse.observation.type", "llm.request.type", "ag2.span.type",
            ]
        ),
        (.mcpMethod, ["mcp.method.name"]),
        (.dbSystem, ["db.system.name", "db.system"]),
        (.errorType, ["error.type"]),
        (
            .finishReason,
            [
                "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason",
                "llm.response.finish_reason", "ai.response.finishReason",
            ]
        ),
    ]
}
