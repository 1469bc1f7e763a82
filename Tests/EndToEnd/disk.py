"""Disks that fail: calls refused or delayed by strace, a file system that fills, an older copy."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

#: How a process ends that was killed by a fault of its own, by itself and behind a shell.
CRASHES = {-4, -5, -6, -7, -8, -11, 132, 133, 134, 135, 136, 139}


def can_inject():
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    probe = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=write:error=ENOSPC", "echo", "x"]
    return subprocess.run(probe, capture_output=True).returncode == 1


def injecting(calls, how):
    """strace that spoils calls (joined by commas), as `error=EIO:when=3+` or
    `delay_exit=100000`."""
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
            "-e", f"inject={calls}:{how}"]


class Sickness:
    """The disk of a running process fails, or is slow, from `start` to `stop`."""

    def __init__(self, node, calls, how):
        self.node, self.command = node, injecting(calls, how)
        self.tracer = None

    def start(self):
        identifier = self.node.identifier()
        self.tracer = subprocess.Popen([*self.command, "-p", str(identifier)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 10
        while self.tracer.poll() is None and not self.traces(identifier):
            assert time.monotonic() < limit, "strace does not attach"
            time.sleep(0.01)
        return self

    @staticmethod
    def traces(identifier):
        try:
            status = Path(f"/proc/{identifier}/status").read_text()
        except FileNotFoundError:
            return True
        return "TracerPid:\t0\n" not in status

    def stop(self):
        if self.tracer.poll() is None:
            self.tracer.send_signal(signal.SIGINT)
            try:
                self.tracer.wait(10)
            except subprocess.TimeoutExpired:
                self.tracer.kill()
                self.tracer.wait(10)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class SmallDisk:
    """A file system of its own over the folder of a node, of so many bytes, in a mount namespace
    that a process keeps; needs no privileges where user namespaces are allowed."""

    def __init__(self, folder, size):
        self.folder = Path(folder)
        script = ('cp -a "$0" "$0.inside" && mount -t tmpfs -o size="$1" small "$0" && '
                  'cp -a "$0.inside/." "$0" && rm -r "$0.inside" && echo there && exec sleep 3600')
        self.keeper = subprocess.Popen(
            ["unshare", *self.privilege(), "-m", "bash", "-c", script, str(folder), str(size)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.is_there = self.keeper.stdout.readline().strip() == "there"

    @staticmethod
    def privilege():
        probe = subprocess.run(["unshare", "-m", "true"], capture_output=True)
        return [] if probe.returncode == 0 else ["-U", "-r"]

    @property
    def prefix(self):
        """What runs a command inside."""
        entered = ["--user", "--preserve-credentials"] if self.privilege() else []
        return ["nsenter", "-t", str(self.keeper.pid), *entered, "--mount", "--"]

    @property
    def inside(self):
        """The folder as it is seen from outside."""
        return Path(f"/proc/{self.keeper.pid}/root{self.folder}")

    def fill(self):
        """Somebody else's file takes what is left."""
        size, piece = 0, 1 << 26
        with open(self.inside / "ballast", "wb") as ballast:
            while piece >= 4_096:
                try:
                    os.posix_fallocate(ballast.fileno(), size, piece)
                    size += piece
                except OSError:
                    piece //= 2

    def relieve(self):
        (self.inside / "ballast").unlink()

    def close(self):
        self.keeper.kill()
        self.keeper.wait(10)
