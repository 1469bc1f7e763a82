"""Pruning and archiving a store: what is left verifies, what is gone is said to be gone, a kill loses nothing."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import althing
import pytest
from node import Node, binary, check_store, free_port, run
from spans import attribute, request, send, span

SEED = int(os.environ.get("ALTHING_SEED", "1"))
KILLS = int(os.environ.get("ALTHING_PRUNE_KILLS", "6"))
#: Enough for sealed segments of 1 MiB in both journals.
REQUESTS = 175
PROMPT_CHARACTERS = 12_000
SMALL_SPANS = 60


class SmallSegments(Node):
    """A node with segments of 1 MiB, which it leaves as they are."""

    def command(self):
        return [*super().command(), "--set", "node.segmentBytes=1048576",
                "--set", "node.compactionBytesPerSecond=0"]


def fill(node, count, draw):
    """Sends runs of one large span and many small ones; their ids."""
    traces = []
    for _ in range(count):
        trace = draw.randbytes(16)
        text = draw.randbytes(PROMPT_CHARACTERS // 2).hex()
        made = request(
            span(trace, attributes={"gen_ai.prompt": text}),
            *[span(trace) for _ in range(SMALL_SPANS)])
        assert send(node, made).status == 200
        traces.append(trace.hex())
    return traces


def record_of(node, trace):
    return node.operations(trace)[0]["id"]


def kept(node, trace):
    """Receipt and payload of a run's record."""
    identifier = record_of(node, trace)
    payload = node.ask("GET", f"/v1/records/{identifier}/payload").body
    return identifier, node.receipt(identifier), payload


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A store with an old half, a time between, and a young half; and what was handed out."""
    folder = tmp_path_factory.mktemp("story") / "data"
    node, draw = SmallSegments(folder).start(), random.Random(SEED)
    old = fill(node, REQUESTS, draw)
    node.receipt(record_of(node, old[-1]))
    time.sleep(1.1)
    cut = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    young = fill(node, REQUESTS, draw)
    handed = {trace: kept(node, trace) for trace in [old[0], old[-1], young[0], young[-1]]}
    assert node.stop() == 0
    return folder, cut, old, young, handed


def copy(story, tmp_path):
    target = tmp_path / "data"
    shutil.copytree(story[0], target)
    return target


def size(folder):
    return sum(each.stat().st_size for part in ("journal", "payloads")
               for each in (folder / part).iterdir())


def verifies(receipt, payload):
    assert althing.verify(receipt, payload=payload).part is None


def look(folder, story):
    """What was young is whole; what was handed out verifies. Returns the node, running."""
    _, _, old, young, handed = story
    node = SmallSegments(folder).start()
    for trace in [young[0], young[-1]]:
        assert kept(node, trace) == handed[trace]
    for _, receipt, payload in handed.values():
        verifies(receipt, payload)
    return node


def test_prune(story, tmp_path):
    folder, (_, cut, old, young, handed) = copy(story, tmp_path), story
    before = size(folder)
    pruned = run("store", "prune", "--before", cut, "--data", folder, "--json")
    assert pruned.returncode == 0, pruned.stderr
    report = json.loads(pruned.stdout)
    assert int(report["through"]) == REQUESTS and int(report["bytesFreed"]) > 1_000_000
    assert size(folder) < before - 1_000_000
    check_store(folder)
    node = look(folder, story)
    gone = node.ask("GET", f"/v1/records/{handed[old[0]][0]}/receipt")
    assert gone.status == 410 and gone.json()["type"] == "/problems/pruned"
    listed = {each["run"]: each["pruned"] for each in node.all("/v1/runs")}
    assert listed[old[0]] is True and listed[young[0]] is False
    assert node.get(f"/v1/runs/{old[0]}")["operations"] == []
    shown = run("run", "list", "--limit", "500", "--node", node.url)
    assert shown.returncode == 0 and " pruned" in shown.stdout
    fill(node, 3, random.Random(SEED + 1))
    assert node.stop() == 0
    rebuilt = run("store", "rebuild", "--data", folder)
    assert rebuilt.returncode == 0, rebuilt.stderr
    check_store(folder)
    assert look(folder, story).stop() == 0


def kill_in(arguments, delay):
    """Starts a command and kills it after so many seconds; whether it had ended before."""
    process = subprocess.Popen(
        [str(binary()), *map(str, arguments)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        process.wait(delay)
        return True
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return False


def test_prune_killed(story, tmp_path):
    draw = random.Random(SEED)
    start = time.monotonic()
    arguments = ["store", "prune", "--before", story[1], "--data"]
    assert run(*arguments, copy(story, tmp_path)).returncode == 0
    took = time.monotonic() - start
    for number in range(KILLS):
        folder = copy(story, tmp_path / str(number))
        kill_in([*arguments, folder], draw.uniform(0.05, took))
        assert look(folder, story).stop() == 0
        assert run(*arguments, folder).returncode == 0
        check_store(folder)
        assert look(folder, story).stop() == 0


# Compression


def compact(folder):
    return ["store", "compact", "--data", folder, "--json"]


def test_compact(story, tmp_path):
    folder = copy(story, tmp_path)
    before = size(folder)
    made = run(*compact(folder))
    assert made.returncode == 0, made.stderr
    report = json.loads(made.stdout)
    saved = int(report["bytesBefore"]) - int(report["bytesAfter"])
    assert int(report["segments"]) >= 1 and before - size(folder) == saved > 50_000
    check_store(folder)
    node = look(folder, story)
    status = node.get("/v1/status")["store"]
    assert int(status["journalBytes"]) + int(status["payloadBytes"]) <= size(folder)
    fill(node, 3, random.Random(SEED + 3))
    assert node.stop() == 0
    assert run("store", "prune", "--before", story[1], "--data", folder).returncode == 0
    node = look(folder, story)
    status = node.get("/v1/status")["store"]
    assert 0 < int(status["recordsPruned"]) == int(status["payloadsPruned"])
    assert node.stop() == 0
    check_store(folder)


def test_compact_killed(story, tmp_path):
    draw = random.Random(SEED)
    start = time.monotonic()
    assert run(*compact(copy(story, tmp_path))).returncode == 0
    took = time.monotonic() - start
    for number in range(KILLS):
        folder = copy(story, tmp_path / str(number))
        kill_in(compact(folder), draw.uniform(0.05, took))
        check_store(folder)
        assert run(*compact(folder)).returncode == 0
        check_store(folder)
        assert look(folder, story).stop() == 0


# The archive


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """An S3-compatible store that checks credentials, with a bucket; its address and the file of keys."""
    moto = pytest.importorskip("moto")
    boto3 = pytest.importorskip("boto3")
    del moto
    port = free_port()
    environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "4"}
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(address + "/moto-api/", timeout=1)
            break
        except OSError:
            time.sleep(0.05)
    options = {"endpoint_url": address, "region_name": "us-east-1",
               "aws_access_key_id": "first", "aws_secret_access_key": "first"}
    iam = boto3.client("iam", **options)
    iam.create_user(UserName="althing")
    keys = iam.create_access_key(UserName="althing")["AccessKey"]
    allowed = {"Version": "2012-10-17",
               "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(
        UserName="althing", PolicyName="all", PolicyDocument=json.dumps(allowed))
    options["aws_access_key_id"] = keys["AccessKeyId"]
    options["aws_secret_access_key"] = keys["SecretAccessKey"]
    client = boto3.client("s3", **options)
    client.create_bucket(Bucket="runs")
    file = tmp_path_factory.mktemp("s3") / "keys"
    file.write_text(f"{keys['AccessKeyId']}\n{keys['SecretAccessKey']}\n")
    file.chmod(0o600)
    yield address, file, client
    process.kill()
    process.wait()


def archive(folder, address, keys, prefix):
    return ["store", "archive", "--to", f"s3://runs/{prefix}", "--endpoint", address,
            "--credentials", keys, "--data", folder, "--json"]


def objects(client, prefix):
    listed = client.list_objects_v2(Bucket="runs", Prefix=prefix)
    return [each["Key"] for each in listed.get("Contents", [])]


def in_time(node, path, seconds=20):
    """The answer once the segment is back."""
    limit, waited = time.monotonic() + seconds, False
    while True:
        answer = node.ask("GET", path)
        if answer.status != 503:
            return answer, waited
        assert answer.json()["type"] == "/problems/archived", answer.body
        assert answer.headers["retry-after"] == "2"
        waited = True
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_archive(story, s3, tmp_path):
    (address, keys, client), folder = s3, copy(story, tmp_path)
    _, _, old, young, handed = story
    before = size(folder)
    moved = run(*archive(folder, address, keys, "a/b"))
    assert moved.returncode == 0, moved.stderr
    report = json.loads(moved.stdout)
    names = objects(client, "a/b/")
    assert int(report["segments"]) == len(names)
    assert any("/journal/" in each for each in names)
    assert any("/payloads/" in each for each in names)
    assert size(folder) < before - int(report["bytes"]) + 10_000
    node = SmallSegments(folder).start()
    waited = 0
    for trace, (identifier, receipt, payload) in handed.items():
        again, first = in_time(node, f"/v1/records/{identifier}/receipt")
        bytes_again, second = in_time(node, f"/v1/records/{identifier}/payload")
        assert again.body == receipt and bytes_again.body == payload
        verifies(again.body, bytes_again.body)
        waited += first + second
    assert waited > 0
    fill(node, 3, random.Random(SEED + 2))
    assert node.stop() == 0
    back = run("store", "restore", "--data", folder, "--json")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["segments"] == report["segments"]
    check_store(folder)
    assert look(folder, story).stop() == 0


def test_work_on_an_archive(story, s3, tmp_path):
    """Check, rebuild and prune bring what they read, compressed or not; no restore comes first."""
    (address, keys, client), folder = s3, copy(story, tmp_path)
    assert run("store", "compact", "--data", folder).returncode == 0
    moved = run(*archive(folder, address, keys, "w2"))
    assert moved.returncode == 0, moved.stderr
    check_store(folder)
    rebuilt = run("store", "rebuild", "--data", folder)
    assert rebuilt.returncode == 0, rebuilt.stderr
    pruned = run("store", "prune", "--before", story[1], "--data", folder, "--json")
    assert pruned.returncode == 0, pruned.stderr
    assert int(json.loads(pruned.stdout)["through"]) == REQUESTS
    check_store(folder)
    again = run(*archive(folder, address, keys, "w2"))
    assert again.returncode == 0 and int(json.loads(again.stdout)["segments"]) > 0, again.stderr
    for key in objects(client, "w2/"):
        client.delete_object(Bucket="runs", Key=key)
    lost = run("store", "check", "--data", folder)
    assert lost.returncode != 0 and "does not give it" in lost.stderr, lost.stderr


def test_archive_killed(story, s3, tmp_path):
    (address, keys, _), draw = s3, random.Random(SEED)
    for number in range(KILLS):
        folder = copy(story, tmp_path / str(number))
        kill_in(archive(folder, address, keys, f"k{number}"), draw.uniform(0.02, 0.6))
        finished = run(*archive(folder, address, keys, f"k{number}"))
        assert finished.returncode == 0, finished.stderr
        assert run("store", "restore", "--data", folder).returncode == 0
        check_store(folder)
        assert look(folder, story).stop() == 0


def test_archive_faults(story, s3, tmp_path):
    (address, keys, client), folder = s3, copy(story, tmp_path)
    before = size(folder)
    wrong = tmp_path / "wrong"
    wrong.write_text("AKIAWRONG\nwrong\n")
    wrong.chmod(0o600)
    denied = run(*archive(folder, address, wrong, "w"))
    assert denied.returncode != 0 and "credentials" in denied.stderr, denied.stderr
    down = run(*archive(folder, f"http://127.0.0.1:{free_port()}", keys, "w"))
    assert down.returncode != 0 and "does not answer" in down.stderr, down.stderr
    nowhere = run(*["s3://none/x" if each == "s3://runs/w" else each
                    for each in archive(folder, address, keys, "w")])
    assert nowhere.returncode != 0 and "is not there" in nowhere.stderr, nowhere.stderr
    assert size(folder) == before
    check_store(folder)
    assert run(*archive(folder, address, keys, "w")).returncode == 0
    for key in objects(client, "w/"):
        body = client.get_object(Bucket="runs", Key=key)["Body"].read()
        client.put_object(Bucket="runs", Key=key, Body=body[:len(body) // 2])
        back = run("store", "restore", "--data", folder)
        assert back.returncode != 0 and "is not what was stored" in back.stderr, back.stderr
        client.put_object(Bucket="runs", Key=key, Body=body)
    assert run("store", "restore", "--data", folder).returncode == 0
    check_store(folder)
