"""Spans for hand-offs, which the published instrumentation of the Agents SDK leaves out."""

from agents.tracing import TracingProcessor
from agents.tracing.span_data import HandoffSpanData
from opentelemetry.trace import SpanKind


class HandOffSpans(TracingProcessor):
    """One span for each hand-off, from its start to its end."""

    def __init__(self, tracer):
        self.tracer, self.open = tracer, {}

    def on_span_start(self, span):
        if isinstance(span.span_data, HandoffSpanData):
            self.open[span.span_id] = self.tracer.start_span("handoff", kind=SpanKind.INTERNAL)

    def on_span_end(self, span):
        ours = self.open.pop(span.span_id, None)
        if ours is None:
            return
        hand = span.span_data
        ours.update_name(f"handoff {hand.from_agent} to {hand.to_agent}")
        ours.set_attributes({
            "gen_ai.operation.name": "handoff", "gen_ai.provider.name": "openai",
            "gen_ai.agent.name": hand.from_agent, "gen_ai.handoff.target.agent.name": hand.to_agent,
        })
        ours.end()

    def on_trace_start(self, trace):
        pass

    def on_trace_end(self, trace):
        pass

    def shutdown(self):
        pass

    def force_flush(self):
        pass
