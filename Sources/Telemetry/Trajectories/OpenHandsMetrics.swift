// What OpenHands measured for each model response: tokens, latency, cost.
import JSON
import Primitives

/// The figures of one response; nil where the recording has none.
struct ResponseUsage {
    var tokensIn: Int64?
    var tokensOut: Int64?
    var tokensCached: Int64?
    var latencyNanoseconds: UInt64?
    var cost: Double?

    func write(to span: inout SpanText) {
        span.set("gen_ai.usage.input_tokens", ifPresent: tokensIn)
        span.set("gen_ai.usage.output_tokens", ifPresent: tokensOut)
        span.set("gen_ai.usage.cache_read.input_tokens", ifPresent: tokensCached)
        if let cost, cost > 0 { span.set("gen_ai.usage.cost", .double(cost)) }
    }
}

/// Looks figures up by the id of the response.
struct OpenHandsMetrics {
    private let latencies: [JSONNode]
    private let usages: [JSONNode]
    /// The sum of costs after the response before.
    private var accumulated = 0.0

    init(_ metrics: JSONNode?) {
        latencies = metrics?["response_latencies"]?.elements.map { $0 } ?? []
        usages = metrics?["token_usages"]?.elements.map { $0 } ?? []
    }

    /// The figures of `response`; `event` carries the sum of costs up to and with it.
    mutating func usage(of response: JSONNode, in event: JSONNode) -> ResponseUsage {
        var result = ResponseUsage()
        let id = response["id"]?.string ?? ""
        let counted = usages.first { $0["response_id"]?.isString(id) == true }
        let stated = response["usage"]
        result.tokensIn = (counted ?? stated)?["prompt_tokens"]?.integer()
        result.tokensOut = (counted ?? stated)?["completion_tokens"]?.integer()
        result.tokensCached =
            counted?["cache_read_tokens"]?.integer()
            ?? stated?["prompt_tokens_details"]?["cached_tokens"]?.integer()
        let latency = latencies.first { $0["response_id"]?.isString(id) == true }?["latency"]
        if let seconds = latency?.number?.double, seconds >= 0, seconds < 86_400 {
            result.latencyNanoseconds = UInt64(seconds * 1e9)
        }
        if let sum = event["llm_metrics"]?["accumulated_cost"]?.number?.double {
            result.cost = max(0, sum - accumulated)
            accumulated = max(sum, accumulated)
        }
        return result
    }
}
