"""What a soak does to validators: each fault begins, lasts, and is lifted again."""

import signal
import threading

from clock import can_set
from disk import Sickness, can_inject

#: Calls of the disk and what becomes of them.
ERRORS = [("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("fsync", "EIO"),
          ("write", "ENOSPC"), ("pwrite64,write,fdatasync,fsync", "EIO")]


class Fault:
    """Of one validator, or of the links where `seat` is None."""

    #: Of how many validators the quorum must do without; what draws it, against the others.
    costs, weight = 1, 1
    #: The process may end by itself.
    may_end = False

    def __init__(self, draw, seat):
        self.seat, self.words = seat, ""
        self.vary(draw)

    def vary(self, draw):
        """Draws what the fault leaves open; the same draws whatever the machine can do."""

    def begin(self, soak):
        raise NotImplementedError

    def end(self, soak):
        raise NotImplementedError

    def node(self, soak):
        return soak.cluster.seats[self.seat]


class Kill(Fault):
    weight = 4

    def begin(self, soak):
        self.node(soak).kill()

    def end(self, soak):
        soak.launch(self.node(soak))


class Terminate(Kill):
    weight = 1

    def begin(self, soak):
        code = self.node(soak).stop(30)
        if code != 0:
            soak.complain(f"validator {self.seat + 1} ended with {code} on SIGTERM")


class Storm(Kill):
    """Killed while it starts, again and again."""

    weight = 2

    def vary(self, draw):
        self.delays = [draw.uniform(0, 0.4) for _ in range(3)]

    def begin(self, soak):
        self.node(soak).kill()
        for delay in self.delays:
            soak.launch(self.node(soak))
            soak.halted.wait(delay)
            self.node(soak).kill()


class Stop(Fault):
    weight = 3

    def begin(self, soak):
        self.node(soak).signal(signal.SIGSTOP)

    def end(self, soak):
        self.node(soak).signal(signal.SIGCONT)


class Disk(Fault):
    """Calls of the disk fail."""

    weight, may_end = 4, True

    def vary(self, draw):
        self.calls, error = draw.choice(ERRORS)
        self.how = f"error={error}:when={draw.choice(['1+', '5+', '2..4', '3+3'])}"
        self.words = f"{self.calls} {self.how}"

    def begin(self, soak):
        node = self.node(soak)
        self.sickness = Sickness(node, self.calls, self.how) if node.is_running() else None
        if self.sickness:
            self.sickness.start()

    def end(self, soak):
        if self.sickness:
            self.sickness.stop()


class SlowDisk(Disk):
    """Every sync takes its time."""

    weight, may_end = 2, False

    def vary(self, draw):
        self.calls = "fdatasync,fsync"
        self.how = f"delay_exit={draw.choice([20, 100, 400]) * 1_000}"
        self.words = self.how


class Clock(Fault):
    """The wall clock is set, and set right at the end."""

    weight = 2

    def vary(self, draw):
        self.off = draw.choice([-3600, -60, -2, 2, 60, 3600])
        self.words = f"{self.off:+} s"

    def begin(self, soak):
        soak.clocks[self.seat].set(self.off)

    def end(self, soak):
        soak.clocks[self.seat].set(0)


class Isolate(Fault):
    """No link of one validator carries anything."""

    weight = 2

    def begin(self, soak):
        for other in range(len(soak.cluster.seats)):
            if other != self.seat:
                soak.links.cut(self.seat, other)
                soak.links.cut(other, self.seat)

    def end(self, soak):
        soak.links.heal()


class Mute(Isolate):
    """It hears and is not heard; where links are streams, neither."""

    weight = 2

    def begin(self, soak):
        for other in range(len(soak.cluster.seats)):
            if other != self.seat:
                soak.links.cut(self.seat, other)


class Deaf(Mute):
    """It is heard and does not hear."""

    def begin(self, soak):
        for other in range(len(soak.cluster.seats)):
            if other != self.seat:
                soak.links.cut(other, self.seat)


class Split(Fault):
    """Two against two."""

    costs, weight = 2, 2

    def vary(self, draw):
        self.half = draw.sample(range(4), 2)
        self.words = " and ".join(str(each + 1) for each in sorted(self.half))

    def begin(self, soak):
        rest = [each for each in range(4) if each not in self.half]
        for one in self.half:
            for other in rest:
                soak.links.cut(one, other)
                soak.links.cut(other, one)

    def end(self, soak):
        soak.links.heal()


class Slow(Fault):
    """All links hold packets back, lose and repeat some."""

    costs, weight = 0, 4

    def vary(self, draw):
        self.delay = draw.choice([0.002, 0.01, 0.05, 0.2])
        self.loss, self.repeats = draw.choice([0, 0.01, 0.05]), draw.choice([0, 0.02])
        self.words = f"to {self.delay} s, loses {self.loss}, repeats {self.repeats}"

    def begin(self, soak):
        soak.links.slow(self.delay, self.loss, self.repeats)

    def end(self, soak):
        soak.links.heal()


KINDS = {each.__name__.lower(): each for each in
         (Kill, Terminate, Storm, Stop, Disk, SlowDisk, Isolate, Mute, Deaf, Split, Slow, Clock)}


def possible():
    """The kinds that this machine allows."""
    return [name for name, kind in KINDS.items()
            if (can_inject() or not issubclass(kind, Disk)) and (can_set() or kind is not Clock)]


class Streams:
    """The links of a cluster whose wires are TCP proxies, spoiled as packets would be."""

    def __init__(self, cluster):
        self.cluster, self.lock = cluster, threading.Lock()

    def cut(self, one, other):
        self.cluster.cut(one, other)

    def slow(self, delay, loss, _):
        self.cluster.slow(delay / 4, loss / 20)

    def heal(self):
        self.cluster.heal()
