"""Senders that are slow, silent, too large, or speak broken HTTP; others are served meanwhile."""

import os
import resource
import socket
import threading
import time

import pytest
from refusals import counts
from spans import recorded, request, send, span

#: How long a slow sender may be borne before it must be dropped, seconds.
PATIENCE = float(os.environ.get("ALTHING_PATIENCE", "75"))


def connect(node):
    return socket.create_connection(("127.0.0.1", node.port), timeout=PATIENCE)


def reply(stream):
    """All bytes until the node closes."""
    received = b""
    try:
        while block := stream.recv(65_536):
            received += block
    except ConnectionResetError:
        pass
    return received


def served(node):
    """Somebody else's spans still go in."""
    trace = os.urandom(16)
    assert send(node, request(span(trace))).status == 200
    assert len(recorded(node, trace)) == 1


HEAD = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"

BROKEN = {
    "no version": b"GET /\r\n\r\n",
    "noise": os.urandom(200).replace(b"\n", b"") + b"\r\n\r\n",
    "length and chunks": HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "length as hex": HEAD + b"Content-Length: 0x3\r\n\r\nabc",
    "length with a plus": HEAD + b"Content-Length: +3\r\n\r\nabc",
    "length of 2^64": HEAD + b"Content-Length: 18446744073709551616\r\n\r\n",
    "space before the colon": HEAD + b"Content-Length : 0\r\n\r\n",
    "folded header": HEAD + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "nul in a header": HEAD + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "bad chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "endless chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 5_000,
    "unknown transfer coding": HEAD + b"Transfer-Encoding: magic\r\n\r\n",
    "long request line": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "long header": HEAD + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": HEAD + b"X: a\r\n" * 20_000 + b"\r\n",
    "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_http(node, fault):
    before = counts(node)
    with connect(node) as stream:
        try:
            stream.sendall(BROKEN[fault])
            stream.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = reply(stream)
    assert received == b"" or received.split(b" ")[1][:1] in (b"4", b"5"), received[:200]
    assert counts(node) == before
    served(node)


def test_announced_body_over_the_limit(node):
    with connect(node) as stream:
        stream.sendall(HEAD + b"Content-Length: 10000000000\r\n\r\n")
        head, _, body = reply(stream).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"bytes" in body, "the refusal does not say what the limit is"
    served(node)


def test_endless_chunks(node):
    with connect(node) as stream:
        stream.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        block = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
        sent = 0
        try:
            while sent < 1 << 30:
                stream.sendall(block)
                sent += len(block)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 1 << 30
    assert node.memory_peak() < 500 << 20
    served(node)


def drip(stream, first, gone):
    """Sends a byte of a request every so often until the node closes."""
    stream.sendall(first)
    started = time.monotonic()
    stream.settimeout(0.5)
    while time.monotonic() - started < PATIENCE:
        try:
            received = stream.recv(65_536)
        except socket.timeout:
            try:
                stream.sendall(b"a")
            except OSError:
                received = b""
            else:
                continue
        except ConnectionResetError:
            received = b""
        gone.append(received)
        return


def test_slow_senders(node):
    """One drips a header, one a body, one says nothing after the head; all are dropped."""
    starts = [b"GET / HTTP/1.1\r\nX: ", HEAD + b"Content-Length: 5000\r\n\r\n",
              HEAD + b"Transfer-Encoding: chunked\r\n\r\n1388\r\n"]
    gone, threads, streams = [], [], [connect(node) for _ in starts]
    for stream, first in zip(streams, starts):
        threads.append(threading.Thread(target=drip, args=(stream, first, gone)))
        threads[-1].start()
    served(node)
    for thread, stream in zip(threads, streams):
        thread.join(PATIENCE + 5)
        stream.close()
    assert len(gone) == len(starts), f"{len(gone)} of {len(starts)} dropped in {PATIENCE} s"
    for received in gone:
        assert received == b"" or received.startswith(b"HTTP/1.1 408 "), received[:100]


def test_sender_that_leaves_in_the_middle(node):
    before = counts(node)
    for length in (1, 100):
        with connect(node) as stream:
            stream.sendall(HEAD + b"Content-Length: 5000\r\n\r\n" + b"a" * length)
    assert counts(node) == before
    served(node)


def test_reader_that_never_reads(node):
    """A subscriber of the event stream that does not read must not hold the node up."""
    with connect(node) as stream:
        stream.sendall(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(20):
            served(node)


def test_ten_thousand_idle_connections(node):
    wanted = 10_000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < wanted + 500:
        pytest.skip(f"only {hard} descriptors may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before, streams = node.memory_peak(), []
    try:
        for _ in range(wanted):
            streams.append(connect(node))
        served(node)
        assert node.memory_peak() - before < wanted * 20_000
    finally:
        for stream in streams:
            stream.close()
    served(node)
