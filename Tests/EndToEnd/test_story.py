"""The demonstration's story: each step is an operation, and one receipt shows all of it."""

import json
import re
import subprocess

import pytest
from althing import verify
from node import binary, run

HEX = re.compile(r"^[0-9a-f]{64}$")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the story says as JSON; its files stay in the folder."""
    folder = tmp_path_factory.mktemp("story") / "demo"
    done = run("demo", "--story", "--once", "--json", "--data", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["story"], folder, done.stderr


def test_each_step_has_its_operation_and_its_command(told):
    story, _, progress = told
    steps = story["steps"]
    words = " ".join(step["sentence"] for step in steps)
    for part in ("mandate", "sealed bid", "reveals", "closes the auction", "wait for a person",
                 "agrees", "records its run", "proof", "stops", "refused"):
        assert part in words, part
    without = [step for step in steps if step["operation"] is None]
    assert len(without) == 2, "only the run over OTLP and the refused action are no operations"
    assert all(HEX.match(step["operation"]) for step in steps if step["operation"])
    operations = [step["operation"] for step in steps if step["operation"]]
    assert len(set(operations)) == len(operations)
    assert all(step["command"].startswith("althing ") for step in steps)
    assert sum(f"{step['sentence']}  " in progress for step in steps) >= len(operations)
    assert story["refusal"] == "forbidden.agentStopped"


def test_both_verifiers_accept_the_one_receipt(told):
    story, folder, _ = told
    genesis = folder / "demo" / "genesis"
    shown = run("receipt", "verify", story["file"], "--genesis", genesis, "--json")
    assert shown.returncode == 0, shown.stderr
    report = json.loads(shown.stdout)
    assert report["verified"] and report["task"]["task"] == story["task"]
    assert report["task"]["verification"] == "proven"
    assert report["task"]["state"] == "complete"
    assert report["task"]["earned"] == "11988000000" and report["task"]["charged"] == "12000000"
    assert report["task"]["records"] == "3" and report["task"]["mandate"]
    assert (report["task"]["posterLaw"], report["task"]["workerLaw"]) == ("1", "1")
    # The receipt shows what was done, the approval and the stop among it.
    assert int(report["task"]["operations"]) >= 10
    words = run("receipt", "verify", story["file"], "--genesis", genesis).stdout
    assert re.search(r"operations +ok +\d+ about it, 1 approved, 1 stopped", words), words
    text = open(story["file"], "rb").read()
    assert verify(text, chain=bytes.fromhex(report["chain"])).verified
    # One changed digit of what was paid, and both refuse it.
    earned = (11_988_000_000).to_bytes(16, "little").hex().encode()
    assert text.count(earned) == 1
    spoiled = folder / "spoiled.json"
    spoiled.write_bytes(text.replace(earned, b"1" + earned[1:]))
    assert run("receipt", "verify", spoiled).returncode == 1
    assert not verify(spoiled.read_bytes()).verified


def test_commands_can_be_typed_again(told):
    """What was printed is what was run: an operation that was carried out is refused again."""
    story, folder, _ = told
    step = next(step for step in story["steps"] if "program assemble" not in step["command"])
    line = step["command"].replace("althing", str(binary()), 1)
    again = subprocess.run(["/bin/sh", "-c", line], cwd=folder / "story", capture_output=True,
                           text=True, timeout=30)
    # The validators have ended, so that nobody answers; the command itself is sound.
    assert again.returncode == 3 and "127.0.0.1" in again.stderr, again.stderr
