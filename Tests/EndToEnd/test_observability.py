"""What an operator's tools read: the metrics page by promtool, the description of the API by its validator."""

import shutil
import subprocess

import pytest
from openapi_spec_validator import validate
from sender import Sender


def test_promtool_finds_nothing_to_say_about_the_metrics(node):
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not here: apt-get install prometheus")
    assert Sender(node).one() == 200  # eight spans
    assert node.ask("GET", "/v1/nothing").status == 404
    page = node.ask("GET", "/metrics").body
    assert b"\nalthing_records_total 8\n" in page
    checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_the_description_of_the_api_is_valid(node):
    validate(node.get("/openapi.json"))


def test_health_and_readiness(node):
    assert node.get("/healthz") == {"status": "ok"}
    assert node.ask("GET", "/readyz").status == 200
