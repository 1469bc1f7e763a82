"""Several validators: kill -9, SIGSTOP, cut and slow links, a newcomer; nothing forks or is lost."""

import json
import os
import random
import shutil
import signal
import subprocess
import time

import althing
import pytest
from cluster import Cluster, Seat
from history import History, load
from node import check_store, run
from sender import Patient

#: Rounds of each fault; `make sim` asks for more.
ROUNDS = int(os.environ.get("ALTHING_VALIDATOR_ROUNDS", "2"))
SEED = int(os.environ.get("ALTHING_SEED", "1"))


@pytest.fixture
def wired(tmp_path):
    made = Cluster(tmp_path, wired=True).start()
    yield made
    made.stop()


def test_four_agree_and_receipts_hold(cluster, tmp_path):
    history = History(cluster)
    for sender in load(history, cluster.seats, 1.0):
        sender.join()
    assert history.check() > 4
    seat = cluster.seats[3]
    for item in seat.get("/v1/records?limit=5")["items"]:
        data = seat.receipt(item["id"])
        assert althing.verify(data, chain=cluster.chain).part is None
    for each in cluster.seats:
        assert each.stop() == 0
        check_store(each.folder)


def test_a_validator_is_killed_again_and_again(cluster):
    print(f"seed {SEED}, {ROUNDS} rounds")
    draw, history = random.Random(SEED), History(cluster)
    for _ in range(ROUNDS):
        victim = draw.choice(cluster.seats)
        senders = load(history, cluster.seats, draw.uniform(0.1, 0.5))
        victim.kill()
        time.sleep(draw.uniform(0.0, 0.5))
        victim.start()
        for sender in senders:
            sender.join()
    history.resend()
    assert history.check() > ROUNDS


def test_a_validator_is_stopped_and_goes_on(cluster):
    draw, history = random.Random(SEED), History(cluster)
    for _ in range(ROUNDS):
        victim = draw.choice(cluster.seats)
        others = [seat for seat in cluster.seats if seat is not victim]
        victim.signal(signal.SIGSTOP)
        senders = load(history, others, draw.uniform(0.3, 0.8))
        victim.signal(signal.SIGCONT)
        for sender in senders:
            sender.join()
    history.resend()
    assert history.check() > ROUNDS


def test_two_against_two_stops_and_heals(wired):
    """Without a quorum nothing is acknowledged; afterwards everything goes on."""
    history = History(wired)
    for sender in load(history, wired.seats, 0.3):
        sender.join()
    before = wired.agree()
    for one, other in ((0, 2), (0, 3), (1, 2), (1, 3)):
        wired.cut(one, other)
    senders = [history.add(Patient(seat)).start() for seat in wired.seats]
    time.sleep(1.0)
    for seat in wired.seats:
        assert int(wired.status(seat)["records"]) == int(before[1]), "recorded without a quorum"
    wired.heal()
    wired.until(lambda: int(wired.status(wired.seats[0])["records"]) > int(before[1]), "stuck")
    for sender in senders:
        sender.join()
    history.resend()
    history.check()


def test_slow_and_breaking_links(wired):
    history = History(wired)
    wired.slow(delay=0.01, loss=0.002)
    for sender in load(history, wired.seats, 1.5):
        sender.join()
    wired.heal()
    history.resend()
    assert history.check() > 0


def test_a_lone_half_stays_silent_while_the_rest_goes_on(wired):
    history = History(wired)
    for other in range(3):
        wired.cut(3, other)
    for sender in load(history, wired.seats[:3], 0.7):
        sender.join()
    assert history.check(wired.seats[:3]) > 0
    wired.heal()
    history.check()


