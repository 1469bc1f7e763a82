"""`althing program`: examples are built, run and debugged as a user types it."""

import json
import shutil

import pytest
from node import ROOT, run

EXAMPLES = ROOT / "examples" / "agents"
AGENT = "0a" * 32
OTHER = "0b" * 32


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Builds an example and gives its file and what was told."""
    if shutil.which("swiftc") is None:
        pytest.skip("no swiftc along PATH")
    folder = tmp_path_factory.mktemp("programs")

    def build(name):
        file = folder / f"{name}.pvm"
        result = run("program", "build", f"examples/agents/{name}", "-o", file, "--json", cwd=ROOT)
        assert result.returncode == 0, result.stderr
        return file, json.loads(result.stdout)

    return build


def words(file, *messages):
    """The words that a program writes for these messages, as numbers."""
    options = [each for message in messages for each in ("--message", message)]
    result = run("program", "run", file, *options, "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    told = json.loads(result.stdout)
    assert told["exit"] == "rest"
    return [int(word) for word in told["words"]]


def test_the_counter(built):
    file, told = built("counter")
    assert words(file, "5,6", "7") == [11, 18]
    assert told["bytes"] == file.stat().st_size
    shown = json.loads(run("program", "inspect", file, "--json").stdout)
    assert shown["identity"] == told["identity"]
    assert shown["faults"] == []
    assert len(shown["instructions"]) == told["instructions"]


def test_the_escrow(built):
    file, _ = built("escrow")
    payee = ",".join(["7"] * 4)
    payer = ",".join(["0x0b0b0b0b0b0b0b0b"] * 4)
    opening = f"{AGENT}:1,{payer},{payee},70,0"
    assert words(file, opening, f"{OTHER}:2,0", f"{OTHER}:2,0") == [0, 0, 0, 0, 0, 0, 4, 0, 0]


def test_the_market(built):
    file, _ = built("market")
    assert words(file, "1,1000,1000", "2,100,90") == [1, 0, 1000, 1000, 1, 90, 1100, 910]


def test_a_trace_shows_every_step(built):
    file, _ = built("counter")
    result = run("program", "run", file, "--message", "5", "--trace")
    lines = [line for line in result.stdout.splitlines() if " gas " in line and " pc " in line]
    assert lines[0].startswith("1 pc 0 gas ")
    assert any("ecalli 0 -> r7=0x5" in line for line in lines)


def test_the_debugger_obeys_its_input(built):
    file, _ = built("counter")
    script = "step 2\ncontinue\ninput 2,40,2\ncontinue\noutput\nregisters\nmemory 0 4\nquit\n"
    result = run("program", "debug", file, "--message", "5,6", input=script)
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("next 0: jump ")
    assert "wrote 11" in lines and "wrote 53" in lines and "output 11 53" in lines
    assert lines.count("ended: rest") == 2
    assert "not all of it can be read" in lines


def test_what_cannot_be_built_is_named(tmp_path):
    source = tmp_path / "a.c"
    source.write_text("int main(void) { return missing(); }")
    result = run("program", "build", source, "-o", tmp_path / "a.pvm")
    assert result.returncode == 1
    assert "clang failed" in result.stderr
    result = run("program", "build", source, env={"PATH": str(tmp_path)})
    assert "there is no clang along PATH" in result.stderr
    elf = tmp_path / "b.elf"
    elf.write_bytes(b"\x7fELF but no more")
    result = run("program", "build", elf)
    assert "not a 64-bit little-endian ELF file" in result.stderr
