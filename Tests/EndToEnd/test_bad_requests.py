"""Requests that are refused whole: nothing of them is recorded, and the answer says why."""

import gzip
import json
import os
import zlib

import pytest
from refusals import counts, refused
from spans import JSON, PROTOBUF, recorded, request, send, span

TRACE = os.urandom(16)
GOOD = request(span(TRACE)).SerializeToString()


def name(value):
    """Only the name of a case goes into the test's name."""
    return value if isinstance(value, str) else ""


@pytest.fixture(autouse=True)
def nothing_recorded(node):
    before = counts(node)
    yield
    assert counts(node) == before
    assert recorded(node, TRACE) == []


def squeezed(size):
    """A gzip body that unpacks to `size` zero bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


@pytest.mark.parametrize("length", [1, 2, 3, 10, 20, len(GOOD) // 2, len(GOOD) - 1])
def test_truncated_protobuf(node, length):
    refused(send(node, GOOD[:length]), 400)


@pytest.mark.parametrize("fault, body", {
    "field number 0": b"\x02\x00",
    "group": b"\x0b\x0c",
    "wire type 6": b"\x0e\x00",
    "wire type 7": b"\x0f\x00",
    "length over the end": b"\x0a\xff\x01\x00",
    "length of 2^63": b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    "varint of 11 bytes": b"\x08" + b"\xff" * 10 + b"\x01",
    "text": b"hello, this is not protobuf",
    "json": b'{"resourceSpans":[]}',
}.items(), ids=name)
def test_malformed_protobuf(node, fault, body):
    refused(send(node, body), 400)


def test_resource_spans_as_a_number(node):
    """Another wire type is an unknown field to some readers: nothing may come of it."""
    assert send(node, b"\x08\x01").status in (200, 400)


@pytest.mark.parametrize("fault, body", {
    "empty": b"",
    "truncated": b'{"resourceSpans":[',
    "not an object": b"[]",
    "null": b"null",
    "trailing text": b'{"resourceSpans":[]} x',
    "two documents": b'{"resourceSpans":[]}{"resourceSpans":[]}',
    "repeated member": b'{"resourceSpans":[],"resourceSpans":[]}',
    "spans as an object": b'{"resourceSpans":{}}',
    "spans as a string": b'{"resourceSpans":[{"scopeSpans":"x"}]}',
    "invalid utf-8": b'{"resourceSpans":[],"x":"\xff"}',
    "lone surrogate": b'{"resourceSpans":[],"x":"\\ud800"}',
    "byte-order mark": b'\xef\xbb\xbf{"resourceSpans":[]}',
    "deep": b'{"resourceSpans":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "protobuf": GOOD,
}.items(), ids=name)
def test_malformed_json(node, fault, body):
    refused(node.ask("POST", "/v1/traces", body, JSON), 400)


@pytest.mark.parametrize("kind", [
    "text/plain", "application/octet-stream", "application/x-www-form-urlencoded",
    "application/jsonx", "application/grpc", "", "/", "application/x-protobuf2",
])
def test_wrong_content_type(node, kind):
    refused(node.ask("POST", "/v1/traces", GOOD, {"Content-Type": kind}), 415)


def test_no_content_type(node):
    refused(node.ask("POST", "/v1/traces", GOOD), 415)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_unknown_content_encoding(node, encoding):
    refused(send(node, GOOD, Content_Encoding=encoding), 415)


@pytest.mark.parametrize("fault, body", {
    "not gzip": GOOD,
    "empty": b"",
    "truncated": gzip.compress(GOOD)[:-9],
    "no trailer": gzip.compress(GOOD)[:-8],
    "wrong checksum": gzip.compress(GOOD)[:-8] + bytes(8),
    "text after it": gzip.compress(GOOD) + b"x",
    "deflate instead": zlib.compress(GOOD),
}.items(), ids=name)
def test_bad_gzip(node, fault, body):
    refused(send(node, body, Content_Encoding="gzip"), 400)


def test_gzip_bomb(node):
    body = squeezed(1 << 30)
    assert len(body) < 6 << 20
    refused(send(node, body, Content_Encoding="gzip"), 400, 413)
    assert node.memory_peak() < 500 << 20


def test_gzip_within_gzip(node):
    refused(send(node, gzip.compress(gzip.compress(GOOD)), Content_Encoding="gzip"), 400)


def test_wrong_method(node):
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = node.ask(method, "/v1/traces", b"", PROTOBUF)
        refused(answer, 405)
        assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("path", [
    "/v1/nothing", "/v1/traces/", "/v1/traces/x", "/v2/traces", "/v1/../v1/nothing", "/%00",
    "/dashboard/../../Package.swift", "/dashboard/%2e%2e/%2e%2e/etc/passwd",
])
def test_unknown_paths(node, path):
    refused(node.ask("GET", path), 400, 404, 405)


@pytest.mark.parametrize("path, statuses", {
    "/v1/runs/zz": (400, 404), "/v1/runs/" + "0" * 31: (400, 404),
    "/v1/runs/" + "0" * 33: (400, 404),
    "/v1/runs/" + "ab" * 16: (404,), "/v1/records/1-": (400, 404),
    "/v1/records/99999999999999999999-0": (400, 404), "/v1/records/-1-0": (400, 404),
    "/v1/records/" + "ab" * 16 + ":" + "cd" * 8: (404,),
    "/v1/records/" + "ab" * 16 + ":" + "cd" * 8 + "/receipt": (404,),
    "/v1/records/" + "ab" * 16 + ":" + "cd" * 8 + "/payload": (404,),
    "/v1/agents/" + "ab" * 32: (404,), "/v1/agents/x": (400, 404),
    "/v1/batches/18446744073709551616": (400, 404), "/v1/batches/0x1": (400, 404),
    "/v1/checkpoints/4000000000": (404,), "/v1/checkpoints/1e3": (400, 404),
    "/v1/runs?limit=0": (400,), "/v1/runs?limit=501": (400,), "/v1/runs?limit=x": (400,),
    "/v1/runs?cursor=%FF": (400,), "/v1/runs?cursor=nonsense": (400,),
    "/v1/runs?since=-1": (400,), "/v1/runs?until=99999999999999999999": (400,),
    "/v1/runs?agent=xyz": (400,), "/tile/0/x": (400, 404), "/tile/64/000": (400, 404),
}.items(), ids=name)
def test_bad_questions(node, path, statuses):
    refused(node.ask("GET", path), *statuses)


@pytest.mark.parametrize("path", ["/v1/batches", "/v1/operations"])
@pytest.mark.parametrize("body", [b"", b"x", bytes(222), bytes(4096), TRACE * 256],
                         ids=["empty", "x", "header of zeros", "zeros", "noise"])
def test_native_noise(node, path, body):
    answer = node.ask("POST", path, body, {"Content-Type": "application/octet-stream"})
    refused(answer, 400, 403, 422)


def test_native_content_type(node):
    refused(node.ask("POST", "/v1/batches", b"x", JSON), 415)


def test_json_spans_with_text_enums(node):
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{
        "traceId": TRACE.hex(), "spanId": "ab" * 8, "name": "n", "kind": "SPAN_KIND_CLIENT",
        "startTimeUnixNano": "1795000000000000000", "endTimeUnixNano": "1795000000000000001",
    }]}]}]})
    answer = node.ask("POST", "/v1/traces", body, JSON)
    if answer.status == 200:
        assert int(answer.json()["partialSuccess"]["rejectedSpans"]) == 1
    else:
        refused(answer, 400)
