"""Four validators as processes under load and under random faults of a seed; a verdict at the end.

The plan depends on nothing but the seed and the kinds of faults: a longer run begins with the
shorter one. What the processes make of it is theirs."""

import argparse
import http.client
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import packets
from clock import WallClock, can_set
from cluster import Cluster
from disk import CRASHES
from history import History
from node import NotReady, check_store
from sender import Patient
from soak_faults import KINDS, Streams, possible

#: Seconds without any answer, while a quorum is unharmed, after which the chain stands still.
LONGEST_STALL = 30
#: Seconds in which all must agree once everything is lifted.
REST = 60
#: Seconds between two rests.
BETWEEN_RESTS = 60
#: Runs of each sender that are read one by one at the end.
RUNS_READ = 500


class Step:
    """From `start` for `length` seconds, in seconds since the beginning, these faults."""

    def __init__(self, start, length, faults):
        self.start, self.length, self.faults = start, length, faults

    def __str__(self):
        shown = ", ".join(
            f"{type(each).__name__.lower()}"
            f"{'' if each.seat is None else f' {each.seat + 1}'} {each.words}".strip()
            for each in self.faults)
        return f"{self.start:7.1f} s for {self.length:4.1f} s: {shown}"


def plan(seed, seconds, kinds):
    """Steps one after the other, each of one fault or of two."""
    draw, now, steps = random.Random(seed), 2.0, []
    while True:
        length = draw.choice([draw.uniform(0.2, 2), draw.uniform(2, 8)])
        number = 2 if draw.random() < 0.25 else 1
        names = draw.choices(kinds, [KINDS[name].weight for name in kinds], k=number)
        seats = draw.sample(range(4), number)
        faults = [KINDS[name](draw, seat if KINDS[name].costs == 1 else None)
                  for name, seat in zip(names, seats)]
        if now + length > seconds:
            return steps
        steps.append(Step(now, length, faults))
        now += length + draw.uniform(0.3, 4)


class Failed(Exception):
    """What the verdict says."""


class Soak:
    def __init__(self, folder, seed, links, pause):
        self.halted, self.complaints = threading.Event(), []
        own = packets.Packets(4, seed) if links == "packets" else None
        self.cluster = Cluster(folder, wired=own is None, packets=own,
                               options=["--checkpoint", "1s"])
        self.clocks = []
        if can_set():
            self.clocks = [WallClock(folder, seat.folder.name) for seat in self.cluster.seats]
            for seat, clock in zip(self.cluster.seats, self.clocks):
                seat.environment = clock.variables
        self.links = own or Streams(self.cluster)
        self.pause, self.history = pause, History(self.cluster)
        self.injected, self.lock = Counter(), threading.Lock()
        self.may_end, self.harmed = set(), 0
        #: Since when a quorum is unharmed and has answered nothing; the longest such time.
        self.silent_since, self.worst_stall, self.answered = time.monotonic(), 0.0, 0
        self.worst_recovery, self.frozen = 0.0, 0.0

    def complain(self, words):
        self.complaints.append(words)
        self.halted.set()

    def launch(self, seat):
        """Starts it without waiting, for it may need others that are down."""
        seat.launch()

    # Load.

    def send(self):
        for seat in self.cluster.seats:
            sender = self.history.add(Patient(seat, 4, self.pause))
            sender.may_be_rejected = bool(self.clocks)
            sender.start()

    def hush(self):
        """Ends the senders; what they know stays."""
        for sender in self.history.senders:
            sender.halted.set()
        for sender in self.history.senders:
            sender.thread.join(60)

    def watch(self):
        """Looks ten times a second for progress, and for processes that end by themselves."""
        looked = time.monotonic()
        while not self.halted.wait(0.1):
            answered = sum(len(each.acknowledged) for each in self.history.senders)
            now = time.monotonic()
            # Where this thread stood still, so did the machine.
            if now - looked > 1:
                self.silent_since += now - looked
                self.frozen += now - looked
            looked = now
            if answered != self.answered or self.harmed > 1:
                self.answered, self.silent_since = answered, now
            self.worst_stall = max(self.worst_stall, now - self.silent_since)
            if self.worst_stall > LONGEST_STALL:
                self.complain(f"nothing answered for {LONGEST_STALL} s with a quorum")

    # Faults.

    def run(self, steps):
        began, rested = time.monotonic(), 0.0
        for step in steps:
            if step.start - rested > BETWEEN_RESTS:
                self.rest()
                began += time.monotonic() - began - step.start
                rested = step.start
            if self.halted.wait(max(0, began + step.start - time.monotonic())):
                break
            print(step, flush=True)
            self.inflict(step)
        if self.complaints:
            raise Failed(self.complaints[0])

    def inflict(self, step):
        for fault in step.faults:
            self.harmed += fault.costs
            self.injected[type(fault).__name__.lower()] += 1
            fault.begin(self)
        self.halted.wait(step.length)
        for fault in reversed(step.faults):
            fault.end(self)
        self.revive({fault.seat for fault in step.faults if fault.may_end})
        self.harmed = 0

    def revive(self, may_have_ended):
        """Every process runs and serves; one that ended without leave is a fault found."""
        started = time.monotonic()
        for seat in self.cluster.seats:
            if seat.is_running():
                continue
            code = seat.process.returncode
            if code in CRASHES or seat.number not in may_have_ended:
                self.complain(f"validator {seat.number + 1} ended with {code}: "
                              f"{seat.last_lines()}")
            seat.launch()
        for seat in self.cluster.seats:
            try:
                seat.wait_until_ready(2 * REST)
            except NotReady as failure:
                self.complain(f"validator {seat.number + 1}: {failure}")
        self.worst_recovery = max(self.worst_recovery, time.monotonic() - started)

    def rest(self):
        """Without load and faults all come to the same state."""
        self.harmed = 2
        self.hush()
        self.cluster.agree(seconds=REST)
        for seat in self.cluster.seats:
            halted = self.cluster.status(seat)["consensus"]["halted"]
            if halted is not None:
                self.complain(f"validator {seat.number + 1} signs nothing more: {halted}")
        self.send()
        self.harmed = 0

    def standings(self):
        """What each validator says of itself, for whoever has to find out."""
        for seat in self.cluster.seats:
            try:
                status = json.loads(seat.ask("GET", "/v1/status", timeout=5).body)
                shown = {name: status.get(name) for name in ("height", "records", "operations")}
                shown |= status.get("consensus", {})
            except (OSError, ValueError, http.client.HTTPException) as failure:
                shown = f"{type(failure).__name__}, running: {seat.is_running()}"
            print(f"validator {seat.number + 1}: {shown}", flush=True)

    # The end.

    def finish(self):
        self.rest_of_senders()
        self.history.resend()
        count = self.history.check(runs=RUNS_READ)
        for seat in self.cluster.seats:
            if (code := seat.stop()) != 0:
                raise Failed(f"validator {seat.number + 1} ended with {code} at the end")
            check_store(seat.folder)
        return count

    def rest_of_senders(self):
        self.hush()
        wrong = Counter(status for sender in self.history.senders
                        for _, status in sender.refused if status not in (200, 429, 503))
        if wrong:
            raise Failed(f"answers that tell nothing: {dict(wrong)}")


