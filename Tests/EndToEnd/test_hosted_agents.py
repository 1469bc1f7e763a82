"""Agents that run on a node: spawned, called, killed with the node, and calling each other."""

import http.client
import json
import shutil
import threading
import time

import pytest
from cluster import Cluster
from node import ROOT, run

RELAY = """
#include "althing.h"
int main(void) {
    for (;;) {
        althing_message message = althing_next_message();
        uint64_t callee[4], word;
        for (int index = 0; index < 4; index++) callee[index] = althing_read();
        word = althing_read();
        althing_begin(ALTHING_CALL, 5);
        for (int index = 0; index < 4; index++) althing_ask(callee[index]);
        althing_ask(word);
        althing_reply reply = althing_next_reply();
        uint64_t first = 0;
        for (uint32_t index = 0; index < reply.count; index++) {
            uint64_t got = althing_answer();
            if (index == 0) first = got;
        }
        althing_write(reply.status);
        althing_write(first);
        althing_yield();
    }
}
"""

#: 0 never ends, 1 crashes, anything else is doubled.
WILD = """
#include "althing.h"
int main(void) {
    for (;;) {
        althing_message message = althing_next_message();
        uint64_t word = althing_read();
        if (word == 0) for (;;) __asm__ volatile("");
        if (word == 1) *(volatile uint64_t *)8 = 1;
        althing_write(2 * word);
        althing_yield();
    }
}
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The files of the three programs."""
    if shutil.which("swiftc") is None:
        pytest.skip("no swiftc along PATH")
    folder = tmp_path_factory.mktemp("programs")
    files = {}
    for name, text in [("relay", RELAY), ("wild", WILD), ("counter", None)]:
        source = ROOT / "examples" / "agents" / "counter"
        if text is not None:
            source = folder / f"{name}.c"
            source.write_text(text)
        files[name] = folder / f"{name}.pvm"
        built = run("program", "build", source, "-o", files[name], cwd=ROOT)
        assert built.returncode == 0, built.stderr
    (folder / "passphrase").touch(0o600)
    (folder / "passphrase").write_text("development")
    files["passphrase"] = folder / "passphrase"
    return files


def spawn(node, programs, program, name, *options):
    """The id of an agent that runs on the node from now on."""
    made = run(
        "agent", "spawn", "--program", programs[program], "--name", name,
        "--owner-key", node.folder / "keys" / "owner.key", "--passphrase-file",
        programs["passphrase"], "--node", node.url, "--json", *options)
    assert made.returncode == 0, made.stdout + made.stderr
    return json.loads(made.stdout)["agent"]


def ask(node, agent, *words):
    """The answer to a message, as the command prints it."""
    given = ["--input", ",".join(map(str, words))] if words else []
    asked = run("agent", "call", agent, *given, "--node", node.url, "--json")
    assert asked.returncode == 0, asked.stdout + asked.stderr
    return json.loads(asked.stdout)


def output(node, agent, *words):
    return [int(word) for word in ask(node, agent, *words)["output"]]


def place(node, agent):
    return node.get(f"/v1/agents/{agent}/instance")["instance"]


def words(agent):
    """The four words of an id."""
    raw = bytes.fromhex(agent)
    return [int.from_bytes(raw[at:at + 8], "little") for at in range(0, 32, 8)]


def test_a_counter_counts_on_the_node(node, programs):
    agent = spawn(node, programs, "counter", "counter")
    assert output(node, agent, 5, 6) == [11]
    answer = ask(node, agent, 7)
    assert answer["output"] == ["18"]
    assert (answer["sequence"], answer["root"]) == (
        place(node, agent)["sequence"], place(node, agent)["root"])
    listed = [each for each in node.all("/v1/hosted") if each["agent"] == agent]
    assert listed[0]["sequence"] == answer["sequence"]
    assert int(listed[0]["steps"]) > 0 and int(listed[0]["gas"]) > 0
    shown = run("agent", "show", agent, "--node", node.url).stdout
    assert answer["root"] in shown and "steps" in shown and "gas" in shown
    assert agent in run("agent", "list", "--hosted", "--node", node.url).stdout


def test_messages_are_refused_with_their_reason(node, programs):
    agent = spawn(node, programs, "counter", "refusing")
    path = f"/v1/agents/{agent}/messages"
    typed = {"content-type": "application/json"}
    for body, headers, status in [
            (b"{}", typed, 400), (b'{"input": [-1]}', typed, 400), (b'{"input": [1]}', {}, 415),
            (json.dumps({"input": [1] * 5_000}).encode(), typed, 400)]:
        assert node.ask("POST", path, body, headers).status == status
    other = f"/v1/agents/{'ab' * 32}/messages"
    assert node.ask("POST", other, b'{"input": []}', typed).status == 404


def test_one_agent_calls_another(node, programs):
    counter = spawn(node, programs, "counter", "callee")
    relay = spawn(node, programs, "relay", "relay")
    assert output(node, counter, 40) == [40]
    assert output(node, relay, *words(counter), 2) == [0, 42]
    assert output(node, counter) == [42]
    # Nobody runs under this id: the ledger says so.
    assert output(node, relay, 1, 2, 3, 4, 5) == [1, 0]


def test_a_wild_agent_touches_no_other(node, programs):
    counter = spawn(node, programs, "counter", "calm")
    wild = spawn(node, programs, "wild", "wild")
    assert output(node, wild, 21) == [42]
    for word in (0, 1):
        refused = run("agent", "call", wild, "--input", word, "--node", node.url)
        assert refused.returncode != 0 and "The program failed" in refused.stderr
        assert output(node, counter, 1) == [word + 1]
    assert output(node, wild, 4) == [8]


def test_a_killed_node_goes_on_from_the_last_accepted(own_node, programs):
    own_node.start()
    agent = spawn(own_node, programs, "counter", "counter")
    seen, stop = [], threading.Event()

    def call():
        while not stop.is_set():
            try:
                answer = own_node.ask(
                    "POST", f"/v1/agents/{agent}/messages", b'{"input": [1]}',
                    {"content-type": "application/json"})
                if answer.status == 200:
                    seen.append(int(answer.json()["output"][0]))
            except (OSError, http.client.HTTPException, AssertionError):  # it is gone
                time.sleep(0.02)

    thread = threading.Thread(target=call)
    thread.start()
    for _ in range(3):
        goal = len(seen) + 10
        limit = time.monotonic() + 60
        while len(seen) < goal:
            assert time.monotonic() < limit, own_node.last_lines()
            time.sleep(0.01)
        own_node.kill()
        own_node.start()
    stop.set()
    thread.join()
    # A message counts once or, where nobody was told, at most once: the sum only grows by ones.
    assert seen == sorted(set(seen))
    total = output(own_node, agent)[0]
    assert seen[-1] <= total <= len(seen) + 3
    assert [each["agent"] for each in own_node.all("/v1/hosted")] == [agent]


def test_agents_of_two_validators_call_each_other(tmp_path, programs):
    cluster = Cluster(tmp_path)
    try:
        cluster.start()
        one, other = cluster.seats[0], cluster.seats[1]
        counter = spawn(one, programs, "counter", "counter")
        relay = spawn(other, programs, "relay", "relay")
        assert output(other, relay, *words(counter), 3) == [0, 3]
        assert output(one, counter, 4) == [7]
        assert [each["agent"] for each in one.all("/v1/hosted")] == [counter]
    finally:
        cluster.stop()
