#!/usr/bin/env python3
"""Makes the text seeds of Fuzzing/corpus from Tests/Vectors; `Fuzz samples` makes the binary ones."""
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "Tests" / "Vectors"
CORPUS = ROOT / "Fuzzing" / "corpus"


def put(check: str, name: str, content: bytes | str) -> None:
    folder = CORPUS / check
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def compact(value) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def telemetry() -> None:
    put("otlp-protobuf", "traces", bytes.fromhex((VECTORS / "otlp/traces.hex").read_text()))
    traces = json.loads((VECTORS / "otlp/traces.json").read_text())
    for index, resource in enumerate(traces["resourceSpans"]):
        put("otlp-json", f"resource-{index}", compact({"resourceSpans": [resource]}))
        put("trajectory", f"otlp-{index}", compact({"resourceSpans": [resource]}) + "\n")
    for number, signal in [(0, "traces"), (1, "metrics"), (2, "logs")]:
        wire = bytes.fromhex((VECTORS / f"otlp/{signal}.hex").read_text())
        text = compact(json.loads((VECTORS / f"otlp/{signal}.json").read_text()))
        if signal != "traces":
            put("otlp-signals", f"{signal}-protobuf", bytes([2 * number]) + wire)
            put("otlp-signals", f"{signal}-json", bytes([2 * number + 1]) + text.encode())


def trajectories() -> None:
    tests = (ROOT / "Tests/TelemetryTests/Vectors/TrajectoryTests.swift").read_text()
    for name, text in re.findall(r'static let (tau|openHands) = """\n(.*?)\n\s*"""', tests, re.S):
        lines = [line.strip().replace("\\\\", "\\") for line in text.split("\n")]
        put("trajectory", name, "".join(lines))


def receipts() -> None:
    chosen = [
        "accepted/validators-1-record-0-of-1-item-0-of-1.json",
        "accepted/validators-4-record-2-of-3-item-0-of-5.json",
        "accepted/numbers-greatest.json", "accepted/escaped-name-pair.json",
        "accepted/steps-committees-4-7.json",
        "refused/certificate-reversed.json", "refused/batch-path-reversed.json",
    ]
    for path in chosen:
        put("receipt", Path(path).stem, (VECTORS / "receipts" / path).read_bytes())
    for path in ["accepted/operation-done.json", "refused/operation-done-said-refused.json"]:
        put("operation-receipt", Path(path).stem, (VECTORS / "receipts" / path).read_bytes())
    for path in [
        "accepted/task-alone-in-the-state.json", "accepted/task-of-4-validators.json",
        "accepted/task-under-a-mandate-that-was-passed-on.json",
        "accepted/task-of-owners-without-records.json", "accepted/operation-done.json",
        "accepted/validators-1-record-0-of-1-item-0-of-1.json",
        "accepted/licence-alone-in-the-state.json", "accepted/licence-of-an-agent.json",
        "accepted/task-divided-among-owners.json",
    ]:
        put("any-receipt", Path(path).stem, (VECTORS / "receipts" / path).read_bytes())


def credentials() -> None:
    for line in (VECTORS / "credentials/tokens.txt").read_text().splitlines():
        name, *words = line.split(" ")
        if len(words) == 1:
            put("sd-jwt", name, words[0])


def http() -> None:
    head = "Host: h\r\n"
    messages = {
        "get": f"GET /a/%41?b=c+d HTTP/1.1\r\n{head}Connection: close\r\n\r\n",
        "length": f"POST / HTTP/1.1\r\n{head}Content-Length: 5\r\n\r\nhello",
        "chunked": f"\r\nPOST / HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n"
                   "Expect: 100-continue\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n",
        "pipeline": f"OPTIONS * HTTP/1.1\r\n{head}\r\nPUT http://x:1/ HTTP/1.1\r\n{head}"
                    "Content-Length: 1\r\n\r\nxGET /3 HTTP/1.0\r\n\r\n",
    }
    for number, (name, text) in enumerate(messages.items()):
        put("http", name, bytes([0, 0, 1, number]) + text.encode())
        put("http", name + "-loose", bytes([0, 0, 1, number ^ 1]) + text.encode())


def texts() -> None:
    values = {
        "numbers": '[0,-0,1.5,-2e+3,1E400,18446744073709551615,340282366920938463463374607431768211455]',
        "strings": r'["","\u0041\n\t\"\\\/","\ud83d\ude00","é","e\u0301",{"a":null,"\u0062":true}]',
        "nested": '{"a":{"b":[[],{},[{"c":[false]}]]},"d" : [ 1 , 2 ] }',
    }
    for name, text in values.items():
        put("json", name, text)


for make in (telemetry, trajectories, receipts, credentials, http, texts):
    make()
