"""Fixtures of the dashboard's tests: a real node (or the one at ALTHING_URL) and a browser."""

import json
import os
import pathlib
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]
import traces  # noqa: E402
from node import Node as Process  # noqa: E402

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1360, "height": 900}


def until(page, script, argument=None):
    """Waits until `script` holds. (Playwright's own way needs eval, which our policy forbids.)"""
    deadline = time.monotonic() + 10
    while not page.evaluate(script, argument):
        assert time.monotonic() < deadline, f"never true: {script}"
        page.wait_for_timeout(30)


class Node:
    """The node under test, by its address."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return answer.read()

    def json(self, path):
        return json.loads(self.get(path))

    def send(self, trace):
        """Exports a trace as OTLP/JSON."""
        headers = {"Content-Type": "application/json"}
        if os.environ.get("ALTHING_TOKEN"):
            headers["Authorization"] = f"Bearer {os.environ['ALTHING_TOKEN']}"
        body = json.dumps(trace.request()).encode()
        request = urllib.request.Request(f"{self.url}/v1/traces", body, headers)
        with urllib.request.urlopen(request) as answer:
            assert "rejectedSpans" not in answer.read().decode()
        return trace

    def settled(self, trace):
        """Waits until a checkpoint holds the whole run; gives the run."""
        for _ in range(100):
            run = self.json(f"/v1/runs/{trace.run}")
            if run["finality"] == "checkpointFinal":
                return run
            time.sleep(0.1)
        raise AssertionError("no checkpoint holds the run after ten seconds")


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    if os.environ.get("ALTHING_URL"):
        yield Node(os.environ["ALTHING_URL"])
        return
    process = Process(tmp_path_factory.mktemp("dashboard") / "data").start()
    yield Node(process.url)
    process.stop()


@pytest.fixture(scope="session")
def journey(node):
    """A run of nine steps that a checkpoint holds, among many small runs."""
    for number in range(55):
        node.send(traces.small(number))
    trace = node.send(traces.journey())
    node.settled(trace)
    return trace


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("ALTHING_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Tab:
    """A page that remembers what the browser complained about."""

    def __init__(self, page, url):
        self.page, self.url, self.complaints, self.expected = page, url, [], []
        page.set_default_timeout(10_000)
        page.on("console", lambda message: message.type in ("error", "warning")
                and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def open(self, place=""):
        self.page.goto(f"{self.url}/{place}")
        self.page.wait_for_selector("#connection[data-state=live]")
        return self.page

    def check(self):
        unexpected = [text for text in self.complaints
                      if not any(known in text for known in self.expected)]
        assert unexpected == []


@pytest.fixture
def tab(browser, node, request):
    """A tab; `@pytest.mark.parametrize("tab", [options], indirect=True)` sets context options."""
    options = {"viewport": DESK, "accept_downloads": True, **getattr(request, "param", {})}
    context = browser.new_context(**options)
    context.add_init_script("window.addEventListener('securitypolicyviolation', (event) =>"
                            " console.error('policy violated: ' + event.blockedURI))")
    one = Tab(context.new_page(), node.url)
    yield one
    context.close()
    one.check()


@pytest.fixture
def shot(request):
    """Saves a picture of a page where ALTHING_SCREENSHOTS names a folder."""
    def save(page, name):
        folder = os.environ.get("ALTHING_SCREENSHOTS")
        if folder:
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return save
