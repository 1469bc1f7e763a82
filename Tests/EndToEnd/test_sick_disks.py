"""Several validators, one of them with a sick disk: it stops serving and says why, the others go
on, and it comes back with everything."""

import os
import random
import shutil
import time

import pytest
from cluster import Cluster
from disk import CRASHES, Sickness, SmallDisk, can_inject
from history import History, load
from node import check_store, run

SEED = int(os.environ.get("ALTHING_SEED", "1"))
#: What fails, with which error, on which calls of each thread; whether the node has to notice.
SICKNESSES = [("pwrite64", "ENOSPC", "1+", True), ("fdatasync", "EIO", "1+", True),
              ("write", "EIO", "5+", False), ("write,pwrite64", "ENOSPC", "9+", True),
              ("fsync,fdatasync", "EIO", "4..8", False)]
#: Seconds between requests of a sender.
PAUSE = 0.02


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path).start()
    yield made
    made.stop()


@pytest.fixture
def strace():
    if not can_inject():
        pytest.skip("strace cannot inject faults here")


def acknowledged(senders):
    return sum(len(each.acknowledged) for each in senders)


def goes_on(cluster, senders, requests=10):
    """These go on being answered."""
    before = acknowledged(senders)
    cluster.until(lambda: acknowledged(senders) >= before + requests, "the others stand still")


def is_refusing(seat):
    """Whether it ended, or says that its store cannot be written."""
    if not seat.is_running():
        return True
    answer = seat.ask("GET", "/readyz")
    return answer.status == 503 and answer.json()["type"] == "/problems/storage-failed"


def recover(cluster, seat):
    """The fault is over: the process goes on by itself, or is started again."""
    if seat.is_running():
        cluster.until(seat.is_ready, "does not open its store again")
    else:
        assert seat.process.returncode not in CRASHES, seat.last_lines()
        seat.start()


def finish(cluster, history, senders):
    for sender in senders:
        sender.join()
        for trace, status in sender.refused:
            assert status in (429, 503), (trace.hex(), status)
    history.resend()
    assert history.check() > len(senders)


@pytest.mark.parametrize("calls, error, when, is_noticed", SICKNESSES)
def test_a_disk_fails_for_a_while(cluster, strace, calls, error, when, is_noticed):
    history, victim = History(cluster), cluster.seats[random.Random(SEED).randrange(4)]
    senders = load(history, cluster.seats, 0.3, pause=PAUSE)
    others = [each for each in senders if each.node is not victim]
    with Sickness(victim, calls, f"error={error}:when={when}"):
        if is_noticed:
            cluster.until(lambda: is_refusing(victim), "still writes")
        goes_on(cluster, others)
    recover(cluster, victim)
    goes_on(cluster, others)
    finish(cluster, history, senders)
    for seat in cluster.seats:
        assert seat.stop() == 0
        check_store(seat.folder)
