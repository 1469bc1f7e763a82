"""OTLP requests made by hand: the smallest that say what a test needs."""

import os
import time

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest, ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


def attribute(name, value):
    kinds = {bool: "bool_value", int: "int_value", float: "double_value", str: "string_value",
             bytes: "bytes_value"}
    return KeyValue(key=name, value=AnyValue(**{kinds[type(value)]: value}))


def span(trace=None, **members):
    """A chat span of this moment with random ids; `attributes` is a dict."""
    now = time.time_ns()
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 12,
                  "gen_ai.usage.output_tokens": 3, **members.pop("attributes", {})}
    values = {"span_id": os.urandom(8), "name": "chat", "kind": 3,
              "start_time_unix_nano": now - 1_000_000, "end_time_unix_nano": now, **members}
    return Span(trace_id=trace or os.urandom(16), **values,
                attributes=[attribute(*pair) for pair in attributes.items()])


def request(*spans, service="end-to-end"):
    """One export request with these spans in one scope."""
    made = ExportTraceServiceRequest()
    resource = made.resource_spans.add()
    resource.resource.attributes.append(attribute("service.name", service))
    scope = resource.scope_spans.add()
    scope.scope.name = "tests"
    scope.spans.extend(spans)
    return made


def send(node, made, **headers):
    """Posts a request (a message or bytes) as protobuf."""
    body = made if isinstance(made, bytes) else made.SerializeToString()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return node.ask("POST", "/v1/traces", body, {**PROTOBUF, **named})


def rejected(answer):
    """The number of spans refused, from a protobuf answer of status 200."""
    assert answer.status == 200, (answer.status, answer.body[:300])
    assert answer.kind() == "application/x-protobuf"
    return ExportTraceServiceResponse.FromString(answer.body).partial_success


def recorded(node, trace):
    """The span ids that a run has; none where the node does not know the run."""
    answer = node.ask("GET", f"/v1/runs/{trace.hex()}?limit=500")
    if answer.status == 404:
        return []
    assert answer.status == 200, (answer.status, answer.body[:300])
    return sorted(each["operation"] for each in answer.json()["operations"])