def report(soak, arguments, seconds, verdict):
    senders = soak.history.senders
    print(f"""
seed {arguments.seed}, {seconds / 60:.1f} minutes of four validators, links as {arguments.links}
injected: {', '.join(f'{name} {count}' for name, count in sorted(soak.injected.items()))}
requests: {sum(len(each.acknowledged) for each in senders)} acknowledged, \
{sum(len(each.refused) for each in senders)} refused
worst stall with a quorum {soak.worst_stall:.1f} s, slowest return to service \
{soak.worst_recovery:.1f} s, the machine itself stood still for {soak.frozen:.0f} s
validators that took a state over: {soak.history.taken_over}
verdict: {verdict}
again: scripts/soak --minutes {arguments.minutes:g} --seed {arguments.seed} \
--links {arguments.links} --kinds {','.join(arguments.kinds)}""", flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", type=lambda text: text.split(","), help=", ".join(KINDS))
    parser.add_argument("--links", choices=["packets", "streams"],
                        help="packets need a network namespace; streams are TCP proxies")
    parser.add_argument("--pause", type=float, default=0.3,
                        help="seconds between two requests of each of the four clients")
    parser.add_argument("--folder", type=Path, help="where the validators live; kept")
    parser.add_argument("--plan", action="store_true", help="prints the plan and ends")
    arguments = parser.parse_args()
    arguments.kinds = arguments.kinds or possible()
    if arguments.links == "packets" and not packets.is_entered():
        parser.error("packets cannot be taken here: no network namespace, or no /dev/net/tun")
    if arguments.links is None:
        arguments.links = "packets" if packets.is_entered() else "streams"
    return arguments


def main():
    if "streams" not in sys.argv:
        packets.enter()
    arguments = parse()
    steps = plan(arguments.seed, arguments.minutes * 60, arguments.kinds)
    if arguments.plan:
        print(*steps, sep="\n")
        return 0
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="althing-soak-"))
    folder.mkdir(exist_ok=True)
    soak = Soak(folder, arguments.seed, arguments.links, arguments.pause)
    started, verdict = time.monotonic(), "sound"
    try:
        soak.cluster.start()
        soak.send()
        watcher = threading.Thread(target=soak.watch, daemon=True)
        watcher.start()
        soak.run(steps)
        soak.halted.set()
        soak.finish()
    except (Failed, AssertionError, NotReady, OSError) as failure:
        soak.standings()
        verdict = f"FAILED: {failure}; the validators' folders are {folder}"
    finally:
        soak.halted.set()
        soak.cluster.stop()
    report(soak, arguments, time.monotonic() - started, verdict)
    if verdict == "sound" and arguments.folder is None:
        shutil.rmtree(folder)
    return 0 if verdict == "sound" else 1


if __name__ == "__main__":
    sys.exit(main())
