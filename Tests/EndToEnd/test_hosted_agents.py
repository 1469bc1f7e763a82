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


#: Emits a record of every word that it reads.
DIARY = """
#include "althing.h"
int main(void) {
    for (;;) {
        althing_message message = althing_next_message();
        for (uint32_t index = 0; index < message.count; index++) {
            uint64_t word = althing_read();
            althing_write(althing_record(&word, 8));
        }
        althing_yield();
    }
}
"""

#: Reads the first leaf of the heap of the agent that the message names.
READER = """
#include "althing.h"
int main(void) {
    for (;;) {
        althing_message message = althing_next_message();
        althing_id other;
        for (int index = 0; index < 4; index++) other.words[index] = althing_read();
        uint64_t first = althing_read();
        althing_begin_state(other, first, 1);
        althing_reply reply = althing_next_reply();
        althing_write(reply.status);
        for (uint32_t index = 0; index < reply.count; index++) althing_write(althing_answer());
        althing_yield();
    }
}
"""

#: Pays so many micro-credits to the account that the message names.
PAYER = """
#include "althing.h"
int main(void) {
    for (;;) {
        althing_message message = althing_next_message();
        althing_id other;
        for (int index = 0; index < 4; index++) other.words[index] = althing_read();
        althing_write(althing_transfer(other, althing_read()));
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
    for name, text in [("relay", RELAY), ("wild", WILD), ("diary", DIARY), ("reader", READER),
                       ("payer", PAYER), ("counter", None)]:
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


def at_rest(node, agent):
    """What it says once that has been the same for two seconds."""
    said, since = output(node, agent)[0], time.monotonic()
    while time.monotonic() < since + 2:
        time.sleep(0.1)
        now = output(node, agent)[0]
        if now != said:
            said, since = now, time.monotonic()
    return said


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


def money(node, account):
    return int(node.get(f"/v1/accounts/{account}")["balance"])


def signed(node, programs, *words):
    """The answer to a command that the node's owner signs."""
    done = run(*words, "--passphrase-file", programs["passphrase"], "--node", node.url, "--json")
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_deposits_come_from_the_owner_and_come_back(own_node, programs):
    own_node.start()
    owner_key = ("--owner-key", own_node.folder / "keys" / "owner.key")
    agent = spawn(own_node, programs, "counter", "counter", "--deposit", 5_000_000)
    owner = own_node.get(f"/v1/agents/{agent}")["owner"]
    after_spawn = money(own_node, owner)
    signed(own_node, programs, "agent", "deposit", agent, 7, *owner_key)
    assert money(own_node, owner) == after_spawn - 7_000
    signed(own_node, programs, "agent", "withdraw", agent, 5, *owner_key)
    assert money(own_node, owner) == after_spawn - 2_000
    assert output(own_node, agent, 1) == [1]
    spent = int(place(own_node, agent)["spent"])
    assert spent > 0
    signed(own_node, programs, "agent", "end", agent, *owner_key)
    assert money(own_node, owner) == after_spawn + (5_000_000 - spent) * 1_000
    assert place(own_node, agent)["status"] == "ended"
    until(lambda: own_node.all("/v1/hosted") == [], "the agent gives its place back")
    # The same agent with a program again: its numbers go on.
    before = int(place(own_node, agent)["sequence"])
    assert spawn(own_node, programs, "counter", "counter") == agent
    assert output(own_node, agent, 3) == [3]
    assert int(place(own_node, agent)["sequence"]) > before


def until(condition, what):
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(0.05)


def test_what_an_agent_emits_is_a_record_with_a_receipt(node, programs, tmp_path):
    agent = spawn(node, programs, "diary", "diary")
    assert output(node, agent, 11, 12, 13) == [0, 0, 0]
    until(lambda: [each for each in node.all(f"/v1/runs?agent={agent}")], "no run of the agent")
    found = [each for each in node.all(f"/v1/runs?agent={agent}")]
    records = [f"{one['run']}:{each['operation']}"
               for one in found for each in node.operations(one["run"])]
    assert len(records) == 3
    for each in records:
        receipt = tmp_path / "receipt.json"
        receipt.write_bytes(node.receipt(each))
        assert run("receipt", "verify", receipt).returncode == 0


