"""Fixtures: a node for a test module, a node for one test, the program, the real data."""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "clients" / "python" / "src")]

from cluster import Cluster  # noqa: E402
from node import ROOT, Node, binary  # noqa: E402


def pytest_collection_modifyitems(items):
    """Without the program nothing can be tested, and that must not look like success."""
    if items and not binary().exists():
        pytest.exit(f"no program at {binary()}: build it, or set ALTHING", returncode=4)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A node shared by the tests of a module."""
    started = Node(tmp_path_factory.mktemp("node") / "data").start()
    yield started
    assert started.process.poll() is None, "the node ended during the tests"
    started.stop()


@pytest.fixture
def own_node(tmp_path):
    """A node that only this test uses; not yet started."""
    made = Node(tmp_path / "data")
    yield made
    made.kill()


@pytest.fixture
def cluster(tmp_path):
    """Four validators."""
    made = Cluster(tmp_path).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real inputs; absent outside the project's own machines."""
    folder = Path(os.environ.get("ALTHING_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder
