"""Serves a FakeNode over HTTP as docs and contract say, with the dashboard's own files."""

import http.server
import json
import mimetypes
import threading
import urllib.parse

from fake_node import ROOT, FakeNode, agent_id

FILES = ROOT / "Sources/Gateway/Dashboard"
POLICY = ("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
          "connect-src 'self'")
mimetypes.add_type("text/javascript", ".js")


class Refusal(Exception):
    def __init__(self, status, slug, title, detail=""):
        self.status, self.slug, self.title, self.detail = status, slug, title, detail


class Face(http.server.BaseHTTPRequestHandler):
    """One request. The node is `self.server.node`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body, kind="application/json", status=200, headers=()):
        self.send_response(status)
        for name, text in [("Content-Type", kind), ("Content-Length", str(len(body))),
                           ("X-Correlation-Id", "f1f2f3f4"), ("Content-Security-Policy", POLICY),
                           ("X-Content-Type-Options", "nosniff"), *headers]:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        parts = [urllib.parse.unquote(part) for part in address.path.strip("/").split("/")]
        try:
            if parts == ["v1", "events"]:
                self.events()
            elif parts[0] == "v1":
                with self.server.node.lock:
                    body, kind = self.resource(parts[1:], query)
                self.answer(body, kind)
            else:
                self.file(address.path)
        except Refusal as refusal:
            problem = {"type": f"/problems/{refusal.slug}", "title": refusal.title,
                       "status": refusal.status, "detail": refusal.detail, "instance": "f1f2f3f4"}
            self.answer(json.dumps(problem).encode(), "application/problem+json", refusal.status)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.node.ingest(json.loads(body))
        self.answer(b"{}")

    def file(self, path):
        name = "index.html" if path == "/" else path.removeprefix("/dashboard/")
        place = (FILES / name).resolve()
        if FILES not in place.parents or not place.is_file():
            raise Refusal(404, "not-found", "There is nothing here", path)
        self.answer(place.read_bytes(), mimetypes.guess_type(place.name)[0])

    def events(self):
        node, seen = self.server.node, self.headers.get("Last-Event-ID")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        at = len(node.events) if seen is None else int(seen)
        while not self.server.stopping:
            with node.lock:
                node.lock.wait_for(lambda: len(node.events) > at, timeout=1)
                fresh = node.events[at:]
            for name, data in fresh:
                at += 1
                self.wfile.write(f"id: {at}\nevent: {name}\ndata: {data}\n\n".encode())
            self.wfile.flush()

    def resource(self, parts, query):
        """The JSON (or payload) of a place under /v1."""
        place = getattr(self, f"v1_{parts[0]}", None)
        if place is None:
            raise Refusal(404, "not-found", "There is nothing here", "/".join(parts))
        value = place(self.server.node, parts[1:], query)
        return value if isinstance(value, tuple) else (json.dumps(value).encode(),
                                                       "application/json")

    def page(self, items, query):
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 50))
        end = start + limit
        return {"items": items[start:end], "next": str(end) if end < len(items) else None}

    def v1_status(self, node, rest, query):
        return node.status()

    def v1_genesis(self, node, rest, query):
        return {"chain": node.chain.digest.hex(), **node.chain.json()}

    def v1_runs(self, node, rest, query):
        names = list(dict.fromkeys(step.run for step in node.steps))
        if rest:
            if rest[0] not in names:
                raise Refusal(404, "no-such-run", "There is no such run", rest[0])
            operations = [step.operation() for step in node.run_steps(rest[0])]
            return {**node.run_json(rest[0]), "operations": operations, "next": None}
        runs = [node.run_json(name) for name in reversed(names)]
        return self.page([run for run in runs if self.wanted(run, query)], query)

    def wanted(self, run, query):
        return (run["run"].startswith(query.get("trace", ""))
                and query.get("agent", run["agent"]) == run["agent"]
                and int(query.get("since", 0)) <= int(run["start"])
                and int(run["start"]) <= int(query.get("until", 1 << 64)))

    def v1_records(self, node, rest, query):
        for step in node.steps:
            names = [f"{step.batch['number']}-{step.row}",
                     f"{step.run}:{step.record['operation']}"]
            if rest[0] in names:
                break
        else:
            raise Refusal(404, "no-such-record", "There is no such record", rest[0])
        if rest[1:] == ["payload"]:
            return step.payload, "application/json"
        if rest[1:] == ["receipt"]:
            receipt = node.receipt(step)
            if receipt is None:
                raise Refusal(409, "not-checkpointed", "The record is in no checkpoint yet")
            return receipt
        return step.operation()

    def v1_agents(self, node, rest, query):
        agents = [node.agent_json(name) for name in node.agent_names()
                  if query.get("name", "").lower() in name.lower()]
        if not rest:
            return self.page(agents, query)
        for agent in agents:
            if agent["agent"] == rest[0]:
                return agent
        raise Refusal(404, "no-such-agent", "There is no such agent", rest[0])

    def v1_batches(self, node, rest, query):
        if not rest:
            return self.page([node.batch_json(each) for each in reversed(node.batches)], query)
        if not rest[0].isdigit() or not 0 < int(rest[0]) <= len(node.batches):
            raise Refusal(404, "no-such-batch", "There is no such batch", rest[0])
        return node.batch_json(node.batches[int(rest[0]) - 1])

    def v1_checkpoints(self, node, rest, query):
        if not rest:
            return self.page([node.checkpoint_json(each) for each in reversed(node.checkpoints)],
                             query)
        if not rest[0].isdigit() or not 0 < int(rest[0]) <= len(node.checkpoints):
            raise Refusal(404, "no-such-checkpoint", "There is no such checkpoint", rest[0])
        return node.checkpoint_json(node.checkpoints[int(rest[0]) - 1], contents=True)

    def v1_search(self, node, rest, query):
        q, items = query.get("q", ""), []
        for run in dict.fromkeys(step.run for step in node.steps):
            if len(q) >= 4 and run.startswith(q):
                items.append({"kind": "run", "id": run, "title": node.run_json(run)["name"]})
        for name in node.agent_names():
            if q and q.lower() in name.lower():
                items.append({"kind": "agent", "id": agent_id(name), "title": name})
        if q.isdigit() and 0 < int(q) <= len(node.batches):
            items.append({"kind": "batch", "id": q, "title": f"Batch {q}"})
        return {"items": items[:20]}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    stopping = False


def serve(port=0):
    """Starts a server in the background; `server_address` tells its port."""
    server = Server(("127.0.0.1", port), Face)
    server.node = FakeNode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    import sys
    import traces

    running = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8899)
    running.node.ingest(traces.journey().request())
    for number in range(60):
        running.node.ingest(traces.small(number).request())
    print(f"http://127.0.0.1:{running.server_address[1]}/", flush=True)
    threading.Event().wait()
