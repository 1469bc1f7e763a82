"""ENOSPC and EIO injected by strace at the k-th write: nothing acknowledged is lost."""

import os

import pytest
from disk import CRASHES, can_inject, injecting
from node import Node, NotReady, check_store
from sender import Sender

#: The k-th call fails; a plus sign: all from the k-th on. `make sim` gives a longer list.
PLACES = os.environ.get("ALTHING_FAULT_PLACES", "3,17,60,3+,40+").split(",")
CALLS = os.environ.get("ALTHING_FAULT_CALLS", "write,pwrite64,fdatasync").split(",")
ERRORS = ["ENOSPC", "EIO"]
REQUESTS = 25


@pytest.fixture(scope="module", autouse=True)
def strace():
    if not can_inject():
        pytest.skip("strace cannot inject faults here")


def faulty(folder, call, error, place):
    return Node(folder, prefix=injecting(call, f"error={error}:when={place}"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", CALLS)
def test_fault(tmp_path, call, error, place):
    folder = tmp_path / "data"
    sender = under_fault(faulty(folder, call, error, place))
    sound = Node(folder).start()
    try:
        sender.check(sound)
        sender.resend(sound)
        for trace, status in sender.refused:
            assert status in (500, 503), (trace.hex(), status)
        again = Sender(sound)
        assert again.one() == 200
        again.check(sound)
        assert sound.stop() == 0
    finally:
        sound.kill()
    check_store(folder)


def under_fault(node):
    """Sends to a node whose disk fails; it may answer 503 or stop, but must not crash."""
    sender = Sender(node)
    try:
        node.start()
        for _ in range(REQUESTS):
            sender.one()
            if node.process.poll() is not None:
                break
    except NotReady as failure:
        assert "SIG" not in str(failure)
    finally:
        if node.process.poll() is None:
            node.signal(15)
        try:
            node.process.wait(20)
        except subprocess.TimeoutExpired:
            node.kill()
            raise AssertionError("the node did not stop after a disk fault")
    assert node.process.returncode not in CRASHES, node.last_lines()
    return sender
