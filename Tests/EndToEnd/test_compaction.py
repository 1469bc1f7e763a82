"""Sealed segments get smaller while the node runs; nothing that was handed out notices, nor a kill."""

import os
import random
import threading
import time

import althing
from node import Node, check_store
from spans import request, send, span

SEED = int(os.environ.get("ALTHING_SEED", "1"))
KILLS = int(os.environ.get("ALTHING_COMPACTION_KILLS", "6"))
MIB = 1 << 20


class Compacting(Node):
    """A node with segments of 1 MiB, compressed at 64 MiB/s."""

    def command(self):
        return [*super().command(), "--set", f"node.segmentBytes={MIB}",
                "--set", f"node.compactionBytesPerSecond={64 * MIB}"]


def fill(node, count, draw, kept):
    """Sends runs of a large span and many small ones; notes every one that was acknowledged, until the node is gone."""
    for _ in range(count):
        trace, text = draw.randbytes(16), draw.randbytes(6_000).hex()
        made = request(
            span(trace, attributes={"gen_ai.prompt": text}), *[span(trace) for _ in range(60)])
        try:
            answer = send(node, made)
        except OSError:
            return
        if answer.status != 200:
            return
        kept.append(trace.hex())


def compaction(node):
    store = node.get("/v1/status")["store"]
    return {name: int(value) for name, value in store["compaction"].items()}


def metric(node, name):
    page = node.ask("GET", "/metrics").body.decode()
    return next(int(line.split()[1]) for line in page.splitlines() if line.startswith(name + " "))


def until_done(node, seconds=60):
    limit = time.monotonic() + seconds
    while compaction(node)["waiting"]:
        assert time.monotonic() < limit, compaction(node)
        time.sleep(0.1)
    return compaction(node)


def verify(node, traces):
    """Every record of these runs has a receipt that verifies with its payload."""
    for trace in traces:
        for operation in node.operations(trace)[:2]:
            payload = node.ask("GET", f"/v1/records/{operation['id']}/payload").body
            receipt = node.receipt(operation["id"])
            assert althing.verify(receipt, payload=payload).part is None


def segments(folder):
    return {each: each.stat().st_size for part in ("journal", "payloads")
            for each in (folder / part).iterdir() if each.suffix == ".segment"}


def compressed(folder):
    """How many segments have version 3."""
    return sum(each.open("rb").read(12)[8:] == b"\3\0\0\0" for each in segments(folder))


def test_segments_get_smaller(tmp_path):
    node, draw, kept = Compacting(tmp_path / "data").start(), random.Random(SEED), []
    while len(segments(node.folder)) < 8:
        fill(node, 40, draw, kept)
    verify(node, draw.sample(kept, 5))
    done = until_done(node)
    assert done["segments"] >= 4 and done["failures"] == 0
    assert compressed(node.folder) == done["segments"]
    assert done["bytesAfter"] < done["bytesBefore"] * 95 // 100
    assert metric(node, "althing_compacted_segments_total") == done["segments"]
    assert metric(node, "althing_compaction_waiting_segments") == 0
    verify(node, [kept[0], kept[-1], *draw.sample(kept, 20)])
    store = node.get("/v1/status")["store"]
    sizes = segments(node.folder)
    assert int(store["journalBytes"]) + int(store["payloadBytes"]) <= sum(sizes.values())
    # They stay: nothing is compressed twice.
    assert node.stop() == 0
    assert not list(node.folder.glob("*/*.compressed"))
    check_store(node.folder)
    node.start()
    assert until_done(node)["segments"] == 0
    verify(node, draw.sample(kept, 5))
    assert node.stop() == 0


def test_killed_amid(tmp_path):
    node, draw, kept = Compacting(tmp_path / "data"), random.Random(SEED), []
    for _ in range(KILLS):
        node.start()
        threading.Timer(draw.uniform(0.2, 1.5), node.kill).start()
        fill(node, 10_000, draw, kept)
        node.process.wait(20)
        check_store(node.folder)
        node.start()
        verify(node, [kept[0], kept[-1], *draw.sample(kept, min(len(kept), 5))])
        node.kill()
    node.start()
    done = until_done(node)
    assert done["failures"] == 0 and compressed(node.folder) >= KILLS // 2
    verify(node, draw.sample(kept, min(len(kept), 30)))
    assert node.stop() == 0
    check_store(node.folder)
