"""A running `althing node` under test: start, ask, stop, kill."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_BINARY = ROOT / ".build" / "debug" / "althing"
READY_SECONDS = 20


def binary():
    """The program under test: $ALTHING, or the debug build."""
    return Path(os.environ.get("ALTHING", DEFAULT_BINARY))


def free_port():
    """A port below those that the system gives to outgoing connections: a validator that dials a
    neighbour which does not listen yet must not be given its port, or be connected to itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def run(*arguments, **options):
    """Runs a command of the program to its end."""
    command = [str(binary()), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


class Answer:
    """Status, headers in lower case, and body of a response."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def kind(self):
        return self.headers.get("content-type", "").split(";")[0]


class Patience:
    """So many seconds of waiting; of a pause in which the whole machine stood still few count."""

    MOST_OF_A_PAUSE = 3

    def __init__(self, seconds):
        self.left, self.looked = seconds, time.monotonic()

    def is_over(self):
        """To be asked again and again while waiting."""
        now = time.monotonic()
        self.left -= min(now - self.looked, self.MOST_OF_A_PAUSE)
        self.looked = now
        return self.left <= 0


class NotReady(Exception):
    """The node ended, or did not answer /readyz in time."""


class Node:
    """One node on its own folder; `prefix` wraps the command, as strace does."""

    def __init__(self, folder, prefix=()):
        self.folder, self.prefix = Path(folder), list(prefix)
        #: Variables of the environment besides those of the tests.
        self.environment = {}
        self.port = free_port()
        self.process = None
        self.log = self.folder.with_suffix(".log")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        """The arguments that run it."""
        return ["node", "--dev", "--data", str(self.folder), "--listen", f"127.0.0.1:{self.port}"]

    def start(self):
        self.launch()
        self.wait_until_ready()
        return self

    def launch(self):
        """Starts the process and does not wait for it."""
        command = [*self.prefix, str(binary()), *self.command()]
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no", **self.environment}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, start_new_session=True)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def is_ready(self, timeout=2):
        try:
            return self.ask("GET", "/readyz", timeout=timeout).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_until_ready(self, seconds=READY_SECONDS):
        patience = Patience(seconds)
        while not patience.is_over():
            if self.process.poll() is not None:
                raise NotReady(f"ended with {self.process.returncode}: {self.last_lines()}")
            if self.is_ready():
                return
            time.sleep(0.01)
        raise NotReady(f"no /readyz within {seconds} s: {self.last_lines()}")

    def last_lines(self):
        return self.log.read_text(errors="replace")[-2_000:] if self.log.exists() else ""

    def ask(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path):
        """The JSON of a path that must be there."""
        answer = self.ask("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body[:500])
        return answer.json()

    def all(self, path, limit=500):
        """Every item of a list, page by page."""
        mark, items = "", []
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit={limit}{mark}")
            items += page["items"]
            if page["next"] is None:
                return items
            mark = f"&cursor={page['next']}"

    def operations(self, run):
        """Every operation of a run, page by page."""
        mark, found = "", []
        while True:
            page = self.get(f"/v1/runs/{run}?limit=500{mark}")
            found += page["operations"]
            if page.get("next") is None:
                return found
            mark = f"&cursor={page['next']}"

    def receipt(self, identifier, seconds=10):
        """The receipt's bytes, as soon as the record is in a checkpoint."""
        limit = time.monotonic() + seconds
        while True:
            answer = self.ask("GET", f"/v1/records/{identifier}/receipt")
            if answer.status == 200:
                return answer.body
            assert answer.status == 409, (answer.status, answer.body[:500])
            assert answer.headers.get("retry-after") == "1"
            assert answer.json()["type"] == "/problems/not-checkpointed"
            assert time.monotonic() < limit, "no checkpoint in time"
            time.sleep(0.1)

    def identifier(self):
        """The process id of the node itself, behind any prefix."""
        if not self.prefix:
            return self.process.pid
        if Path(self.prefix[0]).name != "strace":
            return self.process.pid  # it became the node
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def signal(self, number):
        try:
            os.kill(self.identifier(), number)
        except (ProcessLookupError, IndexError, FileNotFoundError):
            pass

    def stop(self, seconds=20):
        """SIGTERM; the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait(20)

    def memory_peak(self):
        """Bytes: the most memory the node has had."""
        status = Path(f"/proc/{self.identifier()}/status").read_text()
        line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def check_store(folder):
    """`althing store check` must pass on a stopped node's folder."""
    checked = run("store", "check", "--data", folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
