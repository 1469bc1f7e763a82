"""Several validators, one of them with a sick disk: it stops serving and says why, the others go
on, and it comes back with everything."""

import os
import random
import shutil
import time

import pytest
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


def test_two_disks_fail_one_after_the_other(cluster, strace):
    history = History(cluster)
    senders = load(history, cluster.seats, 0.3, pause=PAUSE)
    for victim, error in zip(cluster.seats[:2], ("EIO", "ENOSPC")):
        with Sickness(victim, "pwrite64,fdatasync", f"error={error}:when=3+"):
            cluster.until(lambda: is_refusing(victim), "still writes")
            goes_on(cluster, [each for each in senders if each.node is not victim])
        recover(cluster, victim)
    goes_on(cluster, senders, 40)
    finish(cluster, history, senders)


def test_two_disks_fail_at_once(cluster, strace):
    """Two of four are no quorum: nothing is answered until one of them comes back."""
    history, (one, other) = History(cluster), cluster.seats[1:3]
    senders = load(history, cluster.seats, 0.3, pause=PAUSE)
    with Sickness(one, "fdatasync", "error=EIO"), Sickness(other, "pwrite64", "error=ENOSPC"):
        cluster.until(lambda: is_refusing(one) and is_refusing(other), "still writes")
        before = acknowledged(senders)
        time.sleep(1.0)
        assert acknowledged(senders) == before, "acknowledged without a quorum"
    recover(cluster, one)
    recover(cluster, other)
    goes_on(cluster, senders, 40)
    finish(cluster, history, senders)


def test_a_file_system_is_full(cluster):
    """A real ENOSPC: somebody else's file takes all the room of one validator, then goes."""
    victim, history = cluster.seats[2], History(cluster)
    victim.kill()
    disk = SmallDisk(victim.folder, 256 << 20)
    try:
        if not disk.is_there:
            pytest.skip("no file system can be mounted here")
        victim.prefix = disk.prefix
        victim.start()
        senders = load(history, cluster.seats, 0.3, pause=PAUSE)
        disk.fill()
        cluster.until(lambda: is_refusing(victim), "still writes")
        goes_on(cluster, [each for each in senders if each.node is not victim])
        disk.relieve()
        recover(cluster, victim)
        goes_on(cluster, [each for each in senders if each.node is victim])
        finish(cluster, history, senders)
        assert victim.stop() == 0
        check_store(disk.inside)
    finally:
        victim.kill()
        disk.close()


@pytest.mark.parametrize("is_running_on", [True, False])
def test_a_disk_comes_back_older(cluster, tmp_path, is_running_on):
    """An earlier copy of its folder: the validator signs nothing with the key that promised more,
    follows the others, and no two blocks of one round of it exist."""
    victim, history = cluster.seats[3], History(cluster)
    others = cluster.seats[:3]
    senders = load(history, cluster.seats, 0.3, pause=PAUSE)
    if is_running_on:
        victim.signal(19)
    else:
        victim.kill()
    shutil.copytree(victim.folder, tmp_path / "copy")
    if is_running_on:
        victim.signal(18)
    else:
        victim.start()
    goes_on(cluster, senders, 40)
    victim.kill()
    shutil.rmtree(victim.folder)
    shutil.copytree(tmp_path / "copy", victim.folder)
    victim.start()
    cluster.until(lambda: cluster.status(victim)["consensus"]["halted"] == "amnesia",
                  "it does not notice")
    trusted = [each for each in senders if each.node is not victim]
    goes_on(cluster, trusted)
    refused = load(history, [victim], 0.5)[0]
    refused.join()
    assert not refused.acknowledged and {status for _, status in refused.refused} == {503}
    victim.kill()
    victim.start()
    cluster.until(lambda: cluster.status(victim)["consensus"]["halted"] == "amnesia",
                  "it forgets that it forgot")
    for sender in senders:
        sender.join()
        sender.node = others[0]  # clients of the victim retry elsewhere
    refused.node = others[0]
    history.resend()
    assert history.check() > 40
    for seat in cluster.seats:
        print(seat.get("/v1/validators"))