def newcomer_of(cluster, folder):
    """A node with keys of its own and no seat, not yet started."""
    made = run("validator", "new", "--data", folder, "--dev")
    assert made.returncode == 0, made.stderr
    newcomer = Seat(folder, len(cluster.seats))
    shutil.copy(cluster.seats[0].file, newcomer.file)
    newcomer.configure(",".join(f"{key}@127.0.0.1:{seat.peer_port}"
                                for key, seat in zip(cluster.keys, cluster.seats)))
    newcomer.extra = ["--genesis", str(cluster.genesis["genesis"])]
    return newcomer


def test_an_observer_joins_and_holds_the_same(cluster, tmp_path):
    history = History(cluster)
    for sender in load(history, cluster.seats, 0.7):
        sender.join()
    wanted = cluster.agree()
    newcomer = newcomer_of(cluster, tmp_path / "newcomer")
    started = time.monotonic()
    try:
        newcomer.start()
        cluster.until(lambda: cluster.standing(newcomer) == cluster.standing(cluster.seats[0]),
                      f"the newcomer has not what the others have: {wanted}")
        print(f"joined in {time.monotonic() - started:.2f} s")
        assert cluster.status(newcomer)["consensus"]["seat"] is None
    finally:
        newcomer.kill()


def test_a_newcomer_takes_a_seat(tmp_path):
    """A quorum votes, the epoch ends, the newcomer signs, a light client follows across."""
    made = Cluster(tmp_path, options=["--epoch", "4s", "--idle-checkpoint", "1s"]).start()
    newcomer = newcomer_of(made, tmp_path / "newcomer").start()
    try:
        proof = json.loads(run("validator", "prove", "--data", newcomer.folder, "--node",
                               made.seats[0].url, "--json").stdout)
        for seat in made.seats[:3]:
            voted = run("validator", "propose", "--data", seat.folder, "--node", seat.url,
                        "--add", proof["validator"], "--proof", proof["proof"],
                        "--address", f"127.0.0.1:{newcomer.peer_port}")
            assert voted.returncode == 0, voted.stderr
        made.until(lambda: made.status(newcomer)["consensus"]["seat"] == 4, "no seat")
        made.until(lambda: all(made.status(seat)["consensus"]["seats"] == 5
                               for seat in made.seats), "not all have changed")
        history = History(made)
        for sender in load(history, [*made.seats, newcomer], 0.5):
            sender.join()
        assert history.check([*made.seats, newcomer]) > 4
        result = run("light", "follow", "--node", newcomer.url, "--trust",
                     made.genesis["genesis"], "--once")
        assert result.returncode == 0, result.stderr
        assert "of 5 signed" in result.stdout
    finally:
        newcomer.kill()
        made.stop()


def test_a_light_client_follows_any_of_them(cluster, tmp_path):
    history = History(cluster)
    for sender in load(history, cluster.seats, 0.3):
        sender.join()
    cluster.agree()
    for seat in cluster.seats:
        result = run("light", "follow", "--node", seat.url, "--trust",
                     cluster.genesis["genesis"], "--state", tmp_path / "light", "--once")
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def firewall():
    """Drops packets to and from a port; skips where that needs rights we do not have."""
    if shutil.which("iptables") is None:
        pytest.skip("no iptables here; links are cut in user space by the other tests")
    rules = []

    def drop(port):
        for side in ("--dport", "--sport"):
            rule = ["INPUT", "-i", "lo", "-p", "tcp", side, str(port), "-j", "DROP"]
            made = subprocess.run(["iptables", "-I", *rule], capture_output=True, check=False)
            if made.returncode != 0:
                pytest.skip(f"iptables is not permitted: {made.stderr.decode()[:200]}")
            rules.append(rule)
    yield drop
    for rule in rules:
        subprocess.run(["iptables", "-D", *rule], capture_output=True, check=False)


def test_packets_dropped_by_the_kernel(cluster, firewall):
    """A link that is silent instead of broken: nobody tells that the peer is gone."""
    history = History(cluster)
    firewall(cluster.seats[3].peer_port)
    for sender in load(history, cluster.seats[:3], 1.0):
        sender.join()
    assert history.check(cluster.seats[:3]) > 0
