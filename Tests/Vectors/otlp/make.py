# Makes the vectors of this folder: each message once in protobuf (hex) and once as OTLP/JSON.
#
# Needs `pip install opentelemetry-proto` (1.x); run it in this folder. The messages are our own; the
# protobuf bytes are what the official classes serialise, so that our reader is held against them.
import base64
import json

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TRACE = "5b8efff798038103d269b633813fc60c"
START = 1_790_000_000_000_000_000


def attribute(key, **value):
    return {"key": key, "value": value}


def text(key, value):
    return attribute(key, stringValue=value)


def number(key, value):
    return attribute(key, intValue=str(value))


def span(number_, name, parent, seconds, attributes, **more):
    made = {
        "traceId": TRACE,
        "spanId": f"eee19b7ec3c1b17{number_}",
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(START + number_ * 10**9),
        "endTimeUnixNano": str(START + number_ * 10**9 + int(seconds * 10**9)),
        "attributes": attributes,
    }
    if parent is not None:
        made["parentSpanId"] = f"eee19b7ec3c1b17{parent}"
    made.update(more)
    return made


CHAT = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "openai"),
    text("gen_ai.request.model", "gpt-4o-mini"),
    text("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
    number("gen_ai.usage.input_tokens", 1200),
    number("gen_ai.usage.output_tokens", 340),
    number("gen_ai.usage.cache_read.input_tokens", 1000),
    number("gen_ai.usage.reasoning.output_tokens", 40),
    attribute("gen_ai.usage.cost", doubleValue=0.00123),
    attribute("gen_ai.response.finish_reasons",
              arrayValue={"values": [{"stringValue": "stop"}, {"stringValue": "length"}]}),
    text("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"content\":\"Grüße 🜁\\n\"}]}]"),
]
NESTED = attribute("nested", kvlistValue={"values": [
    attribute("deep", arrayValue={"values": [
        {"boolValue": True}, {"intValue": "-5"}, {"doubleValue": 1.5},
        {"bytesValue": "AAECAw=="}, {"kvlistValue": {"values": [text("k", "v")]}}]})]})
TRACES = {"resourceSpans": [
    {
        "resource": {"attributes": [text("service.name", "shop"), text("service.version", "2.1")],
                     "droppedAttributesCount": 1},
        "schemaUrl": "https://opentelemetry.io/schemas/1.37.0",
        "scopeSpans": [
            {
                "scope": {"name": "made.by.hand", "version": "1", "attributes": [text("a", "b")]},
                "schemaUrl": "https://opentelemetry.io/schemas/1.36.0",
                "spans": [
                    span(1, "invoke_agent planner", None, 9, [
                        text("gen_ai.operation.name", "invoke_agent"),
                        text("gen_ai.agent.name", "planner"), text("gen_ai.agent.id", "asst_1"),
                        text("gen_ai.agent.version", "3"), text("gen_ai.task.id", "task-7"),
                        text("gen_ai.conversation.id", "conv-1")],
                        status={"code": 1}, flags=256, traceState="vendor=1"),
                    span(2, "chat gpt-4o-mini", 1, 1.5, CHAT + [NESTED], kind=3,
                         links=[{"traceId": TRACE, "spanId": "eee19b7ec3c1b171", "flags": 1,
                                 "attributes": [text("why", "prompt")]}]),
                    span(3, "execute_tool search", 1, 0.25, [
                        text("gen_ai.operation.name", "execute_tool"),
                        text("gen_ai.tool.name", "search"), text("error.type", "timeout")],
                        status={"code": 2, "message": "timed out"}, droppedEventsCount=2,
                        events=[{"timeUnixNano": str(START + 3 * 10**9), "name": "exception",
                                 "attributes": [text("exception.type", "Timeout")]}]),
                ],
            },
            {"spans": [span(4, "GET /", None, 0, [], kind=2)]},
        ],
    },
    {
        "resource": {"attributes": [text("gen_ai.agent.name", "from-resource")]},
        "scopeSpans": [{"scope": {"name": "legacy"}, "spans": [
            span(5, "llm", 1, 1, [
                text("openinference.span.kind", "LLM"), text("llm.model_name", "claude"),
                number("llm.token_count.prompt", 10), number("llm.token_count.completion", 4),
                number("llm.token_count.prompt_details.cache_read", 30),
                text("session.id", "s-1"), attribute("process.cpu.time", doubleValue=0.5),
                number("process.memory.usage", 4096)]),
            span(6, "handoff to billing", 1, 1, []),
            span(7, "memory", 1, 1, [text("gen_ai.operation.name", "search_memory")]),
            span(8, "query", 1, 1, [text("db.system.name", "qdrant")]),
        ]}],
    },
]}
POINT = {"timeUnixNano": str(START), "asInt": "5", "attributes": [text("a", "b")]}
METRICS = {"resourceMetrics": [{"resource": {"attributes": [text("service.name", "shop")]},
                                "scopeMetrics": [{"scope": {"name": "m"}, "metrics": [
    {"name": "calls", "unit": "1", "sum": {"dataPoints": [POINT, POINT], "isMonotonic": True,
                                           "aggregationTemporality": 2}},
    {"name": "load", "gauge": {"dataPoints": [{"timeUnixNano": str(START), "asDouble": 0.5}]}},
    {"name": "latency", "histogram": {"aggregationTemporality": 2, "dataPoints": [
        {"timeUnixNano": str(START), "count": "2", "sum": 3.0, "bucketCounts": ["1", "1"],
         "explicitBounds": [1.0]}]}}]}]}]}
LOGS = {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {"name": "l"}, "logRecords": [
    {"timeUnixNano": str(START), "severityNumber": 9, "severityText": "INFO",
     "body": {"stringValue": "hello"}, "traceId": TRACE, "spanId": "eee19b7ec3c1b171"},
    {"timeUnixNano": str(START), "body": {"intValue": "3"}}]}]}]}


def fill(message, value):
    """Copies OTLP/JSON into a message: ids are hexadecimal, everything else as in proto3 JSON."""
    by_name = {field.json_name: field for field in message.DESCRIPTOR.fields}
    for name, item in value.items():
        field = by_name[name]
        if field.message_type is None:
            set_plain(message, field, item)
        elif isinstance(item, list):
            for element in item:
                fill(getattr(message, field.name).add(), element)
        else:
            getattr(message, field.name).SetInParent()
            fill(getattr(message, field.name), item)


def set_plain(message, field, item):
    if isinstance(item, list):
        getattr(message, field.name).extend(plain(field, element) for element in item)
    else:
        setattr(message, field.name, plain(field, item))


def plain(field, item):
    if field.type == field.TYPE_BYTES:
        return bytes.fromhex(item) if field.json_name.endswith("Id") else base64.b64decode(item)
    if field.cpp_type in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64):
        return int(item)
    return item


for file, message, value in (("traces", ExportTraceServiceRequest(), TRACES),
                             ("metrics", ExportMetricsServiceRequest(), METRICS),
                             ("logs", ExportLogsServiceRequest(), LOGS)):
    fill(message, value)
    with open(f"{file}.hex", "w") as out:
        out.write(message.SerializeToString(deterministic=True).hex() + "\n")
    with open(f"{file}.json", "w") as out:
        json.dump(value, out, ensure_ascii=False, indent=1)
        out.write("\n")