def test_an_agent_reads_the_state_of_another(node, programs):
    shown = spawn(node, programs, "counter", "shown", "--readable")
    hidden = spawn(node, programs, "counter", "hidden")
    reader = spawn(node, programs, "reader", "reader")
    assert output(node, shown, 4711) == [4711]
    # The registers are there before any step of the reader; what they hold follows from the root.
    words_shown = output(node, reader, *words(shown), 0)
    assert words_shown[0] == 0 and len(words_shown) == 9
    assert output(node, reader, *words(hidden), 0) == [1]
    clock = place(node, reader)
    assert clock["call"] is None


def test_an_agent_pays_within_its_constitution(own_node, programs):
    own_node.start()
    payer = spawn(own_node, programs, "payer", "payer", "--transfer-limit", 1_000_000)
    payee = spawn(own_node, programs, "counter", "payee")
    key = ("--key", own_node.folder / "keys" / "owner.key")
    # Without a constitution nothing is paid, and the agent is as it was.
    before = place(own_node, payer)
    refused = run("agent", "call", payer, "--input",
                  ",".join(map(str, [*words(payee), 500])), "--node", own_node.url)
    assert refused.returncode != 0 and "noConstitution" in refused.stderr, refused.stderr
    assert place(own_node, payer)["status"] == before["status"]
    signed(own_node, programs, "account", "transfer", 1, "--to", payer, *key)
    signed(own_node, programs, "constitution", "set", payer, "--allow", "all",
           "--value", "0.001", "--daily", "0.0015", *key)
    assert output(own_node, payer, *words(payee), 900) == [0]
    assert money(own_node, payee) == 900_000
    for amount, rule in [(1_001, "valueTooLarge"), (900, "volumeTooLarge")]:
        refused = run("agent", "call", payer, "--input",
                      ",".join(map(str, [*words(payee), amount])), "--node", own_node.url)
        assert refused.returncode != 0 and rule in refused.stderr, refused.stderr
    assert money(own_node, payee) == 900_000
    assert output(own_node, payer, *words(payee), 600) == [0]
    assert money(own_node, payee) == 1_500_000


def test_an_old_copy_of_the_directory_does_not_fork_an_agent(own_node, programs):
    own_node.start()
    agent = spawn(own_node, programs, "counter", "counter")
    assert output(own_node, agent, 1) == [1]
    own_node.kill()
    kept, old = own_node.folder / "agents", own_node.folder / "agents.old"
    shutil.copytree(kept, old)
    own_node.start()
    for word in (2, 3):
        output(own_node, agent, word)
    own_node.kill()
    shutil.rmtree(kept)
    old.rename(kept)
    own_node.start()
    before = place(own_node, agent)
    asked = run("agent", "call", agent, "--input", 4, "--node", own_node.url)
    assert asked.returncode != 0 and "old copy" in asked.stderr, asked.stderr
    listed = own_node.all("/v1/hosted")
    assert "old copy" in listed[0]["trouble"]
    assert place(own_node, agent) == before and before["status"] == "running"


def test_a_hosted_agent_proves(tmp_path, programs):
    """On a chain that accepts nothing but proofs."""
    cluster = Cluster(tmp_path, options=("--evidence", "proof"))
    try:
        cluster.start()
        one, other = cluster.seats[0], cluster.seats[1]
        counter = spawn(one, programs, "counter", "counter", "--evidence", "proof")
        assert output(one, counter, 20, 22) == [42]
        assert output(one, counter, 8) == [50]
        seen = place(one, counter)
        until(lambda: place(other, counter)["root"] == seen["root"], "not accepted elsewhere")
        assert seen["evidence"] == "proof"
    finally:
        cluster.stop()


