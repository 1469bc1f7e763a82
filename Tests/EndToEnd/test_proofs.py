"""Proofs of execution as a user meets them: made, checked, spoiled, and believed by a chain."""

import json
import os
import shutil

import althing
import pytest
from cluster import Cluster
from node import ROOT, run
from receipts import accepted, ours, refused_alike

SECRET = "a passphrase for tests"


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    """The example that adds up, built."""
    if shutil.which("swiftc") is None:
        pytest.skip("no swiftc along PATH")
    file = tmp_path_factory.mktemp("proofs") / "counter.pvm"
    result = run("program", "build", "examples/agents/counter", "-o", file, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return file


def prove(counter, out, *messages):
    options = [each for message in messages for each in ("--message", message)]
    result = run("prove", "--program", counter, *options, "--out", out, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_a_run_is_proven_and_checked(counter, tmp_path):
    proof = tmp_path / "proof.bin"
    made = prove(counter, proof, "5,6", "7")
    (proven,) = made["runs"]
    assert proven["outputs"] == ["11", "18"] and proven["status"] == "rest"
    result = run("verify-proof", proof, "--program", counter, "--json")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told == made
    assert told["soundnessBits"] >= 100 and proven["fromFirstState"]
    assert told["bytes"] == proof.stat().st_size


def test_a_flipped_byte_is_refused(counter, tmp_path):
    proof = tmp_path / "proof.bin"
    prove(counter, proof, "1,2")
    good = proof.read_bytes()
    for place in [0, 20, len(good) // 3, len(good) // 2, len(good) - 1]:
        bad = bytearray(good)
        bad[place] ^= 1
        proof.write_bytes(bad)
        result = run("verify-proof", proof)
        assert result.returncode == 1, place


@pytest.fixture
def proofs_only(tmp_path):
    """A chain that accepts nothing but proofs, with an owner."""
    made = Cluster(tmp_path, count=1, options=("--evidence", "proof")).start()
    made.seats[0].chain = made.chain
    yield made.seats[0], Owner(tmp_path, made.seats[0])
    made.stop()


class Owner:
    """An owner's key, and agents in folders of their own."""

    def __init__(self, folder, seat):
        self.folder, self.key = folder, folder / "owner.key"
        secret = folder / "secret"
        secret.write_text(SECRET + "\n")
        os.chmod(secret, 0o600)
        self.sign = ["--passphrase-file", secret, "--node", seat.url]
        made = run("key", "new", "--out", self.key, "--passphrase-file", secret)
        assert made.returncode == 0, made.stderr
        told = run("owner", "register", "--name", "Acme", "--key", self.key, "--json", *self.sign)
        assert told.returncode == 0, told.stderr
        # Deposits of agents come out of the owner's account; the seat's owner has all money.
        bank = folder / "bank"
        bank.write_text("development\n")
        os.chmod(bank, 0o600)
        told = run("account", "transfer", "10000", "--to", json.loads(told.stdout)["owner"],
                   "--key", seat.folder / "keys" / "validator.key", "--passphrase-file", bank,
                   "--node", seat.url)
        assert told.returncode == 0, told.stderr

    def try_spawn(self, program, name, *more):
        home = self.folder / name
        home.mkdir()
        return run("agent", "spawn", "--program", program, "--name", name, "--home", home,
                   "--owner-key", self.key, "--json", *more, *self.sign)

    def spawn(self, program, name, *more):
        told = self.try_spawn(program, name, *more)
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)["agent"], self.folder / name

    def call(self, agent, home, *messages):
        inputs = [each for words in messages for each in ("--input", words)]
        return run("agent", "call", agent, "--home", home, *inputs, "--json", *self.sign)

    def receipt(self, digest, file):
        """The receipt of an operation, as a user fetches it."""
        told = run("receipt", "get", digest, "--wait", "10", "--out", file, "--node",
                   self.sign[-1])
        assert told.returncode == 0, told.stderr
        return file.read_bytes()


def contents(file, *more):
    told = run("receipt", "verify", file, "--json", *more)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)["contents"]


def test_a_chain_that_accepts_nothing_but_proofs(counter, proofs_only):
    seat, owner = proofs_only
    agent, home = owner.spawn(counter, "proving", "--evidence", "proof")
    for words, total in [("1,2", "3"), ("39", "42")]:
        told = owner.call(agent, home, words)
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["output"] == [total]
    instance = seat.get(f"/v1/agents/{agent}/instance")["instance"]
    assert int(instance["sequence"]) == 2
    assert instance["root"] == json.loads(told.stdout)["root"]

    told = owner.try_spawn(counter, "replayed")
    assert told.returncode == 1 and "evidenceNotAccepted" in told.stderr


def test_an_accepted_transition_has_a_receipt_with_its_proof(counter, proofs_only, tmp_path):
    seat, owner = proofs_only
    agent, home = owner.spawn(counter, "proving", "--evidence", "proof")
    told = json.loads(owner.call(agent, home, "1,2").stdout)
    file = tmp_path / "operation.json"
    receipt = owner.receipt(told["operations"][-1], file)
    accepted(receipt, tmp_path, seat.chain, None)
    said = contents(file, "--program", counter, "--chain", seat.chain.hex())
    assert said["evidence"] == "proof" and said["proofChecked"] == "here"
    assert said["agent"] == agent and said["newRoot"] == told["root"]
    for seed in range(12):
        refused_alike(receipt, tmp_path, seed)


def test_transitions_share_a_proof(counter, proofs_only, tmp_path):
    """Three messages, a transition each, in one operation: once, in order, with one receipt."""
    seat, owner = proofs_only
    agent, home = owner.spawn(counter, "sharing", "--evidence", "proof")
    result = owner.call(agent, home, "1,2", "39", "8")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["output"] == ["3", "42", "50"] and told["transitions"] >= 3
    assert len(told["operations"]) == 1
    instance = seat.get(f"/v1/agents/{agent}/instance")["instance"]
    assert instance["root"] == told["root"]
    assert int(instance["sequence"]) == told["transitions"]

    file = tmp_path / "operation.json"
    receipt = owner.receipt(told["operations"][0], file)
    accepted(receipt, tmp_path, seat.chain, None)
    said = contents(file, "--program", counter)
    assert said["transitions"] == f"1 to {told['transitions']}"
    assert said["proofChecked"] == "here" and said["newRoot"] == told["root"]
    # One header of three changed: the receipt is no longer of what the validators agreed on.
    command = json.loads(receipt)["operation"]["command"]
    spoiled = command[:600] + ("0" if command[600] != "0" else "1") + command[601:]
    bad = receipt.replace(command.encode(), spoiled.encode())
    assert althing.verify(bad).part == ours(bad, tmp_path) is not None

    # It goes on from there, alone.
    told = json.loads(owner.call(agent, home, "50").stdout)
    assert told["output"] == ["100"]


def test_a_verdict_that_nobody_heard(counter, proofs_only):
    """The ledger accepted a series, and the command ended before it could keep what came of it."""
    seat, owner = proofs_only
    agent, home = owner.spawn(counter, "deaf", "--evidence", "proof")
    assert owner.call(agent, home, "1").returncode == 0
    before = (home / "state").read_bytes()
    assert owner.call(agent, home, "2", "3").returncode == 0
    (home / "state").write_bytes(before)
    told = owner.call(agent, home, "4")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["output"] == ["10"]
