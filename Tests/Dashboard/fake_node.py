"""A node's memory for tests: takes OTLP/JSON spans, gives what the REST contract promises.

Receipts are real: made with the receipt maker of the Python client's tests.
"""

import itertools
import json
import pathlib
import sys
import threading
import time
from decimal import Decimal

from blake3 import blake3

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients/python/tests"))

import maker  # noqa: E402

KINDS = {"invoke_agent": "run", "chat": "modelCall", "execute_tool": "toolCall",
         "handoff": "handOff", "retrieval": "retrieval", "search_memory": "memory"}
PREVIOUS = "00" * 32


def agent_id(name):
    return maker.filler(f"agent {name}").hex()


def plain(value):
    return next(iter(value.values())) if value else None


class Step:
    """A span as a record of the receipt's form, with what the dashboard shows beside it."""

    def __init__(self, span, payload):
        facts = {each["key"]: plain(each["value"]) for each in span["attributes"]}
        self.payload, self.name, self.run = payload, span["name"], span["traceId"]
        self.agent_name = facts.get("gen_ai.agent.name", "unknown")
        self.shown = {"model": facts.get("gen_ai.request.model"),
                      "provider": facts.get("gen_ai.provider.name"),
                      "tool": facts.get("gen_ai.tool.name")}
        start, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        count = lambda key: str(int(facts.get(key, 0)))  # noqa: E731
        self.record = {
            "digest": "", "agent": agent_id(self.agent_name), "run": self.run, "task": "00" * 16,
            "operation": span["spanId"], "caller": span.get("parentSpanId", "00" * 8),
            "kind": KINDS.get(facts.get("gen_ai.operation.name"), "other"),
            "outcome": "failure" if span["status"].get("code") == 2 else "success",
            "start": str(start), "duration": str(end - start),
            "tokens": {"input": count("gen_ai.usage.input_tokens"),
                       "output": count("gen_ai.usage.output_tokens"),
                       "cached": count("gen_ai.usage.cache_read.input_tokens"), "reasoning": "0"},
            "compute": "0", "memory": "0",
            "cost": str(int(Decimal(str(facts.get("gen_ai.usage.cost", 0))) * 10**9)),
            "gas": "12", "parents": [],
            "payload": {"size": str(len(payload)), "digest": blake3(payload).hexdigest()}}
        self.record["digest"] = maker.record_digest(self.record).hex()

    def operation(self):
        record, batch = self.record, self.batch
        keep = ["digest", "operation", "caller", "kind", "outcome", "start", "duration", "tokens",
                "compute", "memory", "cost", "gas", "payload", "parents", "agent"]
        return {"id": f"{batch['number']}-{self.row}", "name": self.name, "run": self.run,
                "agentName": self.agent_name, "batch": batch["number"], "row": self.row,
                "checkpoint": batch["checkpoint"], **self.shown,
                **{name: record[name] for name in keep}}


