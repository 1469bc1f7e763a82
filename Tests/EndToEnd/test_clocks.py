"""A wall clock that is an hour wrong and set right: the validator is of no use meanwhile, and a
few seconds later it serves again; the others go on all the time."""

import pytest
from clock import WallClock, can_set
from cluster import Cluster
from history import History, load


@pytest.fixture
def clocked(tmp_path):
    if not can_set():
        pytest.skip("no C compiler here, so no clock can be set for one process")
    made = Cluster(tmp_path)
    clocks = [WallClock(tmp_path, seat.folder.name) for seat in made.seats]
    for seat, clock in zip(made.seats, clocks):
        seat.environment = clock.variables
    yield made.start(), clocks
    made.stop()


def acknowledged(sender):
    return len(sender.acknowledged)


@pytest.mark.parametrize("off", [3600, -3600])
def test_a_clock_is_wrong_and_set_right(clocked, off):
    cluster, clocks = clocked
    history = History(cluster)
    senders = load(history, cluster.seats, 0.3, pause=0.02)
    for sender in senders:
        sender.may_be_rejected = True
    # One after the other, so that a clock that is not forgiven costs the quorum.
    for victim in (2, 3):
        before = [acknowledged(sender) for sender in senders]
        clocks[victim].set(off)
        for number, sender in enumerate(senders):
            if number != victim:
                cluster.until(lambda: acknowledged(sender) > before[number] + 10, "others stop")
        clocks[victim].set(0)
        now = acknowledged(senders[victim])
        cluster.until(lambda: acknowledged(senders[victim]) > now + 10, "it is not heard again")
    for sender in senders:
        sender.join()
    history.resend()
    assert history.check() > 40
