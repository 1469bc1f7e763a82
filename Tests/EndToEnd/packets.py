"""The network between validators as packets, that a test can delay, lose, repeat and cut; needs a
network namespace of its own and /dev/net/tun, and no privileges beyond those.

One tunnel device takes every packet to 10.0.0.0/8. Validator i reaches j as 10.i.10.j: a packet to
that address is one from i to j. It comes back with the two halves of its destination swapped as its
source, and goes to the address it came from, so that the checksums stay as they are."""

import fcntl
import heapq
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import threading
import time

DEVICE, OWN = "wire0", "10.0.0.1"
#: Of <linux/if_tun.h>: TUNSETIFF, IFF_TUN | IFF_NO_PI.
SET_INTERFACE, PLAIN = 0x400454CA, 0x1001
PACKET = 65_536


def enter():
    """Runs this program again in a network namespace of its own; returns where that cannot be."""
    tools = shutil.which("unshare") and shutil.which("ip")
    if os.environ.get("ALTHING_OWN_NETWORK") or not tools:
        return
    for privilege in ([], ["-U", "-r"]):
        command = ["unshare", *privilege, "-n"]
        if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
            os.environ["ALTHING_OWN_NETWORK"] = "1"
            os.execvp("unshare", [*command, sys.executable, *sys.argv])


def is_entered():
    """Whether this is a namespace where packets can be taken."""
    return bool(os.environ.get("ALTHING_OWN_NETWORK")) and os.access("/dev/net/tun", os.R_OK)


class Link:
    """One direction between two validators."""

    def __init__(self):
        self.heal()

    def heal(self):
        #: Seconds, the least and the most; shares of 1.
        self.delay, self.loss, self.repeats, self.is_cut = (0.0, 0.0), 0.0, 0.0, False


class Packets:
    """Carries what comes until `close`."""

    def __init__(self, count, seed=1):
        self.links = {(one, other): Link() for one in range(count) for other in range(count)}
        self.draw, self.late, self.order = random.Random(seed), [], 0
        self.passed = self.lost = 0
        self.device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.device, SET_INTERFACE, struct.pack("16sH22x", DEVICE.encode(), PLAIN))
        for command in ("link set lo up", f"link set {DEVICE} mtu 1500",
                        f"addr add {OWN}/32 dev {DEVICE}", f"link set {DEVICE} up",
                        f"route add 10.0.0.0/8 dev {DEVICE}"):
            subprocess.run(["ip", *command.split()], check=True)
        self.is_open = True
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    @staticmethod
    def address(one, other):
        """Where `one` dials `other`."""
        return f"10.{one + 1}.10.{other + 1}"

    def run(self):
        while self.is_open:
            wait = min(max(self.late[0][0] - time.monotonic(), 0), 0.1) if self.late else 0.1
            if select.select([self.device], [], [], wait)[0]:
                self.take(bytearray(os.read(self.device, PACKET)))
            while self.late and self.late[0][0] <= time.monotonic():
                self.give(heapq.heappop(self.late)[2])

    def take(self, packet):
        if packet[0] >> 4 != 4:
            return
        to = packet[16:20]
        link = self.links.get((to[1] - 1, to[3] - 1))
        if link is None or link.is_cut or self.draw.random() < link.loss:
            self.lost += 1
            return
        packet[12:20] = to[2:4] + to[0:2] + packet[12:16]
        for _ in range(2 if self.draw.random() < link.repeats else 1):
            if link.delay[1] == 0:
                self.give(packet)
            else:
                self.order += 1
                due = time.monotonic() + self.draw.uniform(*link.delay)
                heapq.heappush(self.late, (due, self.order, packet))

    def give(self, packet):
        self.passed += 1
        try:
            os.write(self.device, packet)
        except OSError:
            self.lost += 1

    def cut(self, one, other):
        """Packets of `one` to `other` disappear; nobody is told."""
        self.links[one, other].is_cut = True

    def slow(self, delay, loss, repeats):
        """Every packet is held back for up to `delay` seconds; shares are lost and repeated."""
        for link in self.links.values():
            link.delay, link.loss, link.repeats = (0.0, delay), loss, repeats

    def heal(self):
        for link in self.links.values():
            link.heal()

    def close(self):
        self.is_open = False
        self.thread.join(5)
        os.close(self.device)
