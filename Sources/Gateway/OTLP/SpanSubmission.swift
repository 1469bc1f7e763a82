// From a span, as Telemetry reads it, to what the node records.
import Node
import Records
import Telemetry

extension Submission {
    /// The submission that a span stands for; the payload is the span's own bytes.
    init(_ span: SpanView) {
        let facts = span.facts
        self.init(
            run: span.traceID, operation: span.spanID, agentName: facts.agent.name,
            name: span.name, payload: span.payload)
        agentVersion = facts.agent.version
        task = facts.task
        if let parent = span.parentSpanID { caller = parent }
        kind = RecordKind(rawValue: facts.role.rawValue) ?? .other
        outcome = Outcome(rawValue: facts.outcome.rawValue) ?? .partial
        start = span.start
        duration = span.end.nanoseconds(since: span.start)
        tokens = TokenCounts(
            input: facts.tokensIn, output: facts.tokensOut, cached: facts.tokensCached,
            reasoning: facts.tokensReasoning)
        compute = facts.computeNanoseconds
        memory = facts.memoryBytes
        cost = facts.cost
    }
}