@pytest.fixture
def proving(tmp_path):
    """The one validator of a chain that accepts nothing but proofs."""
    cluster = Cluster(tmp_path, count=1, options=("--evidence", "proof"))
    try:
        yield cluster.start().seats[0]
    finally:
        cluster.stop()


def give(node, agent, word):
    """What a message of one word is answered with; nil where nobody answers."""
    try:
        answer = node.ask(
            "POST", f"/v1/agents/{agent}/messages", json.dumps({"input": [word]}).encode(),
            {"content-type": "application/json"})
        return int(answer.json()["output"][0]) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, AssertionError):  # it is gone
        return None


def operations(node):
    return int(node.get("/v1/status")["operations"])


def test_messages_that_wait_share_a_proof(proving, programs):
    counter = spawn(proving, programs, "counter", "counter", "--evidence", "proof",
                    "--deposit", 5_000_000)
    assert output(proving, counter, 1) == [1]
    before, seen, count = operations(proving), [], 24
    threads = [threading.Thread(target=lambda: seen.append(give(proving, counter, 1)))
               for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each is answered with a sum of its own, whatever the order.
    assert sorted(seen) == list(range(2, count + 2))
    # Each operation has one proof.
    assert operations(proving) - before < count / 2
    assert output(proving, counter, 0) == [count + 1]


def test_killed_between_turn_and_proof(proving, programs):
    agent = spawn(proving, programs, "counter", "counter", "--evidence", "proof",
                  "--deposit", 500_000_000)
    seen, sent, stop, lock = [], [], threading.Event(), threading.Lock()

    def call():
        while not stop.is_set():
            sent.append(1)
            answer = give(proving, agent, 1)
            if answer is None:
                time.sleep(0.02)
            else:
                with lock:
                    seen.append(answer)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for round in range(4):
        goal = len(seen) + 12
        until(lambda: len(seen) >= goal, "nobody is answered")
        # At another point of the way from the turn to the ledger each time.
        time.sleep(0.013 * round)
        proving.kill()
        proving.start()
    stop.set()
    for thread in threads:
        thread.join()
    # Nothing that was answered is lost, and no message counts twice.
    assert len(seen) == len(set(seen))
    total = at_rest_with(proving, agent, 0)
    assert max(seen) <= total <= len(sent) and total >= len(seen)
    assert all("trouble" not in each or each["trouble"] is None
               for each in proving.all("/v1/hosted"))


def at_rest_with(node, agent, word):
    """What it says to this word, once a restarted node has answered at all."""
    until(lambda: give(node, agent, word) is not None, "the agent does not answer")
    return give(node, agent, word)


def test_killed_amid_a_call_between_agents_of_two_validators(tmp_path, programs):
    cluster = Cluster(tmp_path)
    try:
        cluster.start()
        one, other = cluster.seats[0], cluster.seats[1]
        counter = spawn(one, programs, "counter", "counter")
        relay = spawn(other, programs, "relay", "relay")
        done = 0
        for round in range(4):
            # Whoever is called is killed while the caller waits, then whoever calls.
            victim = one if round % 2 == 0 else other
            given = threading.Thread(
                target=lambda: run("agent", "call", relay, "--input",
                                   ",".join(map(str, [*words(counter), 1])), "--node", other.url))
            given.start()
            time.sleep(0.05 * round)
            victim.kill()
            victim.start()
            given.join()
            until(lambda: place(other, relay)["call"] is None, "the caller waits for ever")
            done += 1
        # Every call that was accepted counts once. One that was accepted and not begun when its
        # validator was killed may begin late.
        total = at_rest(one, counter)
        assert 0 <= total <= done
        assert output(other, relay, *words(counter), 1) == [0, total + 1]
        for agent in (counter, relay):
            assert {place(seat, agent)["status"] for seat in cluster.seats} == {"running"}
    finally:
        cluster.stop()