class FakeNode:
    """Everything under one lock; `events` grows by one entry per event."""

    def __init__(self, checkpoint_seconds=0.3):
        self.lock = threading.Condition()
        self.chain = maker.Chain(4, name="fixture")
        self.submitter = maker.signing_key("submitter")
        self.started = time.time_ns()
        self.steps, self.batches, self.checkpoints, self.events = [], [], [], []
        self.checkpoint_seconds = checkpoint_seconds
        threading.Thread(target=self.keep_checkpointing, daemon=True).start()

    def emit(self, name, data):
        self.events.append((name, json.dumps(data)))
        self.lock.notify_all()

    def ingest(self, request):
        """Records the spans of an export request as one batch."""
        with self.lock:
            steps = []
            for resource in request["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        alone = {"resource": resource.get("resource", {}), "scopeSpans": [
                            {"scope": scope.get("scope", {}), "spans": [span]}]}
                        steps.append(Step(span, json.dumps(alone).encode()))
            batch = self.batch_of(steps)
            self.batches.append(batch)
            self.steps.extend(steps)
            self.emit("batch", self.batch_json(batch))
            for run in dict.fromkeys(step.run for step in steps):
                self.emit("run", self.run_json(run))
            for name in dict.fromkeys(step.agent_name for step in steps):
                self.emit("agent", self.agent_json(name))
            self.emit("status", self.status())

    def batch_of(self, steps):
        leaves = [bytes.fromhex(step.record["digest"]) for step in steps]
        header = {
            "submitter": maker.filler("submitter").hex(),
            "key": bytes(self.submitter.verify_key).hex(), "sequence": str(len(self.batches) + 1),
            "previous": self.batches[-1]["digest"] if self.batches else PREVIOUS,
            "root": maker.root(leaves).hex(), "columns": maker.filler("columns").hex(),
            "count": len(steps), "closed": str(time.time_ns())}
        message = maker.batch_message(self.chain.digest, header)
        header["signature"] = self.submitter.sign(message).signature.hex()
        batch = {"header": header, "leaves": leaves, "number": str(len(self.batches) + 1),
                 "digest": maker.batch_digest(self.chain.digest, header).hex(), "checkpoint": None}
        for row, step in enumerate(steps):
            step.batch, step.row = batch, row
        return batch

    def keep_checkpointing(self):
        for _ in itertools.count():
            time.sleep(self.checkpoint_seconds)
            with self.lock:
                self.close_checkpoint([b for b in self.batches if b["checkpoint"] is None])

    def close_checkpoint(self, batches):
        if batches:
            height = len(self.checkpoints) + 1
            leaves = [maker.item_digest(bytes.fromhex(each["digest"])) for each in batches]
            header = {
                "epoch": "0", "height": str(height), "time": str(time.time_ns()),
                "records": str(len(self.steps)), "items": len(batches),
                "previous": self.checkpoints[-1]["digest"] if self.checkpoints
                else self.chain.digest.hex(),
                "itemsRoot": maker.root(leaves).hex(), "committee": self.chain.committee().hex(),
                "stateRoot": maker.filler(f"state {height}").hex()}
            message = maker.checkpoint_message(self.chain.digest, header)
            certificate = [{"validator": i, "signature": key.sign(message).signature.hex()}
                           for i, key in enumerate(self.chain.signers)]
            self.checkpoints.append({
                "header": header, "leaves": leaves, "certificate": certificate,
                "digest": message[len(b"althing checkpoint v1"):].hex(), "batches": batches})
            for index, batch in enumerate(batches):
                batch["checkpoint"], batch["item"] = str(height), index
                self.emit("batch", self.batch_json(batch))
            self.emit("checkpoint", self.checkpoint_json(self.checkpoints[-1]))
            for run in dict.fromkeys(s.run for s in self.steps if s.batch in batches):
                self.emit("run", self.run_json(run))
        self.emit("status", self.status())

    def receipt(self, step):
        """The receipt of a step, or None while no checkpoint holds its batch."""
        batch = step.batch
        if batch["checkpoint"] is None:
            return None
        checkpoint = self.checkpoints[int(batch["checkpoint"]) - 1]
        path = lambda leaves, i: [each.hex() for each in maker.path(leaves, i)]  # noqa: E731
        return {
            "format": "althing-receipt-v1", "chain": self.chain.digest.hex(),
            "genesis": self.chain.json(), "record": step.record,
            "batch": {**batch["header"], "index": step.row,
                      "path": path(batch["leaves"], step.row)},
            "checkpoint": {**checkpoint["header"], "index": batch["item"],
                           "path": path(checkpoint["leaves"], batch["item"])},
            "certificate": checkpoint["certificate"]}

    def total(self, steps, *path):
        def pick(value):
            for part in path:
                value = value[part]
            return int(value)
        return str(sum(pick(step.record) for step in steps))

    def tokens(self, steps):
        return {name: self.total(steps, "tokens", name)
                for name in ["input", "output", "cached", "reasoning"]}

    def run_steps(self, run):
        steps = [step for step in self.steps if step.run == run]
        return sorted(steps, key=lambda step: int(step.record["start"]))

    def run_json(self, run):
        steps = self.run_steps(run)
        root = next((s for s in steps if set(s.record["caller"]) == {"0"}), steps[0])
        start = min(int(s.record["start"]) for s in steps)
        end = max(int(s.record["start"]) + int(s.record["duration"]) for s in steps)
        final = all(step.batch["checkpoint"] for step in steps)
        return {"run": run, "name": root.name, "agent": root.record["agent"],
                "agentName": root.agent_name, "owner": maker.filler("owner").hex(),
                "start": str(start), "end": str(end), "duration": str(end - start),
                "records": len(steps), "tokens": self.tokens(steps),
                "cost": self.total(steps, "cost"), "gas": self.total(steps, "gas"),
                "outcome": root.record["outcome"],
                "finality": "checkpointFinal" if final else "agentFinal"}

    def agent_json(self, name):
        steps = [step for step in self.steps if step.agent_name == name]
        times = [int(step.record["start"]) for step in steps]
        return {"agent": agent_id(name), "owner": maker.filler("owner").hex(),
                "ownerName": "fixtures", "name": name, "version": "1.2", "status": "active",
                "capabilities": ["chat", "tools"], "metadata": maker.filler(name).hex(),
                "registered": str(self.started), "usage": {
                    "records": str(len(steps)),
                    "failures": str(sum(s.record["outcome"] == "failure" for s in steps)),
                    "tokens": self.tokens(steps), "cost": self.total(steps, "cost"),
                    "gas": self.total(steps, "gas"), "first": str(min(times)),
                    "last": str(max(times))}}

    def batch_json(self, batch):
        header = batch["header"]
        return {"number": batch["number"], "digest": batch["digest"],
                "submitter": header["submitter"], "sequence": header["sequence"],
                "count": header["count"], "root": header["root"], "closed": header["closed"],
                "bytes": str(200 + 90 * header["count"]), "agentFinalAfter": "3400000",
                "checkpoint": batch["checkpoint"]}

    def checkpoint_json(self, checkpoint, contents=False):
        header = checkpoint["header"]
        shown = {name: header[name] for name in
                 ["height", "previous", "time", "items", "records", "stateRoot", "itemsRoot"]}
        shown.update(digest=checkpoint["digest"], certificate=checkpoint["certificate"])
        if contents:
            shown["contents"] = [{"kind": "batch", "number": each["number"],
                                  "digest": each["digest"]} for each in checkpoint["batches"]]
        return shown

    def status(self):
        spans = str(len(self.steps))
        latency = {"p50": "4100000", "p99": "11800000", "count": spans}
        slow = {"p50": "512000000", "p99": "1010000000", "count": spans}
        raw = sum(len(step.payload) for step in self.steps)
        return {"version": "0.0-fixture", "commit": "fixture", "chain": self.chain.digest.hex(),
                "name": "fixture", "mode": "development", "started": str(self.started),
                "now": str(time.time_ns()), "height": str(len(self.checkpoints)),
                "records": spans, "batches": str(len(self.batches)), "operations": "3",
                "agents": str(len(self.agent_names())),
                "spans": {"received": spans, "recorded": spans, "duplicates": "0", "refused": "0"},
                "payloads": {"rawBytes": str(raw), "storedBytes": str(raw // 9)},
                "validators": [{"key": key.hex(), "did": "did:key:z"} for key in self.chain.keys],
                "latency": {"agentFinal": latency, "checkpointFinal": slow},
                "store": {"journalBytes": "1000", "payloadBytes": "1000"}}

    def agent_names(self):
        return list(dict.fromkeys(step.agent_name for step in self.steps))
