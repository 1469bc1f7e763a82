"""Spans that are refused alone, in a request whose other spans are recorded."""

import os
import time

import pytest
from spans import JSON, PROTOBUF, recorded, rejected, request, send, span

HOUR = 3_600_000_000_000
MEGABYTE = 1 << 20


def spoilt(**members):
    return lambda: span(**members)


def with_time(start, end):
    now = time.time_ns()
    return span(start_time_unix_nano=now + start, end_time_unix_nano=now + end)


REFUSED = {
    "trace id of 15 bytes": spoilt(trace=os.urandom(15)),
    "trace id of 17 bytes": spoilt(trace=os.urandom(17)),
    "trace id of zeros": spoilt(trace=bytes(16)),
    "no span id": spoilt(span_id=b""),
    "span id of 7 bytes": spoilt(span_id=os.urandom(7)),
    "span id of 9 bytes": spoilt(span_id=os.urandom(9)),
    "span id of zeros": spoilt(span_id=bytes(8)),
    "parent id of 7 bytes": spoilt(parent_span_id=os.urandom(7)),
    "end before start": lambda: with_time(0, -1),
    "an hour ahead": lambda: with_time(HOUR, HOUR + 1),
    "at the end of time": spoilt(start_time_unix_nano=2**64 - 2, end_time_unix_nano=2**64 - 1),
    "no start": spoilt(start_time_unix_nano=0),
    "in 1999": spoilt(start_time_unix_nano=946_684_799 * 10**9,
                      end_time_unix_nano=946_684_799 * 10**9 + 1),
    "negative tokens": spoilt(attributes={"gen_ai.usage.input_tokens": -1}),
    "least tokens": spoilt(attributes={"gen_ai.usage.output_tokens": -2**63}),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_refused_alone(node, fault):
    good = os.urandom(16)
    first, last = span(good), span(good)
    answer = send(node, request(first, REFUSED[fault](), last))
    refusal = rejected(answer)
    assert refusal.rejected_spans == 1
    assert len(refusal.error_message) > 8
    assert recorded(node, good) == sorted([first.span_id.hex(), last.span_id.hex()])


def raw_span(extra):
    """A good span with bytes of our own at its end, as a whole request, and its trace."""
    trace = os.urandom(16)
    body = span(trace).SerializeToString() + extra
    for tag in (b"\x12", b"\x12", b"\x0a"):
        body = tag + length(body) + body
    return trace, body


def length(body):
    value, encoded = len(body), b""
    while value > 0x7F:
        encoded, value = encoded + bytes([value & 0x7F | 0x80]), value >> 7
    return encoded + bytes([value])


def test_invalid_utf8_in_a_name(node):
    trace, body = raw_span(b"\x2a\x02\xff\xfe")
    answer = send(node, body)
    if answer.status == 200:
        assert rejected(answer).rejected_spans == 1
    else:
        assert answer.status == 400
    assert recorded(node, trace) == []


def test_unknown_fields_are_kept(node):
    """A newer client's fields: 1000 as bytes, 1001 as a number, 1002 and 1003 fixed."""
    extra = (b"\xc2\x3e\x03new" + b"\xc8\x3e\x2a" + b"\xd5\x3e\x01\x02\x03\x04"
             + b"\xd9\x3e\x01\x02\x03\x04\x05\x06\x07\x08")
    trace, body = raw_span(extra)
    assert rejected(send(node, body)).rejected_spans == 0
    identifiers = recorded(node, trace)
    assert len(identifiers) == 1
    payload = node.ask("GET", f"/v1/records/{trace.hex()}:{identifiers[0]}/payload").body
    assert payload.endswith(extra)


def test_attribute_of_a_megabyte(node):
    """Either kept whole or refused alone; never cut."""
    trace = os.urandom(16)
    text = "é" * (MEGABYTE // 2)
    refusal = rejected(send(node, request(span(trace, attributes={"gen_ai.input.messages": text}))))
    identifiers = recorded(node, trace)
    assert len(identifiers) + refusal.rejected_spans == 1
    for each in identifiers:
        payload = node.ask("GET", f"/v1/records/{trace.hex()}:{each}/payload").body
        assert text.encode() in payload


def test_attributes_nested_without_end(node):
    """An array in an array, 2,000 deep: refused or kept, but not a fall."""
    value = b"\x0a\x01x"
    for _ in range(2_000):
        value = b"\x0a" + length(value) + value
        value = b"\x2a" + length(value) + value
    member = b"\x0a\x01k\x12" + length(value) + value
    trace, body = raw_span(b"\x4a" + length(member) + member)
    answer = send(node, body)
    assert answer.status in (200, 400)
    if answer.status == 200:
        assert len(recorded(node, trace)) + rejected(answer).rejected_spans == 1
    assert node.ask("GET", "/healthz").status == 200


def test_tokens_of_any_type(node):
    """A count spelled as text, as a fraction, or absurdly large does not stop the node."""
    for value in ("12", 12.0, 1e300, float("nan"), True, 2**63 - 1, "-5", ""):
        trace = os.urandom(16)
        answer = send(node, request(span(trace, attributes={"gen_ai.usage.input_tokens": value})))
        refusal = rejected(answer)
        assert len(recorded(node, trace)) + refusal.rejected_spans == 1, value


def test_many_attributes(node):
    trace = os.urandom(16)
    many = {f"key.{number}": number for number in range(20_000)}
    refusal = rejected(send(node, request(span(trace, attributes=many))))
    assert len(recorded(node, trace)) + refusal.rejected_spans == 1


def test_empty_requests_are_fine(node):
    assert rejected(send(node, b"")).rejected_spans == 0
    answer = node.ask("POST", "/v1/traces", b"{}", JSON)
    assert answer.status == 200
    assert answer.json().get("partialSuccess", {}) in ({}, None)


def test_replay_is_recorded_once(node):
    trace = os.urandom(16)
    made = request(*[span(trace) for _ in range(5)])
    answers = [send(node, made) for _ in range(3)]
    assert [rejected(each).rejected_spans for each in answers] == [0, 0, 0]
    assert len(recorded(node, trace)) == 5


def test_the_same_span_twice_in_a_request(node):
    trace = os.urandom(16)
    twin = span(trace)
    rejected(send(node, request(twin, twin, span(trace))))
    assert len(recorded(node, trace)) == 2


def test_json_ids(node):
    """Capital hex is the same id; base64, as generic protobuf JSON has it, is refused."""
    now, trace = time.time_ns(), os.urandom(16)

    def body(trace_text, span_text):
        return ('{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s",'
                '"name":"n","startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}'
                % (trace_text, span_text, now - 9, now)).encode()

    answer = node.ask("POST", "/v1/traces", body(trace.hex().upper(), "AB" * 8), JSON)
    assert answer.status == 200
    assert recorded(node, trace) == ["ab" * 8]
    for bad in ("", "q83vq83vq83vq83vq83vqw==", "ab" * 15, "zz" * 16, "0" * 32):
        answer = node.ask("POST", "/v1/traces", body(bad, "ab" * 8), JSON)
        assert answer.status == 200, (bad, answer.body[:200])
        assert int(answer.json()["partialSuccess"]["rejectedSpans"]) == 1, bad


def test_numbers_in_json_may_be_text_or_digits(node):
    now = time.time_ns()
    for spelled in (f'"{now}"', f"{now}"):
        trace = os.urandom(16)
        body = ('{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s",'
                '"startTimeUnixNano":%s,"endTimeUnixNano":%s,"novel":{"a":[1]}}]}]}]}'
                % (trace.hex(), "12" * 8, spelled, spelled)).encode()
        assert node.ask("POST", "/v1/traces", body, JSON).status == 200
        operation = node.operations(trace.hex())[0]
        assert (operation["start"], operation["duration"]) == (str(now), "0")


def test_content_type_with_a_parameter(node):
    trace = os.urandom(16)
    answer = node.ask("POST", "/v1/traces", request(span(trace)).SerializeToString(),
                      {"Content-Type": PROTOBUF["Content-Type"] + "; charset=utf-8"})
    assert answer.status == 200
    assert len(recorded(node, trace)) == 1
