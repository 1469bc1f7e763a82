"""Jobs of every level of verification, and one in parts, through an orchestrator and a worker that
are killed: each is paid once, and no money is made."""

import subprocess
import time

import pytest
from node import binary, run
from test_law import People

# Writes the sum so far after each word that it reads.
SUMS = """
.heap 1
.stack 4096
    load_imm r2, 0x20000
    fallthrough
word:
    ecalli 0
    load_ind_u64 r4, r2, 0
    add_64 r7, r4, r7
    store_ind_u64 r7, r2, 0
    ecalli 1
    jump word
"""
CREDIT = 1_000_000_000


class Crew:
    """People with processes of the program that work for them."""

    def __init__(self, people, folder):
        self.people, self.folder, self.processes = people, folder, {}

    def start(self, name, person, *words):
        command = [str(binary()), *map(str, words), "--key", str(self.people.key(person)),
                   "--passphrase-file", str(self.people.secret), "--node", self.people.node.url]
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self, name):
        process = self.processes.pop(name)
        process.kill()
        process.wait(timeout=10)

    def kill_all(self):
        for name in list(self.processes):
            self.kill(name)

    def told(self, name):
        return (self.folder / f"{name}.log").read_text()


@pytest.fixture
def crew(own_node, tmp_path):
    own_node.start()
    people = People(own_node, tmp_path)
    for name in ("bank", "ada", "bob", "eve", "joe"):
        people.enter(name)
    people.does("bank", "account", "transfer", "1000", "--to", people.ids["ada"])
    made = Crew(people, tmp_path)
    yield made
    made.kill_all()


def eventually(what, holds, seconds=100):
    limit = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < limit, what
        time.sleep(0.1)
    return found


def test_jobs_of_every_level_outlive_kills(crew, tmp_path):
    people, node, ids = crew.people, crew.people.node, crew.people.ids
    queue = tmp_path / "orchestrator"
    source, program = tmp_path / "sums.s", tmp_path / "sums.pvm"
    source.write_text(SUMS)
    built = run("program", "assemble", source, "--out", program)
    assert built.returncode == 0, built.stderr
    work = tmp_path / "work.md"
    work.write_text("count the words")
    people.does("bob", "offer", "add", "--name", "counting", "--price", "1")

    def submit(name, *words):
        done = run("orchestrator", "submit", "--data", queue, "--name", name, "--node", node.url,
                   *words)
        assert done.returncode == 0, done.stderr

    jobs = {
        "parts": ["--specification", work, "--milestone", "5", "--milestone", "3",
                  "--milestone", "2"],
        "redundant": ["--specification", work, "--milestone", "4", "--milestone", "4",
                      "--verifier", ids["eve"], "--verifier", ids["joe"], "--fee", "1"],
        "again": ["--program", program, "--input", "3,4,9", "--price", "7", "--rounds", "2"],
        "proven": ["--program", program, "--input", "3,4", "--price", "6", "--proven"],
    }
    for name, words in jobs.items():
        submit(name, *words)
    orchestrator = ["orchestrator", "run", "--data", queue, "--accept"]
    script = "sleep 0.5; printf 'part %s of: ' $ALTHING_MILESTONE; cat"
    worker = ["worker", "run", "--exec", script]
    crew.start("orchestrator", "ada", *orchestrator)
    crew.start("bob", "bob", *worker)
    for verifier in ("eve", "joe"):
        crew.start(verifier, verifier, *worker, "--verify")

    # Both are killed while a part is paid and another is under way, and go on where they stood.
    def under_way():
        return [each for each in node.get(f"/v1/tasks?worker={ids['bob']}")["items"]
                if len(each["terms"]["milestones"]) == 3 and each["paid"] == 1]

    eventually("no part was paid", under_way)
    crew.kill("orchestrator")
    crew.kill("bob")
    for name, words in jobs.items():
        submit(name, *words)
    crew.start("orchestrator", "ada", *orchestrator)
    crew.start("bob", "bob", *worker)
    eventually("not all were done", lambda: [
        each["state"] for each in node.get("/v1/tasks")["items"]] == ["complete"] * 4)

    tasks = node.get(f"/v1/tasks?worker={ids['bob']}")["items"]
    paid = {each["terms"]["verification"]["kind"]: each for each in tasks}
    assert set(paid) == {"attested", "redundant", "reexecuted", "proven"}
    assert all(each["held"] == "0" for each in tasks)
    last = node.ask("GET", f"/v1/payloads/{paid['attested']['result']}")
    assert last.body == b"part 3 of: count the words"
    # The market takes a thousandth of what the worker gets; each verifier was right twice.
    wages = (10 + 8 + 7 + 6) * CREDIT
    assert people.balance(ids["bob"]) == wages - wages // 1000
    for verifier in ("eve", "joe"):
        assert people.balance(ids[verifier]) == 2 * CREDIT
    assert people.balance(ids["ada"]) == 1000 * CREDIT - wages - 4 * CREDIT
    ended = eventually("the orchestrator did not say so", lambda: [
        line for line in crew.told("orchestrator").splitlines() if line.endswith(" complete")]
        if crew.told("orchestrator").count(" complete") >= 4 else None)
    assert len(set(ended)) == 4

    # The list of a worker's tasks comes in pages.
    first = node.get(f"/v1/tasks?worker={ids['bob']}&limit=3")
    assert len(first["items"]) == 3
    rest = node.get(f"/v1/tasks?worker={ids['bob']}&limit=3&cursor={first['next']}")
    assert len(rest["items"]) == 1 and rest["next"] is None
    listed = run("task", "list", "--worker", ids["bob"], "--node", node.url, "--json")
    assert all(each["task"] in listed.stdout for each in tasks)
    assert node.get(f"/v1/tasks?worker={ids['eve']}")["items"] == []
    assert len(node.get(f"/v1/tasks?verifier={ids['eve']}")["items"]) == 1


def test_proofs_and_other_tasks_are_done_once_beside_each_other(crew, tmp_path):
    people, node, ids = crew.people, crew.people.node, crew.people.ids
    queue = tmp_path / "orchestrator"
    source, program = tmp_path / "sums.s", tmp_path / "sums.pvm"
    source.write_text(SUMS)
    assert run("program", "assemble", source, "--out", program).returncode == 0
    work = tmp_path / "work.md"
    work.write_text("count the words")
    people.does("bob", "offer", "add", "--name", "counting", "--price", "1",
                "--capacity", "16")

    def submit(name, *words):
        done = run("orchestrator", "submit", "--data", queue, "--name", name, "--node", node.url,
                   *words)
        assert done.returncode == 0, done.stderr

    # As many proofs as a worker holds at one time, and tasks that come while they are made.
    numbers = ",".join(str(each) for each in range(600))
    for number in range(8):
        submit(f"long {number}", "--program", program, "--input", numbers, "--price", "6",
               "--proven")
    crew.start("orchestrator", "ada", "orchestrator", "run", "--data", queue, "--accept")
    crew.start("bob", "bob", "worker", "run", "--exec", "cat")

    def states(level):
        tasks = node.get(f"/v1/tasks?worker={ids['bob']}")["items"]
        return [each["state"] for each in tasks if each["terms"]["verification"]["kind"] == level]

    eventually("the proofs were not begun", lambda: len(states("proven")) == 8)
    for number in range(3):
        submit(f"short {number}", "--specification", work, "--milestone", "5")
    eventually("the short tasks were not done", lambda: states("attested") == ["complete"] * 3)
    eventually("the proofs were not made", lambda: states("proven") == ["complete"] * 8)
    assert crew.told("bob").count(" delivered") == 11
