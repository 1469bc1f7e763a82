"""Makes OTLP/JSON export requests: the agent runs that the dashboard's tests look at."""

import hashlib
import json
import time

SECOND = 1_000_000_000


def identifier(label, digits):
    return hashlib.sha256(label.encode()).hexdigest()[:digits]


def value(raw):
    if isinstance(raw, bool):
        return {"boolValue": raw}
    if isinstance(raw, int):
        return {"intValue": str(raw)}
    if isinstance(raw, float):
        return {"doubleValue": raw}
    if isinstance(raw, list):
        return {"arrayValue": {"values": [value(each) for each in raw]}}
    return {"stringValue": raw}


def attributes(pairs):
    return [{"key": key, "value": value(raw)} for key, raw in pairs.items()]


class Trace:
    """One run. Steps are added in order; times are seconds after the start of the run."""

    def __init__(self, label, agent, start=None):
        self.run = identifier(f"{label} {time.time_ns()}", 32)
        self.agent = agent
        self.start = start or time.time_ns() - 20 * SECOND
        self.spans = []

    def step(self, name, caller=None, at=0.0, lasts=1.0, failed=False, **known):
        """Adds a span and returns its id. `known`: operation, tokens (in, out), cost, model,
        tool, more (attributes)."""
        span = identifier(f"{self.run} {len(self.spans)}", 16)
        pairs = {"gen_ai.agent.name": known.get("agent", self.agent),
                 "gen_ai.operation.name": known.get("operation", "invoke_agent")}
        if "tokens" in known:
            pairs["gen_ai.usage.input_tokens"], pairs["gen_ai.usage.output_tokens"] = (
                known["tokens"])
        if "model" in known:
            pairs["gen_ai.request.model"] = known["model"]
            pairs["gen_ai.provider.name"] = "openai"
        if "tool" in known:
            pairs["gen_ai.tool.name"] = known["tool"]
        if "cost" in known:
            pairs["gen_ai.usage.cost"] = known["cost"]
        pairs.update(known.get("more", {}))
        begin = self.start + int(at * SECOND)
        self.spans.append({
            "traceId": self.run, "spanId": span, "name": name, "kind": 1,
            "startTimeUnixNano": str(begin),
            "endTimeUnixNano": str(begin + int(lasts * SECOND)),
            "attributes": attributes(pairs),
            "status": {"code": 2, "message": "it failed"} if failed else {},
            **({"parentSpanId": caller} if caller else {})})
        return span

    def request(self):
        return {"resourceSpans": [{
            "resource": {"attributes": attributes({"service.name": self.agent})},
            "scopeSpans": [{"scope": {"name": "dashboard.tests", "version": "1"},
                            "spans": self.spans}]}]}


def conversation(*pairs):
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}
                       for role, text in pairs])


HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"


def journey(label="journey", agent="travel-planner"):
    """Nine steps: model calls, tools, retrieval, memory, a hand-off and a failure."""
    trace = Trace(label, agent)
    model = {"model": "gpt-4o-mini", "operation": "chat"}
    root = trace.step("invoke_agent travel-planner", lasts=9.4)
    trace.step("chat gpt-4o-mini", root, 0.1, 1.9, tokens=(812, 96), cost=0.0021, **model, more={
        "gen_ai.usage.cache_read.input_tokens": 512,
        "gen_ai.input.messages": conversation(
            ("system", "You plan journeys."), ("user", f"Reykjavík in June? {HOSTILE}")),
        "gen_ai.output.messages": conversation(("assistant", "Let me look at the weather."))})
    trace.step("execute_tool weather", root, 2.1, 0.8, operation="execute_tool", tool="weather",
               more={"gen_ai.tool.call.arguments": '{"place":"Reykjavík","month":6}'})
    trace.step("retrieve guides", root, 3.0, 0.35, operation="retrieval")
    trace.step("search_memory", root, 3.4, 0.05, operation="search_memory")
    desk = trace.step("invoke_agent booking-desk", root, 3.6, 5.1, agent="booking-desk")
    trace.step("chat gpt-4o", desk, 3.7, 2.6, tokens=(1420, 233), cost=0.00588, model="gpt-4o",
               operation="chat", agent="booking-desk")
    trace.step("execute_tool reserve", desk, 6.4, 1.9, operation="execute_tool", tool="reserve",
               agent="booking-desk", failed=True, more={"error.type": "sold_out"})
    trace.step("chat gpt-4o-mini", root, 8.8, 0.55, tokens=(1688, 121), cost=0.0031, **model)
    return trace


def small(number, agent="clerk"):
    """A run of two steps, for long lists."""
    trace = Trace(f"small {number}", agent, time.time_ns() - (120 + number) * SECOND)
    root = trace.step(f"answer question {number}", lasts=0.9)
    trace.step("chat gpt-4o-mini", root, 0.05, 0.7, operation="chat", model="gpt-4o-mini",
               tokens=(300 + number, 20), cost=0.0001)
    return trace
