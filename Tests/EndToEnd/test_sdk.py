"""The Python OpenTelemetry SDK sends a run to a node; it comes out span for span, with receipts."""

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, Status, StatusCode
from receipts import accepted, refused_alike


@pytest.fixture(scope="module", params=["plain", "gzip"])
def sent(request, node):
    """The spans of one agent run, as the SDK encodes them, by span id in hex."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create(
        {"service.name": "sdk-test", "service.version": "1.2", "deployment.zone": "é"}))
    squeeze = Compression.Gzip if request.param == "gzip" else Compression.NoCompression
    exporter = OTLPSpanExporter(endpoint=node.url + "/v1/traces", compression=squeeze)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=4))
    agent_run(provider.get_tracer("sdk-test", "0.1", schema_url="https://schema.example/1"))
    assert provider.force_flush()
    provider.shutdown()
    finished = kept.get_finished_spans()
    return {f"{each.context.span_id:016x}": alone(each) for each in finished}


def alone(span):
    """The ResourceSpans message that holds this span and nothing else."""
    return encode_spans([span]).resource_spans[0]


def agent_run(tracer):
    """A run with two model calls, a tool that fails, and a link."""
    root_facts = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Scout"}
    with tracer.start_as_current_span("invoke_agent Scout", attributes=root_facts) as root:
        for number in range(2):
            with tracer.start_as_current_span(f"chat {number}", attributes={
                "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-6",
                "gen_ai.usage.input_tokens": 100 + number, "gen_ai.usage.output_tokens": 7,
                "gen_ai.input.messages": "[" + "\u2028\U0001f9ea" * 200 + "]",
            }, links=[Link(root.get_span_context(), {"why": "test"})]) as chat:
                chat.add_event("first token", {"index": number})
        tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "dig"}
        with tracer.start_as_current_span("execute_tool dig", attributes=tool) as span:
            span.set_attribute("values", [1.5, -0.0, 2.0])
            span.set_status(Status(StatusCode.ERROR, "no spade"))


def trace_of(sent):
    return next(iter(sent.values())).scope_spans[0].spans[0].trace_id.hex()


def test_every_span_is_an_operation_of_the_run(node, sent):
    found = {each["operation"]: each for each in node.operations(trace_of(sent))}
    assert set(found) == set(sent)
    for identifier, message in sent.items():
        span = message.scope_spans[0].spans[0]
        shown = found[identifier]
        assert shown["caller"] == (span.parent_span_id.hex() or "00" * 8)
        assert shown["start"] == str(span.start_time_unix_nano)
        duration = span.end_time_unix_nano - span.start_time_unix_nano
        assert shown["duration"] == str(duration)
        assert shown["name"] == span.name


def test_kinds_tokens_and_outcomes(node, sent):
    found = node.operations(trace_of(sent))
    assert sorted(each["kind"] for each in found) == ["modelCall", "modelCall", "run", "toolCall"]
    calls = [each for each in found if each["kind"] == "modelCall"]
    assert sorted(each["tokens"]["input"] for each in calls) == ["100", "101"]
    assert [each["tokens"]["output"] for each in calls] == ["7", "7"]
    assert [each["outcome"] for each in found if each["kind"] == "toolCall"] == ["failure"]
    run = node.get(f"/v1/runs/{trace_of(sent)}")
    assert (run["records"], run["tokens"]["input"], run["tokens"]["output"]) == (4, "201", "14")


def test_payloads_decode_to_the_same_spans(node, sent):
    for identifier, message in sent.items():
        answer = node.ask("GET", f"/v1/records/{trace_of(sent)}:{identifier}/payload")
        assert answer.status == 200
        assert answer.kind() == "application/x-protobuf"
        kept = ResourceSpans.FromString(answer.body)
        assert kept.resource == message.resource
        assert kept.schema_url == message.schema_url
        assert kept.scope_spans[0] == message.scope_spans[0]
        assert len(kept.scope_spans) == 1


def test_receipts_are_accepted_by_both_verifiers(node, sent, tmp_path):
    chain = bytes.fromhex(node.get("/v1/genesis")["chain"])
    for identifier in sent:
        name = f"{trace_of(sent)}:{identifier}"
        receipt = node.receipt(name)
        payload = node.ask("GET", f"/v1/records/{name}/payload").body
        accepted(receipt, tmp_path, chain, payload)


def test_spoiled_receipts_are_refused_alike(node, sent, tmp_path):
    receipt = node.receipt(f"{trace_of(sent)}:{next(iter(sent))}")
    parts = {refused_alike(receipt, tmp_path, seed) for seed in range(40)}
    assert len(parts) >= 4, parts


def test_another_chain_and_payload_are_refused(node, sent, tmp_path):
    from receipts import ours
    receipt = node.receipt(f"{trace_of(sent)}:{next(iter(sent))}")
    assert ours(receipt, tmp_path, chain=bytes(32)) == "genesis"
    assert ours(receipt, tmp_path, payload=b"another") == "payload"


def test_the_same_spans_again_are_recorded_once(node, sent):
    before = node.get("/v1/status")["spans"]
    for message in sent.values():
        body = b"\x0a" + varint(message.ByteSize()) + message.SerializeToString()
        answer = node.ask(
            "POST", "/v1/traces", body, {"Content-Type": "application/x-protobuf"})
        assert answer.status == 200
    after = node.get("/v1/status")["spans"]
    assert len(node.operations(trace_of(sent))) == len(sent)
    assert after["recorded"] == before["recorded"]
    assert int(after["duplicates"]) - int(before["duplicates"]) == len(sent)


def varint(value):
    encoded = b""
    while value > 0x7F:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])


def test_search_finds_the_run(node, sent):
    for text in (trace_of(sent), trace_of(sent)[:8]):
        found = node.get(f"/v1/search?q={text}")["items"]
        assert ("run", trace_of(sent)) in [(each["kind"], each["id"]) for each in found]


def test_answers_carry_a_correlation_id(node):
    answers = [node.ask("GET", path) for path in ("/v1/status", "/v1/runs/zz", "/absent")]
    identifiers = [each.headers["x-correlation-id"] for each in answers]
    assert len(set(identifiers)) == 3
    for answer, identifier in zip(answers[1:], identifiers[1:]):
        assert answer.kind() == "application/problem+json"
        assert answer.json()["instance"] == identifier
        assert answer.json()["status"] == answer.status
