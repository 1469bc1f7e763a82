"""Real traces and trajectories go in through `althing record import` and come out complete."""

import json
import os

import althing
import pytest
from node import ROOT, Node, run
from receipts import ours

#: Every n-th receipt is also given to our own verifier, which is a process each time.
STRIDE = int(os.environ.get("ALTHING_RECEIPT_STRIDE", "40"))


@pytest.fixture
def imported(own_node):
    """Starts a node; the result imports a file into it."""
    own_node.start()

    def bring(file):
        result = run("record", "import", file, "--node", own_node.url)
        assert result.returncode == 0, result.stdout + result.stderr
        return own_node

    return bring


def spans_of(file):
    """The spans of OTLP/JSON lines by (trace id, span id)."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    key = span["traceId"], span["spanId"]
                    found[key] = (resource["resource"], scope["scope"], span)
    return found


def check_lines(node, file, folder):
    """Every span of the file is there with its exact content and a receipt."""
    wanted = spans_of(file)
    runs = {trace for trace, _ in wanted}
    found = {(trace, each["operation"]) for trace in runs for each in node.operations(trace)}
    assert found == set(wanted)
    for (trace, identifier), (resource, scope, span) in wanted.items():
        answer = node.ask("GET", f"/v1/records/{trace}:{identifier}/payload")
        assert answer.kind() == "application/json"
        kept = answer.json()
        assert kept["resource"] == resource
        assert kept["scopeSpans"][0]["scope"] == scope
        assert kept["scopeSpans"][0]["spans"] == [span]
    check_receipts(node, [f"{trace}:{identifier}" for trace, identifier in wanted], folder)


def check_receipts(node, names, folder):
    chain = bytes.fromhex(node.get("/v1/genesis")["chain"])
    for place, name in enumerate(names):
        receipt = node.receipt(name)
        payload = node.ask("GET", f"/v1/records/{name}/payload").body
        verdict = althing.verify(receipt, chain=chain, payload=payload)
        assert verdict.part is None, (name, verdict)
        if place % STRIDE == 0:
            assert ours(receipt, folder, chain, payload) is None, name


def test_captured_spans(imported, shared_data, tmp_path):
    file = shared_data / "otel-genai-captured" / "traces.otlp.jsonl"
    node = imported(file)
    assert node.get("/v1/status")["spans"]["recorded"] == "19"
    check_lines(node, file, tmp_path)


@pytest.mark.parametrize("name", ["coder", "handbook", "researcher", "support", "trouble"])
def test_our_samples(imported, tmp_path, name):
    file = ROOT / "Sources" / "Command" / "Samples" / f"{name}.otlp.jsonl"
    check_lines(imported(file), file, tmp_path)


def test_tau_bench(imported, shared_data, tmp_path):
    file = shared_data / "tau-bench" / "gpt-4o-airline-trials-0-1.json"
    node = imported(file)
    source = json.loads(file.read_text(encoding="utf-8"))
    runs = node.all("/v1/runs")
    assert len(runs) == len(source) == 100
    said = [sum(each["role"] == "assistant" for each in one["traj"]) for one in source]
    used = [sum(len(each.get("tool_calls") or []) for each in one["traj"]) for one in source]
    shown = [kinds(node, each["run"]) for each in runs]
    assert sorted((kind.get("modelCall", 0), kind.get("toolCall", 0)) for kind in shown) == sorted(
        zip(said, used))
    won = sum(one["reward"] == 1.0 for one in source)
    assert sum(each["outcome"] == "success" for each in runs) == won
    check_all(node, runs, tmp_path)


def test_openhands(imported, shared_data, tmp_path):
    file = shared_data / "openhands" / "output.jsonl"
    node = imported(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    source = [json.loads(line) for line in lines]
    runs = node.all("/v1/runs")
    assert len(runs) == len(source) == 3
    assert "failure" in [each["outcome"] for each in runs]
    costs = sorted(int(each["cost"]) for each in runs)
    for nano_credits, dollars in zip(costs, sorted(spent(one) for one in source)):
        assert abs(nano_credits - dollars * 1e9) < 1_000
    check_all(node, runs, tmp_path)


def spent(one):
    """Dollars, as the last model call of an OpenHands run states them."""
    stated = [event["llm_metrics"]["accumulated_cost"] for event in one["history"]
              if event.get("tool_call_metadata") and "observation" not in event
              and event.get("llm_metrics")]
    return stated[-1] if stated else 0


def kinds(node, run_name):
    counts = {}
    for each in node.operations(run_name):
        counts[each["kind"]] = counts.get(each["kind"], 0) + 1
    return counts


def check_all(node, runs, folder):
    """The receipts of all records, and each run's totals."""
    names = []
    for one in runs:
        operations = node.operations(one["run"])
        assert one["records"] == len(operations)
        assert int(one["tokens"]["input"]) == sum(
            int(each["tokens"]["input"]) for each in operations)
        names += [f"{one['run']}:{each['operation']}" for each in operations]
    check_receipts(node, names, folder)


def test_importing_twice_records_once(imported, tmp_path):
    file = ROOT / "Sources" / "Command" / "Samples" / "handbook.otlp.jsonl"
    node = imported(file)
    before = node.get("/v1/status")["spans"]["recorded"]
    imported(file)
    assert node.get("/v1/status")["spans"]["recorded"] == before
    assert int(before) == len(spans_of(file))


@pytest.mark.parametrize("text", ["", "not json\n", '{"resourceSpans":', "[1,2,3]", '{"a":1}'])
def test_unknown_files_are_refused(own_node, tmp_path, text):
    own_node.start()
    file = tmp_path / "strange"
    file.write_text(text)
    result = run("record", "import", file, "--node", own_node.url)
    assert result.returncode not in (0, -4, -5, -6, -11)
    assert result.stderr
    assert own_node.get("/v1/status")["records"] in (0, "0")


def test_import_without_a_node_says_so():
    absent = Node("/nonexistent")
    samples = ROOT / "Sources" / "Command" / "Samples" / "handbook.otlp.jsonl"
    result = run("record", "import", samples, "--node", absent.url)
    assert result.returncode > 0
    assert str(absent.port) in result.stderr
