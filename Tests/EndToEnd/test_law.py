"""The law and the market, as people type it: limits, an approval, a task paid, a stop that holds."""

import json
import re
import time

import pytest
from blake3 import blake3
from node import run


class People:
    """Owners with keys on one node; the validator's key is the bank."""

    def __init__(self, node, folder):
        self.node, self.folder, self.ids = node, folder, {}
        self.secret = folder / "secret"
        self.secret.write_text("development\n")
        self.secret.chmod(0o600)

    def key(self, name):
        folder = self.node.folder if name == "bank" else self.folder / name
        return folder / "keys" / "validator.key"

    def enter(self, name):
        if name == "bank":
            # The owner of the node's seat is registered, and has paid for the development owner.
            key = bytes.fromhex(self.node.get("/v1/validators")["validators"][0]["key"])
            self.ids[name] = blake3(key, derive_key_context="althing 2026 owner v1").hexdigest()
            return
        # Keys of the development mode open at once.
        made = run("validator", "new", "--dev", "--data", self.folder / name)
        assert made.returncode == 0, made.stderr
        told = self.tell("owner", "register", "--name", name, "--key", self.key(name))
        self.ids[name] = told["owner"]

    def tell(self, *words):
        """The answer to a command that must succeed."""
        done = self.ask(*words)
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout)

    def ask(self, *words):
        return run(*words, "--passphrase-file", self.secret, "--node", self.node.url, "--json")

    def does(self, name, *words):
        """What came of a command that this person signs."""
        return self.tell(*words, "--key", self.key(name))["effects"][0]

    def refused(self, name, *words):
        """The rule by which the ledger refuses a command that this person signs."""
        done = self.ask(*words, "--key", self.key(name))
        assert done.returncode == 1, (words, done.stdout, done.stderr)
        return re.search(r"The ledger refused it: (\w+\.\w+)", done.stderr).group(1)

    def balance(self, account):
        return int(self.node.get(f"/v1/accounts/{account}")["balance"])


@pytest.fixture
def people(own_node, tmp_path):
    own_node.start()
    made = People(own_node, tmp_path)
    for name in ("bank", "ada", "bob", "eve"):
        made.enter(name)
    made.does("bank", "account", "transfer", "1000", "--to", made.ids["ada"])
    return made


def once_listed(node, path):
    """The items of a list, once the next checkpoint has one."""
    limit = time.monotonic() + 10
    while not (items := node.get(path)["items"]):
        assert time.monotonic() < limit, f"nothing in {path}"
        time.sleep(0.05)
    return items


def test_an_agent_works_within_its_law_until_it_is_stopped(people, tmp_path):
    node, ids = people.node, people.ids
    agent = people.tell("agent", "register", "--name", "scout", "--owner-key",
                        people.key("ada"))["agent"]
    pay = ["account", "transfer", "--to", ids["bob"], "--as", agent]
    assert people.refused("ada", *pay, "1") == "limits.noConstitution"
    people.does("ada", "account", "transfer", "100", "--to", agent)
    enacted = people.does(
        "ada", "constitution", "set", agent, "--allow", "all", "--value", "50", "--daily", "80",
        "--guardian", ids["eve"], "--ask-above", "5")
    assert enacted["kind"] == "enacted"
    law = node.get(f"/v1/agents/{agent}/constitution")["constitution"]
    assert law["guardians"] == [ids["eve"]] and law["limits"]["valuePerAction"] == "50000000000"

    # Under the bound it is done, above it a guardian is asked, above the limit it is refused.
    assert people.does("ada", *pay, "5")["kind"] == "transferred"
    waiting = people.does("ada", *pay, "20")
    assert waiting["kind"] == "approvalRequested"
    assert people.balance(ids["bob"]) == 5_000_000_000
    [item] = once_listed(node, "/v1/approvals")
    assert item["approval"] == waiting["approval"] and item["action"]["value"] == "20000000000"
    assert people.does("eve", "approval", "approve", waiting["approval"])["kind"] == \
        "approvalExecuted"
    assert people.balance(ids["bob"]) == 25_000_000_000
    assert people.refused("eve", "approval", "approve", waiting["approval"]) == \
        "approvals.approvalUnknown"
    assert people.refused("ada", *pay, "51") == "limits.valueTooLarge"

    # Ada puts a task up, the lower of two bids gets it, does it and is paid.
    work = tmp_path / "work.md"
    work.write_text("count the words")
    people.does("bank", "account", "transfer", "10", "--to", ids["eve"])
    task = people.does("ada", "auction", "open", "--specification", work, "--reserve", "10",
                       "--bids-for", "2s", "--reveals-for", "2s")["task"]
    for name, price in (("bob", "9"), ("eve", "4")):
        assert people.does(name, "auction", "bid", task, "--price", price)["kind"] == \
            "bidCommitted"
    for name, price in (("bob", "9"), ("eve", "4")):
        in_time(people, name, "auction", "reveal", task, "--price", price)
    in_time(people, "ada", "auction", "close", task)
    had = people.balance(ids["eve"])
    for name, words in (("eve", ["begin"]), ("eve", ["deliver", "--result", work]),
                        ("ada", ["accept"])):
        done = people.does(name, "task", *words, task)
    assert done["state"] == "complete"
    assert people.balance(ids["eve"]) == had + 3_996_000_000
    assert people.refused("ada", "task", "accept", task) == "tasks.wrongState"
    assert node.get(f"/v1/tasks/{task}")["held"] == "0"

    # The guardian stops the agent; nothing is accepted until it is resumed.
    assert people.does("eve", "stop", "--agent", agent)["kind"] == "stopped"
    for _ in range(3):
        assert people.refused("ada", *pay, "1") == "forbidden.agentStopped"
    assert node.get(f"/v1/agents/{agent}/rulings")["stopped"] is not None
    assert people.does("ada", "resume", "--agent", agent)["kind"] == "resumed"
    assert people.does("ada", *pay, "1")["kind"] == "transferred"
    assert people.balance(agent) == 74_000_000_000

    # Nothing was made or lost: what everybody holds is the supply but for what the development
    # owner got at the start.
    holders = [*ids.values(), agent]
    total = sum(people.balance(each) for each in holders)
    assert total == 10**18 - 10**15 - 4_000_000, "the market fee alone has left"


def in_time(people, name, *words):
    """Repeats what comes too early."""
    limit = time.monotonic() + 20
    while True:
        done = people.ask(*words, "--key", people.key(name))
        if done.returncode == 0:
            return json.loads(done.stdout)["effects"][0]
        assert "tooEarly" in done.stderr and time.monotonic() < limit, done.stderr
        time.sleep(0.1)
