"""A scripted OpenAI-compatible endpoint and an OTLP/HTTP collector on one local server."""

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from steps import Both, Hand, Refuse, Say, Use

#: Pretended speed of a model, seconds per token of output.
SECONDS_PER_TOKEN = 0.0004


class Endpoint:
    """Answers /NAME/v1/chat/completions with the next step of the script NAME."""

    def __init__(self):
        self.queues, self.seen, self.results, self.exports = {}, {}, {}, []
        self.calls = 0
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def load(self, name, steps):
        self.queues.setdefault(name, []).extend(steps)

    def handler(endpoint):
        class Requests(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    packed = self.headers.get("Content-Encoding") == "gzip"
                    endpoint.exports.append(gzip.decompress(body) if packed else body)
                    self.answer(200, b"", "application/x-protobuf")
                    return
                name, request = self.path.split("/")[1], json.loads(body)
                reply = endpoint.embed if "/embeddings" in self.path else endpoint.reply
                status, answer = reply(name, request)
                self.answer(status, json.dumps(answer).encode(), "application/json")

            def answer(self, status, body, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Requests

    def embed(self, name, request):
        tokens = sum(count(text) for text in request["input"])
        time.sleep(0.002)
        vector = [round(0.01 * place, 2) for place in range(8)]
        return 200, {"object": "list", "model": request["model"],
                     "data": [{"object": "embedding", "index": 0, "embedding": vector}],
                     "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}

    def reply(self, name, request):
        with self.lock:
            step = self.queues[name].pop(0)
            self.calls += 1
            number = self.calls
        if isinstance(step, Refuse):
            return step.status, {"error": {"message": step.message, "type": "server_error",
                                           "code": "context_length_exceeded"}}
        message, finish, reasoning = self.message(step, number)
        tokens = count(json.dumps(message)) + reasoning
        time.sleep(tokens * SECONDS_PER_TOKEN)
        return 200, {
            "id": f"chatcmpl-{number:06d}", "object": "chat.completion",
            "created": int(time.time()), "model": request["model"] + "-2026-08-01",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": self.usage(name, request, tokens, reasoning),
        }

    def message(self, step, number):
        if isinstance(step, Say):
            return {"role": "assistant", "content": step.text}, step.finish, step.reasoning
        if isinstance(step, Hand):
            name = "transfer_to_" + step.to.lower().replace(" ", "_")
            calls = [call(f"call_{number}_0", name, {})]
            return {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls", 0
        uses = step.uses if isinstance(step, Both) else (step,)
        calls, reasoning = [], 0
        for place, use in enumerate(uses):
            assert isinstance(use, Use), use
            self.results[f"call_{number}_{place}"] = use
            calls.append(call(f"call_{number}_{place}", use.tool, use.arguments))
            reasoning += use.reasoning
        message = {"role": "assistant", "content": None, "tool_calls": calls}
        return message, "tool_calls", reasoning

    def usage(self, name, request, output, reasoning):
        """Prompt tokens; those of the longest earlier prefix count as read from the cache."""
        shown = json.dumps(request["messages"]) + json.dumps(request.get("tools", ""))
        prompt = count(shown)
        key = (name, request["messages"][0].get("content"))
        cached = self.seen.get(key, 0) // 128 * 128
        self.seen[key] = prompt
        return {"prompt_tokens": prompt, "completion_tokens": output,
                "total_tokens": prompt + output,
                "prompt_tokens_details": {"cached_tokens": cached},
                "completion_tokens_details": {"reasoning_tokens": reasoning}}


def call(identifier, name, arguments):
    return {"id": identifier, "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)}}


def count(text):
    """Tokens of a text, at four characters each."""
    return len(text) // 4 + 1
